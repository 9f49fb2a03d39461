import type { LogFile } from '../../model/logs.ts'
import type { Failure } from '../../model/result.ts'
import type { Begin } from './begin.ts'
import type { FileStat } from './disk.ts'
import { diskFailure } from './disk-failure.ts'
import type { FollowContext } from './follow-context.ts'
import type { Named } from './followed-name.ts'
import type { LogPattern } from './follower.ts'
import { keptAt, keptPlaceOf, KeptPlaces, type KeptPlace } from './kept-place.ts'
import type { Mark } from './line-cutter.ts'
import { NamedFile } from './named-file.ts'
import type { OpenFile } from './open-file.ts'
import { OpenLog } from './open-log.ts'
import { PathCounts } from './path-counts.ts'
import { isAt, mayBeAt, type Before, type Place } from './place.ts'
import { RotatedFiles } from './rotated-files.ts'
import { mostNames } from './siblings.ts'
import { TurnOver, type Turn } from './turn.ts'

/** As many as rotations may come between two looks at a directory in which names are shifted. */
const mostFinished = 16

/** While a search goes on it must not find again what it has found: as many as there are names in a directory. */
const mostFound = mostNames

/** What was known of a path when the exporter ended. */
export interface Remembered {
  readonly current: Place | undefined
  readonly rotated: readonly Place[]
  /** A search for further rotated files had not ended; for files younger than that. */
  readonly since?: Before | undefined
}

/** One path: the file that it leads to by now, and those that it led to before. */
export class FollowedPath {
  readonly path: string
  readonly origin: LogPattern
  readonly #context: FollowContext
  readonly #counts = new PathCounts()
  readonly #rotated: RotatedFiles
  readonly #named: NamedFile
  /** Closed for good, with the bytes and lines that they had. */
  readonly #finished = new KeptPlaces(mostFinished)
  #isRetired = false
  /** The newest look found nothing to do. */
  #isIdle = false
  #failure: Failure | undefined

  constructor(path: string, origin: LogPattern, begin: Begin, context: FollowContext, remembered?: Remembered) {
    this.path = path
    this.origin = origin
    this.#context = context
    const opened = (open: OpenFile, from: Mark, turn: Turn): OpenLog => this.#opened(open, from, turn)
    this.#rotated = new RotatedFiles(path, context, {
      begin: opened,
      mayResume: (stat) => this.#named.mayResume(stat),
      resume: (open, turn) => this.#named.resume(open, turn),
      finished: (log) => this.#finish(log),
      found: () => (this.#counts.rotations += 1),
    })
    const owner = {
      rotated: this.#rotated,
      counts: this.#counts,
      begin: opened,
      remember: (place: Place) => this.#finished.add(keptAt(place)),
      readRotated: (turn: Turn) => this.#readRotated(turn),
    }
    this.#named = new NamedFile(path, context, owner, { begin, place: remembered?.current, since: remembered?.since })
    for (const place of remembered?.rotated ?? []) this.#rotated.seek(keptAt(place))
    if (remembered?.since) this.#rotated.search(remembered.since)
  }

  /** Looks up the name for the next visit; 'idle': none is needed. */
  async ask(turn: Turn): Promise<Named | 'idle'> {
    const named = await this.#named.ask(turn)
    const isWell = this.#failure === undefined && !this.#isRetired
    this.#isIdle = isWell && this.#rotated.isEmpty && this.#named.isIdle(named)
    return this.#isIdle ? 'idle' : named
  }

  /** Reads what is granted; true: there is more. */
  async visit(turn: Turn, asked: Named | undefined): Promise<boolean> {
    this.#isIdle = false
    const failures = [
      await this.#trying(turn, () => (this.#isRetired ? Promise.resolve() : this.#named.lookUp(turn, asked))),
      await this.#trying(turn, () => this.#readRotated(turn)),
    ]
    // What was written before comes first.
    if (this.#rotated.lag === 0) failures.push(await this.#trying(turn, () => this.#named.read(turn)))
    this.#tell(failures.find((failure) => failure !== undefined))
    return this.lag > 0 && turn.granted <= 0
  }

  /** Its disk did not answer since the look before. */
  hang(): void {
    this.#tell({ reason: 'hung', detail: `${this.path} has not answered since the look before` })
  }

  get lag(): number {
    return (this.#named.log?.lag ?? 0) + this.#rotated.lag
  }

  get logs(): readonly OpenLog[] {
    const { log } = this.#named
    return log === undefined ? this.#rotated.logs : [...this.#rotated.logs, log]
  }

  /** The newest look found no file under the path. */
  get isAbsent(): boolean {
    return this.#named.isAbsent
  }

  /** The path leads nowhere and nothing that it led to is still to be read. */
  get isGone(): boolean {
    return (this.#isRetired || this.#named.isAbsent) && this.#named.log === undefined && this.#rotated.isEmpty
  }

  file(): LogFile {
    const up = this.#failure === undefined && this.#named.isThere
    return { path: this.path, up, lagBytes: this.lag, ...this.#counts.with(this.logs) }
  }

  known(stat: FileStat, head: Uint8Array): Place | undefined {
    const resting = this.#named.resting?.given
    if (resting !== undefined && mayBeAt(resting, stat) && isAt(resting, stat, head)) return resting
    return this.#rotated.known(stat, head)?.given ?? this.#finished.find(stat, head)
  }

  commit(waiting: ReadonlySet<number>): void {
    for (const log of this.logs) log.commit(waiting)
    this.#named.commitResting()
    this.#finished.commit()
  }

  committed(): Remembered {
    return {
      current: this.#named.log?.committedPlace() ?? this.#named.resting?.committed,
      rotated: [...this.#finished.committed(), ...this.#rotated.committed()],
      since: this.#named.isAbsent ? (this.#rotated.progress ?? this.#named.since) : this.#rotated.since,
    }
  }

  kept(): readonly KeptPlace[] {
    const { resting } = this.#named
    return [...this.#finished.all(), ...(resting ? [resting] : [])]
  }

  /** Nothing was to be done for so long, milliseconds. */
  hasRested(now: number, ms: number): boolean {
    return this.#isIdle && this.idleFor(now) >= ms
  }

  /** How long the file under the path was quiet, if it could be closed until it changes: milliseconds. */
  idleFor(now: number): number {
    return this.#named.log?.quietFor(now) ?? 0
  }

  /** Closes the file under the path until it changes. */
  rest(turn: Turn): void {
    this.#named.rest(turn)
  }

  /** Its rotated files that may be closed. */
  get idleRotated(): readonly OpenLog[] {
    return this.#rotated.idle
  }

  /** Closes one of them. */
  finishRotated(log: OpenLog, turn: Turn): void {
    this.#rotated.finish(log, turn)
  }

  /** No pattern finds it any more, or it is another path's rotated file: what is open is read to its end. */
  retire(): void {
    this.#named.leaveToItself()
    this.#isRetired = true
  }

  close(): void {
    for (const log of this.logs) log.close()
  }

  #readRotated(turn: Turn): Promise<void> {
    return this.#rotated.read(turn, this.#named.log, this.#finished)
  }

  #opened(open: OpenFile, { offset, isInCutLine }: Mark, turn: Turn): OpenLog {
    const { path, origin } = this
    const stream = { id: this.#context.newStreamId(), path, component: origin.component }
    return new OpenLog(stream, open, { offset, isInCutLine }, turn.now)
  }

  #finish(log: OpenLog): void {
    this.#counts.closed(log)
    this.#finished.add(keptPlaceOf(log), this.#rotated.isSearching ? mostFound : mostFinished)
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
