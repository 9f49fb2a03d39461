import type { FileStat } from './disk.ts'
import { isForbidden } from './disk-failure.ts'
import type { FollowContext } from './follow-context.ts'
import type { KeptPlace, KeptPlaces } from './kept-place.ts'
import type { Mark } from './line-cutter.ts'
import { closeQuietly, type OpenFile } from './open-file.ts'
import type { OpenLog } from './open-log.ts'
import { isAt, mayBeAt, type Before, type Place } from './place.ts'
import { Search } from './search.ts'
import { Listing, openSibling, type Sibling } from './siblings.ts'
import { TurnOver, type Turn } from './turn.ts'

/** Open at once. What is found beyond it waits under its name until one of these is finished. */
const mostOpen = 64

/** Of those that were read to their end; beyond it the oldest goes at once. */
const mostIdle = 16

export interface RotatedOwner {
  begin(open: OpenFile, from: Mark, turn: Turn): OpenLog
  /** Whether it may be what the path led to, closed since. */
  mayResume(stat: FileStat): boolean
  /** Whether it is; then that goes on with it. */
  resume(open: OpenFile, turn: Turn): boolean
  /** Read to its end, and ended; it is to be closed. */
  finished(log: OpenLog): void
  /** A file that came and went between two looks. */
  found(): void
}

/** The files that a path led to before: read to their end, oldest first, and a while longer. */
export class RotatedFiles {
  readonly #path: string
  readonly #context: FollowContext
  readonly #owner: RotatedOwner
  #logs: OpenLog[] = []
  /** Left off before the exporter was started, or while they were closed: somewhere in the directory, if anywhere. */
  #sought: KeptPlace[] = []
  readonly #search = new Search()
  /** How many were found and opened. */
  found = 0
  /** The one under way. */
  #listing: Listing | undefined

  constructor(path: string, context: FollowContext, owner: RotatedOwner) {
    this.#path = path
    this.#context = context
    this.#owner = owner
  }

  get logs(): readonly OpenLog[] {
    return this.#logs
  }

  /** Searches that were not given up. */
  get completed(): number {
    return this.#search.completed
  }

  get lag(): number {
    return this.#logs.reduce((sum, { lag }) => sum + lag, 0)
  }

  get isEmpty(): boolean {
    return this.#logs.length === 0 && this.#sought.length === 0 && !this.isSearching
  }

  /** Read to their end and quiet: nothing but what may come late is waited for. */
  get idle(): readonly OpenLog[] {
    return this.#logs.filter(({ isQuiet }) => isQuiet)
  }

