import type { Readable } from 'node:stream'
import type { LogFile } from '../../model/logs.ts'
import type { Disk } from './disk.ts'
import type { FollowLimits } from './follow-context.ts'
import type { Named } from './followed-name.ts'
import type { FollowedPath } from './followed-path.ts'
import { FollowedPaths } from './followed-paths.ts'
import type { Follower, FollowerOptions, LinesSink } from './follower.ts'
import { HungSteps } from './hung-steps.ts'
import { PositionKeeper } from './position-keeper.ts'
import type { PositionDisk } from './positions.ts'
import { StandardInput } from './standard-input.ts'
import { Turn } from './turn.ts'

/** Read at once, and by one path before it is another one's turn; bytes. */
const bufferBytes = 256 * 1024
const shareBytes = 1024 * 1024

/** Beyond it files that are quiet are closed until they change. */
const mostOpen = 200

/** Of all paths together: rotated files that are open for what their writer may still put into them. */
const mostIdleRotated = 200

/** A file that is quiet for so long is looked at every other time: milliseconds. */
const restedMs = 60_000

/** Each may hold one of the few threads that all file access of the process shares. */
const mostHung = 2

/** What was just said of each name; undefined: nothing in time. */
type Answers = Map<FollowedPath, Named | 'idle' | undefined>

export interface World {
  readonly disk: Disk
  readonly positionDisk: PositionDisk
  /** Standard input; asked for only where `-` is followed. */
  readonly input: () => Readable
  readonly limits: FollowLimits
}

export class FileFollower implements Follower {
  readonly #options: FollowerOptions
  readonly #paths: FollowedPaths
  readonly #keeper: PositionKeeper | undefined
  readonly #input: StandardInput | undefined
  readonly #hung = new HungSteps<FollowedPath | 'start'>()
  #isLoaded = false
  #isReading = false
  #isHangTold = false
  #first = 0
  #looks = 0
  /** When the newest look began, milliseconds since 1970. */
  #lookedMs = 0
  #buffer = Buffer.allocUnsafe(bufferBytes)

