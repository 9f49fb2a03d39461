import type { LogFile } from '../../model/logs.ts'
import type { Failure } from '../../model/result.ts'
import { beginning, firstPlaceIn, isBornSince, tickMs, type Begin } from './begin.ts'
import type { FileStat } from './disk.ts'
import { diskFailure } from './disk-failure.ts'
import type { FollowContext } from './follow-context.ts'
import { FollowedName } from './followed-name.ts'
import type { LogPattern } from './follower.ts'
import { keptPlaceOf, KeptPlaces, type KeptPlace } from './kept-place.ts'
import type { Mark } from './line-cutter.ts'
import { closeQuietly, openFile, type OpenFile } from './open-file.ts'
import { OpenLog } from './open-log.ts'
import { isAt, isSameAge, isSameInode, mayBeAt, type Place } from './place.ts'
import { RotatedFiles } from './rotated-files.ts'
import { findCopy } from './siblings.ts'
import { TurnOver, type Turn } from './turn.ts'

/** As many as rotations may come between two looks at a directory in which names are shifted. */
const mostFinished = 16

/** What was known of a path when the exporter ended. */
export interface Remembered {
  readonly current: Place | undefined
  readonly rotated: readonly Place[]
}

/** One path and the file that it leads to by now; the files that it led to before are finished by `RotatedFiles`. */
export class FollowedPath {
  readonly path: string
  readonly origin: LogPattern
  readonly #context: FollowContext
  readonly #name: FollowedName
  readonly #rotated: RotatedFiles
  /** Closed for good, with the bytes and lines that they had. */
  readonly #finished = new KeptPlaces(mostFinished)
  #begin: Begin
  #current: OpenLog | undefined
  /** The file that the path led to, not open now. */
  #resting: KeptPlace | undefined
  /** The open file as this visit found it under its name. */
  #seen: FileStat | undefined
  /** It is open for another path that leads to it, too. */
  #isShared = false
  #isRetired = false
  #failure: Failure | undefined
  #rotations = 0
  #truncations = 0
  #closedBytes = 0
  #closedCutLines = 0