  committed(): readonly Place[] {
    return [...this.#sought.map(({ committed }) => committed), ...this.#logs.map((log) => log.committedPlace())]
  }

  get isSearching(): boolean {
    return this.#search.isOn
  }

  /** Where a search that has not ended is to begin after a restart. */
  get since(): Before | undefined {
    return this.#search.since
  }

  /** The same, where it has got somewhere. */
  get progress(): Before | undefined {
    return this.#search.progress
  }

  add(log: OpenLog): void {
    this.#logs = [...this.#logs, log].sort((a, b) => a.stat.birthMs - b.stat.birthMs)
  }

  seek(place: KeptPlace): void {
    this.#sought.push(place)
    this.#search.begin(undefined)
  }

  /** Files that the path led to for a moment since it led to `before`. */
  search(before: Before): void {
    this.#search.begin(before)
  }

  /** Where one that is sought was left off. */
  known(stat: FileStat, head: Uint8Array): KeptPlace | undefined {
    return this.#sought.find(({ given }) => mayBeAt(given, stat) && isAt(given, stat, head))
  }

  /** One that was sought is found under the path itself. */
  sought({ stat, head }: OpenFile): Place | undefined {
    const found = this.known(stat, head)
    this.#sought = this.#sought.filter((place) => place !== found)
    return found?.given
  }

  /** It has the followed name again. */
  takeBack(log: OpenLog): OpenLog | undefined {
    if (!this.#logs.includes(log)) return undefined
    this.#logs = this.#logs.filter((other) => other !== log)
    return log
  }

  async read(turn: Turn, current: OpenLog | undefined, finished: KeptPlaces): Promise<void> {
    try {
      if (this.isSearching) await this.#list(turn, current, finished)
    } finally {
      // Also where the directory cannot be listed.
      if (!turn.isOver) await this.#readAll(turn)
    }
  }

  async #readAll(turn: Turn): Promise<void> {
    for (const log of this.#logs) await this.#readOn(log, turn)
    for (const log of this.#logs) if (this.#isDone(log, turn.now)) this.#finish(log, turn)
  }

  async #readOn(log: OpenLog, turn: Turn): Promise<void> {
    try {
      if (!(await log.look(turn))) {
        log.restart(turn, false)
        return
      }
      await log.read(turn)
      log.settle(turn, this.#context.limits.quietMs)
    } catch (error) {
      if (!(error instanceof TurnOver)) this.#finish(log, turn)
      throw error
    }
  }

  #isDone(log: OpenLog, now: number): boolean {
    const { goneMs, rotatedMs } = this.#context.limits
    if (!log.isQuiet) return false
    const isOverdue = this.#logs.indexOf(log) < this.#logs.length - mostIdle
    return isOverdue || log.quietFor(now) >= (log.stat.links === 0 ? goneMs : rotatedMs)
  }

  /** Closes one that is idle. */
  finish(log: OpenLog, turn: Turn): void {
    if (this.#logs.includes(log)) this.#finish(log, turn)
  }

  #finish(log: OpenLog, turn: Turn): void {
    this.#logs = this.#logs.filter((other) => other !== log)
    log.end(turn)
    this.#owner.finished(log)
  }

  async #list(turn: Turn, current: OpenLog | undefined, finished: KeptPlaces): Promise<void> {
    const siblings = await this.#siblings(turn, finished)
    if (siblings === undefined) return
    this.#search.list()
    for (const sibling of siblings) {
      const isOpened = this.#logs.length < mostOpen && (await this.#open(sibling, turn, current))
      if (!isOpened) this.#search.leave(sibling.stat)
      if (this.#logs.length >= mostOpen && !isOpened) return
    }
    this.#endListing(true)
  }

  /** Undefined: the directory is not there, perhaps not yet. */
  async #siblings(turn: Turn, finished: KeptPlaces): Promise<readonly Sibling[] | undefined> {
    this.#listing ??= new Listing(this.#path, this.#context.disk)
    try {
      const siblings = await this.#listing.go(turn, {
        isName: (path, isRotatedName) => (isRotatedName || this.#sought.length > 0) && !this.#context.isFollowed(path),
        isFile: (stat, isRotatedName) =>
          (this.#sought.some(({ given }) => mayBeAt(given, stat)) ||
            this.#owner.mayResume(stat) ||
            (isRotatedName && this.#search.isFor(stat) && !finished.isRead(stat))) &&
          this.#context.live(stat) === undefined,
      })
      this.#listing = undefined
      if (siblings === undefined && this.#search.isInVain(turn.now, this.#context.limits.rotatedMs))
        this.#endListing(false)
      return siblings
    } catch (error) {
      if (!(error instanceof TurnOver)) this.#listing = undefined
      // Where it is not allowed it will not be in the next look either: that is told, but not for ever.
      if (isForbidden(error)) this.#endListing(false)
      throw error
    }
  }

  #endListing(isListed: boolean): void {
    this.#search.endListing(isListed)
    if (this.isSearching) return
    for (const place of this.#sought) this.#warnLost(place.given)
    this.#sought = []
  }

  /** Whether it could be opened, whatever it turned out to be. */
  async #open(sibling: Sibling, turn: Turn, current: OpenLog | undefined): Promise<boolean> {
    const open = await openSibling(sibling, this.#context.disk, turn)
    if (open === undefined) return false
    const isOpen = this.#context.live(open.stat) !== undefined
    if (!isOpen && this.#owner.resume(open, turn)) return true
    const sought = this.sought(open)
    const place = sought ?? this.#context.known(open.stat, open.head)
    // A power cut may have taken the end of what was read.
    const known = place && place.offset > open.stat.size ? { offset: open.stat.size, isInCutLine: true } : place
    const isSearched = sibling.isRotatedName && this.#search.isFor(open.stat)
    const isCopy = [current, ...this.#logs].some((log) => log?.beginsLike(open.head) === true)
    const isRead = sought === undefined && known?.offset === open.stat.size
    if (isOpen || isRead || (known === undefined && (isCopy || !isSearched))) {
      closeQuietly(open.file)
      return true
    }
    this.found += 1
    if (known === undefined) this.#owner.found()
    this.add(this.#owner.begin(open, known ?? { offset: 0, isInCutLine: false }, turn))
    return true
  }

  #warnLost({ size, offset }: Place): void {
    if (size <= offset) return
    const fields = { file: this.#path, bytes: size - offset }
    this.#context.notes.warn('a rotated log file that was not read to its end is not found any more', fields)
  }
}
