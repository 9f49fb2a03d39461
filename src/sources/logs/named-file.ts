import { beginning, bothAt, FirstFile, type Begin } from './begin.ts'
import { CompressedFiles } from './compressed.ts'
import type { FileStat } from './disk.ts'
import { isAbsent } from './disk-failure.ts'
import type { FollowContext } from './follow-context.ts'
import { FollowedName, type Directory, type Named } from './followed-name.ts'
import { keptAt, keptPlaceOf, type KeptPlace } from './kept-place.ts'
import type { Mark } from './line-cutter.ts'
import { closeQuietly, openFile, type OpenFile } from './open-file.ts'
import type { OpenLog } from './open-log.ts'
import { isAt, isSameAge, mayBeAt, isSameInode, isUnchanged, type Before, type Place } from './place.ts'
import { Copies } from './siblings.ts'
import { takeCopy, type CopyOwner } from './truncated.ts'
import { TurnOver, type Turn } from './turn.ts'

/** What a path has besides the file under its name. */
export interface NamedFileOwner extends CopyOwner {
  readRotated(turn: Turn): Promise<void>
}

/** The file that a path leads to by now: open, or left off until it changes. */
export class NamedFile {
  readonly #path: string
  readonly #context: FollowContext
  readonly #owner: NamedFileOwner
  readonly #name: FollowedName
  readonly #compressed: CompressedFiles
  readonly #copies: Copies
  readonly #first: FirstFile
  #current: OpenLog | undefined
  /** The file that the path led to, not open now. */
  #resting: KeptPlace | undefined
  /** What this visit found under the name. */
  #named: FileStat | undefined
  /** Its directory as of before the name was looked up, if it was asked for, and the one in which it led somewhere. */
  #directory: Directory | undefined
  #home: Directory | undefined
  /** It is open for another path that leads to it, too. */
  #isShared = false

  constructor(
    path: string,
    context: FollowContext,
    owner: NamedFileOwner,
    from: { readonly begin: Begin; readonly place: Place | undefined; readonly since: Before | undefined },
  ) {
    this.#path = path
    this.#context = context
    this.#owner = owner
    this.#name = new FollowedName(path, context)
    this.#compressed = new CompressedFiles(path)
    this.#copies = new Copies(path, context.disk)
    const { begin, place, since } = from
    // Where it is known what the path led to, what came after that is looked for.
    const knownMs = place ? undefined : begin.sinceMs
    this.#first = new FirstFile(begin, since ?? (knownMs === undefined ? undefined : bothAt(knownMs)))
    if (place) this.#resting = keptAt(place)
  }

  get log(): OpenLog | undefined {
    return this.#current
  }

  /** Where it was left off, if it is not open. */
  get resting(): KeptPlace | undefined {
    return this.#resting
  }

  get isThere(): boolean {
    return this.#current !== undefined || this.#resting !== undefined || this.#isShared
  }

  /** The newest look found no file under the name. */
  get isAbsent(): boolean {
    return this.#name.absence !== undefined
  }

  /** Where what is sought may be what it led to before it was closed. */
  mayResume(stat: FileStat): boolean {
    return this.#resting !== undefined && mayBeAt(this.#resting.given, stat)
  }

  /** Where a search is to begin after a restart. */
  get since(): Before | undefined {
    return this.isAbsent ? this.#first.restart : undefined
  }