  constructor(path: string, origin: LogPattern, begin: Begin, context: FollowContext, remembered?: Remembered) {
    this.path = path
    this.origin = origin
    this.#begin = begin
    this.#context = context
    this.#name = new FollowedName(path, context)
    this.#rotated = new RotatedFiles(path, context, {
      begin: (open, from, turn) => this.#opened(open, from, turn),
      finished: (log) => this.#close(log, true),
      found: () => (this.#rotations += 1),
    })
    if (remembered?.current) this.#resting = kept(remembered.current)
    for (const place of remembered?.rotated ?? []) this.#rotated.seek(kept(place))
  }

  /** Reads what is granted; true: there is more. */
  async visit(turn: Turn): Promise<boolean> {
    const failures = [
      await this.#trying(turn, () => this.#lookUp(turn)),
      await this.#trying(turn, () => this.#rotated.read(turn, this.#current, this.#finished)),
    ]
    // What was written before comes first.
    if (this.#rotated.lag === 0) failures.push(await this.#trying(turn, () => this.#readCurrent(turn)))
    this.#tell(failures.find((failure) => failure !== undefined))
    return this.lag > 0 && turn.granted <= 0
  }

  /** Its disk did not answer since the look before. */
  hang(): void {
    this.#tell({ reason: 'hung', detail: `${this.path} has not answered since the look before` })
  }

  get lag(): number {
    return (this.#current?.lag ?? 0) + this.#rotated.lag
  }

  get logs(): readonly OpenLog[] {
    return this.#current === undefined ? this.#rotated.logs : [...this.#rotated.logs, this.#current]
  }

  /** The path leads nowhere and nothing that it led to is still to be read. */
  get isGone(): boolean {
    return (this.#isRetired || this.#name.absence !== undefined) && this.#current === undefined && this.#rotated.isEmpty
  }

  file(): LogFile {
    const total = (closed: number, of: (log: OpenLog) => number): number =>
      this.logs.reduce((sum, log) => sum + of(log), closed)
    return {
      path: this.path,
      up: this.#failure === undefined && this.#hasFile,
      lagBytes: this.lag,
      bytes: total(this.#closedBytes, ({ bytes }) => bytes),
      rotations: this.#rotations,
      truncations: this.#truncations,
      cutLines: total(this.#closedCutLines, ({ cutLines }) => cutLines),
    }
  }

  get #hasFile(): boolean {
    return this.#current !== undefined || this.#resting !== undefined || this.#isShared
  }

  known(stat: FileStat, head: Uint8Array): Place | undefined {
    const resting = this.#resting?.given
    if (resting !== undefined && mayBeAt(resting, stat) && isAt(resting, stat, head)) return resting
    return this.#finished.find(stat, head)
  }

  commit(waiting: ReadonlySet<number>): void {
    for (const log of this.logs) log.commit(waiting)
    if (this.#resting) this.#resting = kept(this.#resting.given)
    this.#finished.commit()
  }

  committed(): Remembered {
    return {
      current: this.#current?.committedPlace() ?? this.#resting?.committed,
      rotated: [...this.#finished.committed(), ...this.#rotated.committed()],
    }
  }

  kept(): readonly KeptPlace[] {
    return [...this.#finished.all(), ...(this.#resting ? [this.#resting] : [])]
  }

  /** How long the file under the path was quiet, if it could be closed until it changes: milliseconds. */
  idleFor(now: number): number {
    return this.#current?.quietFor(now) ?? 0
  }

  /** Closes the file under the path until it changes. */
  rest(turn: Turn): void {
    if (this.#current === undefined) return
    this.#resting = keptPlaceOf(this.#current)
    this.#current.leave(turn)
    this.#close(this.#current, false)
    this.#current = undefined
  }

  /** No pattern finds it any more, or it is another path's rotated file: what is open is read to its end. */
  retire(): void {
    if (this.#current) this.#leaveToItself(this.#current)
    this.#isRetired = true
  }

  /** No other file has its name: it is finished as a rotated one is. */
  #leaveToItself(log: OpenLog): void {
    this.#rotated.add(log)
    this.#current = undefined
  }

  close(): void {
    for (const log of this.logs) log.close()
  }

  async #lookUp(turn: Turn): Promise<void> {
    this.#seen = undefined
    if (this.#isRetired) return
    const named = await this.#name.look(turn)
    if (named === undefined) {
      this.#missed(turn)
      return
    }
    if (this.#current && isSameInode(named, this.#current.stat)) {
      this.#seen = named
      return
    }
    const resting = this.#resting?.given
    if (resting && isUnchanged(resting, named)) return

    const live = this.#context.live(named)
    this.#isShared = live !== undefined
    if (live) {
      const back = this.#rotated.takeBack(live)
      if (this.#current) this.#rotateAway(this.#current)
      this.#current = back
      return
    }
    const open = await openFile(this.#context.disk, this.path, turn)
    try {
      // Between looking and opening the name may have come to lead to an open file.
      if (this.#context.live(open.stat)) closeQuietly(open.file)
      else this.#take(open, await this.#placeIn(open, named, turn), turn)
    } catch (error) {
      closeQuietly(open.file)
      throw error
    }
  }

  /** The path leads nowhere. Between a rename and the new file that is no failure yet. */
  #missed(turn: Turn): void {
    this.#begin = { at: 'beginning', sinceMs: turn.wallMs - tickMs }
    this.#isShared = false
    const isGone = this.#name.isGone(turn.now)
    if (isGone && this.#current?.isQuiet === true) this.#leaveToItself(this.#current)
    if (isGone || this.#current === undefined) throw this.#name.absence
  }

  /** Where to begin in a file that is not open: a new one, or one that was left off. */
  async #placeIn(open: OpenFile, named: FileStat, turn: Turn): Promise<Mark> {
    const known = this.#context.known(open.stat, open.head) ?? this.#rotated.sought(open)
    if (known && known.offset <= open.stat.size) return known
    const before = this.#resting?.given
    if (before && isSameAge(before, open.stat)) await this.#cut(before, turn)
    if (known ?? before ?? this.#current) return beginning
    const { sinceMs } = this.#begin
    if (sinceMs !== undefined && isBornSince(this.#begin, open.stat)) {
      this.#rotated.search({ mtimeMs: sinceMs, birthMs: sinceMs })
    }
    return firstPlaceIn(open, this.#begin, this.#name.firstSeen ?? named, turn)
  }

  #take(open: OpenFile, from: Mark, turn: Turn): void {
    const before = this.#resting
    if (before && !isSameAge(before.given, open.stat)) {
      this.#rotations += 1
      this.#rotated.seek(before)
      this.#rotated.search(before.given)
    }
    if (this.#current) this.#rotateAway(this.#current)
    this.#resting = undefined
    this.#begin = { at: 'beginning', sinceMs: undefined }
    this.#current = this.#opened(open, from, turn)
  }

  async #readCurrent(turn: Turn): Promise<void> {
    const log = this.#current
    if (log === undefined) return
    try {
      // As at most looks: one system call a file is enough then.
      if (this.#seen && log.isReadAsOf(this.#seen)) {
        log.settle(turn, this.#context.limits.quietMs)
        return
      }
      if (!(await log.look(turn))) {
        log.restart(turn, await this.#cut(log.place(), turn))
        await this.#rotated.read(turn, log, this.#finished)
        if (this.#rotated.lag > 0 || !(await log.look(turn))) return
      }
      await log.read(turn)
      log.settle(turn, this.#context.limits.quietMs)
    } catch (error) {
      // A stale handle of a network file system: the path is opened anew.
      if (!(error instanceof TurnOver)) this.rest(turn)
      throw error
    }
  }

  /** The file under the path was cut. Where a copy was made of it first, what was not read is read there; true then. */
  async #cut(place: Place, turn: Turn): Promise<boolean> {
    const copy = await findCopy(this.path, place, this.#context.disk, turn)
    if (copy) this.#rotated.add(this.#opened(copy, place, turn))
    else if (place.size > place.offset) this.#warnLost(place)
    this.#truncations += 1
    return copy !== undefined
  }

  #warnLost(place: Place): void {
    const fields = { file: this.path, bytes: place.size - place.offset }
    this.#context.notes.warn('a log file was truncated before it was read to its end', fields)
  }

  #rotateAway(log: OpenLog): void {
    this.#rotations += 1
    this.#rotated.search(log.place())
    this.#rotated.add(log)
    this.#current = undefined
  }

  #opened(open: OpenFile, { offset, isInCutLine }: Mark, turn: Turn): OpenLog {
    const { path, origin } = this
    const stream = { id: this.#context.newStreamId(), path, component: origin.component }
    return new OpenLog(stream, open, { offset, isInCutLine }, turn.now)
  }

  #close(log: OpenLog, isFinished: boolean): void {
    this.#closedBytes += log.bytes
    this.#closedCutLines += log.cutLines
    if (isFinished) this.#finished.add(keptPlaceOf(log))
    log.close()
  }

  async #trying(turn: Turn, step: () => Promise<void>): Promise<Failure | undefined> {
    try {
      await step()
      return undefined
    } catch (error) {
      if (error instanceof TurnOver || turn.isOver) throw error
      return diskFailure(error)
    }
  }

  /** Told when it begins and when it becomes another one, not at every look. */
  #tell(failure: Failure | undefined): void {
    if (failure && failure.detail !== this.#failure?.detail) this.#context.notes.failed(this.path, failure)
    this.#failure = failure
  }
}

function kept(place: Place): KeptPlace {
  return { given: place, committed: place }
}

function isUnchanged(place: Place, stat: FileStat): boolean {
  return isSameInode(place, stat) && stat.size === place.offset && stat.mtimeMs === place.mtimeMs
}