  constructor(options: FollowerOptions, { disk, positionDisk, input, limits }: World) {
    const { notes, clock, patterns, positions } = options
    this.#options = options
    this.#paths = new FollowedPaths(options, disk, limits)
    this.#keeper = positions === undefined ? undefined : new PositionKeeper(positions, positionDisk, clock, notes)
    const standard = patterns.find(({ pattern }) => pattern === '-')
    if (standard) {
      const stream = { id: this.#paths.context.newStreamId(), path: '-', component: standard.component }
      this.#input = new StandardInput(input(), stream, limits.quietMs, notes)
    }
  }

  async read(bytes: number, signal: AbortSignal, sink: LinesSink): Promise<boolean> {
    if (this.#isReading || signal.aborted) return false
    this.#isReading = true
    const turn = new Turn(sink, this.#options.clock(), this.#buffer, bytes)
    this.#lookedMs = turn.wallMs
    const end = (): void => turn.end()
    signal.addEventListener('abort', end, { once: true })
    try {
      await this.#start(turn, signal)
      return await this.#rounds(turn, signal)
    } finally {
      signal.removeEventListener('abort', end)
      turn.end()
      // What a step reads that was given up may still come, into the old one.
      if (this.#hung.size > 0) this.#buffer = Buffer.allocUnsafe(bufferBytes)
      this.#isReading = false
    }
  }

  files(): readonly LogFile[] {
    const files = this.#paths.all.map((path) => path.file())
    if (this.#input) files.push(this.#input.file())
    return files.sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  async committed(waiting: ReadonlySet<number>): Promise<void> {
    for (const path of this.#paths.all) path.commit(waiting)
    await this.#save(false)
  }

  async close(): Promise<void> {
    await this.#save(true)
    for (const path of this.#paths.all) path.close()
    this.#input?.close()
  }

  /** What has to be known before files are read: positions, and which files there are. */
  async #start(turn: Turn, signal: AbortSignal): Promise<void> {
    if (!this.#hung.has('start')) {
      this.#isHangTold = false
      await this.#hung.within('start', this.#loadAndFind(turn, signal), signal)
    } else if (!this.#isHangTold) {
      this.#isHangTold = true
      const target = this.#options.positions ?? this.#options.patterns[0]?.pattern ?? ''
      this.#options.notes.failed(target, { reason: 'hung', detail: 'the disk has not answered since the look before' })
    }
  }

  async #loadAndFind(turn: Turn, signal: AbortSignal): Promise<void> {
    if (!this.#isLoaded) {
      this.#paths.remember(await this.#keeper?.load())
      this.#isLoaded = true
    }
    await this.#paths.refresh(turn, signal, (path) => this.#hung.has(path))
  }

  /** Everyone in turn, beginning with another one each time, until nothing is left to read or no more may be. */
  async #rounds(turn: Turn, signal: AbortSignal): Promise<boolean> {
    const paths = this.#paths.all
    this.#first = (this.#first + 1) % Math.max(1, paths.length)
    const asked = await this.#askNames(paths, turn, signal)
    let eager = [...paths.slice(this.#first), ...paths.slice(0, this.#first)].filter(
      (path) => asked.get(path) !== 'idle',
    )
    let isInputEager = this.#input !== undefined
    do {
      if (isInputEager && this.#input) {
        turn.grant(shareBytes)
        isInputEager = this.#input.visit(turn)
      }
      const more: FollowedPath[] = []
      for (const path of eager) {
        if (signal.aborted) return false
        const named = asked.get(path)
        if (await this.#visit(path, named === 'idle' ? undefined : named, turn, signal)) more.push(path)
      }
      asked.clear()
      eager = more
    } while ((eager.length > 0 || isInputEager) && turn.left > 0)
    this.#restQuiet(turn)
    this.#finishIdle(turn)
    return eager.length > 0 || isInputEager
  }

  /** What most looks at most files are is done for as many at a time as may hang: the loop is woken half as often. */
  async #askNames(paths: readonly FollowedPath[], turn: Turn, signal: AbortSignal): Promise<Answers> {
    const answers: Answers = new Map()
    this.#looks += 1
    const left = paths.entries()
    const askOn = async (): Promise<void> => {
      for (const [index, path] of left) {
        if (signal.aborted) return
        if ((index + this.#looks) % 2 === 0 && path.hasRested(turn.now, restedMs)) {
          answers.set(path, 'idle')
          continue
        }
        if (this.#hung.has(path) || this.#hung.size >= mostHung) continue
        answers.set(path, await this.#hung.within(path, path.ask(turn), signal))
      }
    }
    await Promise.all(Array.from({ length: mostHung }, askOn))
    return answers
  }

  async #visit(path: FollowedPath, asked: Named | undefined, turn: Turn, signal: AbortSignal): Promise<boolean> {
    if (this.#hung.has(path)) path.hang()
    if (this.#hung.has(path) || this.#hung.size >= mostHung) return false
    turn.grant(shareBytes)
    return (await this.#hung.within(path, path.visit(turn, asked), signal)) === true
  }

  #restQuiet(turn: Turn): void {
    const open = this.#paths.all.filter((path) => path.idleFor(turn.now) > 0 && !this.#hung.has(path))
    if (open.length <= mostOpen) return
    open.sort((a, b) => b.idleFor(turn.now) - a.idleFor(turn.now))
    for (const path of open.slice(0, open.length - mostOpen)) path.rest(turn)
  }

  #finishIdle(turn: Turn): void {
    const paths = this.#paths.all.filter((path) => !this.#hung.has(path))
    const idle = paths.flatMap((path) => path.idleRotated.map((log) => ({ path, log })))
    if (idle.length <= mostIdleRotated) return
    idle.sort((a, b) => b.log.quietFor(turn.now) - a.log.quietFor(turn.now))
    for (const { path, log } of idle.slice(0, idle.length - mostIdleRotated)) path.finishRotated(log, turn)
  }

  async #save(isLast: boolean): Promise<void> {
    // Before the first look it is not known what to keep.
    if (!this.#isLoaded) return
    await this.#keeper?.save(() => ({ writtenMs: this.#lookedMs, paths: this.#paths.committed() }), isLast)
  }
}