  commitResting(): void {
    if (this.#resting) this.#resting = keptAt(this.#resting.given)
  }

  /** Closes it until it changes. */
  rest(turn: Turn): void {
    const log = this.#current
    if (log === undefined) return
    this.#resting = keptPlaceOf(log)
    log.leave(turn)
    this.#owner.counts.closed(log)
    log.close()
    this.#current = undefined
  }

  /** No other file has its name: it is finished as a rotated one is. */
  leaveToItself(): void {
    if (this.#current) this.#owner.rotated.add(this.#current)
    this.#current = undefined
  }

  /**
   * What it led to before it was closed is found under another name: a rotated file, read on where it was left off, unless
   * the path still leads to it. False: it is another one.
   */
  resume(open: OpenFile, turn: Turn): boolean {
    const place = this.#resting?.given
    if (place === undefined || !isAt(place, open.stat, open.head) || place.offset > open.stat.size) return false
    if (this.#named && isSameInode(this.#named, open.stat)) {
      closeQuietly(open.file)
      return true
    }
    this.#resting = undefined
    this.#rotateAway(this.#owner.begin(open, place, turn))
    return true
  }

  async ask(turn: Turn): Promise<Named> {
    this.#directory = undefined
    if (this.isAbsent || this.#home === undefined) this.#directory = await this.#name.directory(turn)
    return this.#name.ask(turn)
  }

  /** The name leads to the open file, of which everything was read and told. */
  isIdle(named: Named): boolean {
    const log = this.#current
    if (log === undefined || this.isAbsent || !('stat' in named)) return false
    return isSameInode(named.stat, log.stat) && log.isQuiet && log.isReadAsOf(named.stat)
  }

  /** Finds out what the name leads to, and opens it where it is another file. `asked`: what was just said of the name. */
  async lookUp(turn: Turn, asked: Named | undefined): Promise<void> {
    this.#named = undefined
    const named = (this.#named = this.#name.take(asked ?? (await this.ask(turn)), turn))
    if (named === undefined) {
      this.#missed(turn)
      return
    }
    if (this.#current && isSameInode(named, this.#current.stat)) {
      this.#settle()
      return
    }
    this.#compressed.refuse(named)
    this.#first.found(named)
    if (this.#resting && isUnchanged(this.#resting.given, named)) {
      this.#settle()
      return
    }
    const live = this.#context.live(named)
    this.#isShared = live !== undefined
    if (live) {
      const back = this.#owner.rotated.takeBack(live)
      this.#rotateCurrent()
      this.#current = back
      if (back) this.#settle()
      else this.#first.follows(live.stat)
      return
    }
    const open = await this.#open(named, turn)
    try {
      this.#compressed.refuseOpen(open)
      // Between looking and opening the name may have come to lead to an open file.
      if (this.#context.live(open.stat)) closeQuietly(open.file)
      else this.#take(open, await this.#placeIn(open, named, turn), turn)
    } catch (error) {
      closeQuietly(open.file)
      throw error
    }
  }

  async #open(named: FileStat, turn: Turn): Promise<OpenFile> {
    try {
      return await openFile(this.#context.disk, this.#path, turn)
    } catch (error) {
      if (isAbsent(error)) this.#first.lose(named)
      throw error
    }
  }

  /** The path leads nowhere. Between a rename and the new file that is no failure yet. */
  #missed(turn: Turn): void {
    // What it led to last may have another name by now; whether the path will ever lead anywhere again is not known.
    const before = this.#current?.place() ?? this.#resting?.given
    const home = this.#home ?? before
    const isHome =
      home === undefined ||
      (this.#directory?.dev === home.dev && (this.#home?.ino ?? this.#directory.ino) === this.#directory.ino)
    this.#first.miss(turn.wallMs, isHome ? this.#directory : undefined, before, this.#owner)
    this.#isShared = false
    const isGone = this.#name.isGone(turn.now)
    if (isGone && this.#current?.isQuiet === true) this.leaveToItself()
    if (isGone || this.#current === undefined) throw this.#name.absence
  }

  /** Where to begin in a file that is not open: a new one, or one that was left off. */
  async #placeIn(open: OpenFile, named: FileStat, turn: Turn): Promise<Mark> {
    const known = this.#owner.rotated.sought(open) ?? this.#context.known(open.stat, open.head)
    if (known && known.offset <= open.stat.size) return known
    const before = this.#resting?.given
    if (before && isSameAge(before, open.stat)) await this.#takeCopy(before, turn)
    if (known ?? before ?? this.#current) return beginning
    return this.#first.placeIn(open, named, this.#owner, turn)
  }

  #take(open: OpenFile, from: Mark, turn: Turn): void {
    const before = this.#resting
    if (before && !isSameAge(before.given, open.stat)) {
      this.#owner.counts.rotations += 1
      this.#owner.rotated.seek(before)
      this.#owner.rotated.search(this.#first.since ?? before.given)
    }
    this.#rotateCurrent()
    this.#resting = undefined
    this.#settle()
    this.#current = this.#owner.begin(open, from, turn)
  }

  async read(turn: Turn): Promise<void> {
    const log = this.#current
    if (log === undefined) return
    try {
      // As at most looks: one system call a file is enough then.
      if (this.#named && isSameInode(this.#named, log.stat) && log.isReadAsOf(this.#named)) {
        log.settle(turn, this.#context.limits.quietMs)
        return
      }
      if (!(await log.look(turn))) {
        log.restart(turn, await this.#takeCopy(log.place(), turn))
        await this.#owner.readRotated(turn)
        if (this.#owner.rotated.lag > 0 || !(await log.look(turn))) return
      }
      await log.read(turn)
      log.settle(turn, this.#context.limits.quietMs)
    } catch (error) {
      // A stale handle of a network file system: the path is opened anew.
      if (!(error instanceof TurnOver)) this.rest(turn)
      throw error
    }
  }

  #takeCopy(place: Place, turn: Turn): Promise<boolean> {
    return takeCopy(this.#copies, place, { path: this.#path, notes: this.#context.notes }, this.#owner, turn)
  }

  #settle(): void {
    this.#first.settle()
    this.#home = this.#directory ?? this.#home
  }

  #rotateCurrent(): void {
    if (this.#current) this.#rotateAway(this.#current)
    this.#current = undefined
  }

  #rotateAway(log: OpenLog): void {
    this.#owner.counts.rotations += 1
    this.#owner.rotated.search(this.#first.since ?? log.place())
    this.#owner.rotated.add(log)
  }
}
