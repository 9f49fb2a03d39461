import type { Readable } from 'node:stream'
import type { LogFile } from '../../model/logs.ts'
import type { Disk } from './disk.ts'
import type { FollowContext, FollowLimits } from './follow-context.ts'
import { FollowedPath, type Begin } from './followed-path.ts'
import type { Follower, FollowerOptions, LinesSink } from './follower.ts'
import { PathFinder, type FoundPath } from './found-paths.ts'
import { KeptPlaces } from './kept-place.ts'
import type { OpenLog } from './open-log.ts'
import { isSameInode } from './place.ts'
import { PositionKeeper } from './position-keeper.ts'
import type { PathPositions, PositionDisk, Positions } from './positions.ts'
import { isRotationOfAny } from './rotated-names.ts'
import { StandardInput } from './standard-input.ts'
import { Turn, TurnOver } from './turn.ts'

/** Read at once, and by one path before it is another one's turn; bytes. */
const bufferBytes = 256 * 1024
const shareBytes = 1024 * 1024

/** Between two evaluations of the patterns, milliseconds. */
const findEveryMs = 5_000

/** Beyond it files that are quiet are closed until they change. */
const mostOpen = 200

/** Each may hold one of the few threads that all file access of the process shares. */
const mostHung = 2

interface World {
  readonly disk: Disk
  readonly positionDisk: PositionDisk
  readonly input: () => Readable
  readonly limits: FollowLimits
}

export class FileFollower implements Follower {
  readonly #options: FollowerOptions
  readonly #context: FollowContext
  readonly #finder: PathFinder
  readonly #keeper: PositionKeeper | undefined
  readonly #input: StandardInput | undefined
  readonly #paths = new Map<string, FollowedPath>()
  /** Of paths that are not followed any more. */
  readonly #left = new KeptPlaces(100)
  /** Positions of paths that are not there (yet). */
  readonly #unclaimed = new Map<string, PathPositions>()
  /** Steps of former turns that the disk has not answered. */
  readonly #hung = new Map<FollowedPath | 'start', Promise<unknown>>()
  #positions: Positions | undefined
  #isLoaded = false
  #isFirst = true
  #isHangTold = false
  #changes = 0
  #foundAt: number | undefined
  #first = 0
  #streams = 0
  #isReading = false
  #buffer = Buffer.allocUnsafe(bufferBytes)

  constructor(options: FollowerOptions, { disk, positionDisk, input, limits }: World) {
    const { notes, clock, patterns, positions } = options
    this.#options = options
    this.#context = {
      disk,
      notes,
      limits,
      live: (stat) => this.#live(({ stat: open }) => isSameInode(open, stat)),
      known: (stat, head) => this.#known((path) => path.known(stat, head)) ?? this.#left.find(stat, head),
      newStreamId: () => (this.#streams += 1),
    }
    this.#finder = new PathFinder(patterns, disk, notes)
    this.#keeper = positions === undefined ? undefined : new PositionKeeper(positions, positionDisk, clock, notes)
    const standard = patterns.find(({ pattern }) => pattern === '-')
    if (standard) {
      const stream = { id: this.#context.newStreamId(), path: '-', component: standard.component }
      this.#input = new StandardInput(input(), stream, limits.quietMs, notes)
    }
  }

  async read(bytes: number, signal: AbortSignal, sink: LinesSink): Promise<boolean> {
    // A look that was given up may still be waiting for a disk.
    if (this.#isReading || signal.aborted) return false
    this.#isReading = true
    const turn = new Turn(sink, this.#options.clock().mono, this.#buffer, bytes)
    const end = (): void => turn.end()
    signal.addEventListener('abort', end, { once: true })
    try {
      await this.#start(turn, signal)
      return await this.#rounds(turn, signal)
    } finally {
      signal.removeEventListener('abort', end)
      turn.end()
      this.#isReading = false
    }
  }

  files(): readonly LogFile[] {
    const files = [...this.#paths.values()].map((path) => path.file())
    if (this.#input) files.push(this.#input.file())
    return files.sort((a, b) => (a.path < b.path ? -1 : 1))
  }

  async committed(waiting: ReadonlySet<number>): Promise<void> {
    for (const path of this.#paths.values()) path.commit(waiting)
    await this.#save(false)
  }

  async close(): Promise<void> {
    await this.#save(true)
    for (const path of this.#paths.values()) path.close()
    this.#input?.close()
  }

  /** What has to be known before files are read: positions, and which files there are. */
  async #start(turn: Turn, signal: AbortSignal): Promise<void> {
    const isOld = this.#foundAt === undefined || turn.now - this.#foundAt >= findEveryMs
    if (!isOld && this.#changes === this.#changesNow()) return
    if (this.#hung.has('start')) {
      if (!this.#isHangTold) this.#tellHang()
      return
    }
    this.#isHangTold = false
    await this.#within('start', this.#find(turn, signal), signal)
  }

  async #find(turn: Turn, signal: AbortSignal): Promise<void> {
    if (!this.#isLoaded) {
      this.#positions = await this.#keeper?.load()
      this.#isLoaded = true
      for (const saved of this.#positions?.paths ?? []) this.#unclaimed.set(saved.path, saved)
    }
    const followed = new Set(this.#paths.keys())
    const found = [...(await turn.step(this.#finder.find(followed, signal))), ...this.#remembered()]
    for (const one of found) if (!this.#paths.has(one.path)) this.#follow(one)
    const names = new Set(found.map(({ path }) => path))
    for (const path of this.#paths.values()) if (!names.has(path.path)) this.#leave(path)
    this.#isFirst = false
    this.#foundAt = turn.now
    this.#changes = this.#changesNow()
  }

  #tellHang(): void {
    this.#isHangTold = true
    const detail = 'the disk has not answered since the look before'
    const [first] = this.#options.patterns
    this.#context.notes.failed(this.#options.positions ?? first?.pattern ?? '', { reason: 'hung', detail })
  }

  /** Paths of the time before that no pattern finds now: what they led to may have another name. */
  #remembered(): readonly FoundPath[] {
    return this.#options.patterns.flatMap((origin) =>
      [...this.#unclaimed.values()]
        .filter(({ pattern }) => pattern === origin.pattern)
        .map(({ path }) => ({ path, origin })),
    )
  }

  #follow({ path, origin }: FoundPath): void {
    const begin: Begin =
      this.#isFirst && !this.#options.fromStart
        ? { at: 'end', unlessBornAfterMs: this.#positions?.writtenMs ?? Infinity }
        : { at: 'beginning' }
    const saved = this.#unclaimed.get(path)
    this.#unclaimed.delete(path)
    this.#paths.set(path, new FollowedPath(path, origin, begin, this.#context, saved))
  }

  /** No pattern finds it: it is gone, or it turned out to be what another path was rotated to. */
  #leave(path: FollowedPath): void {
    if (this.#hung.has(path)) return
    if (isRotationOfAny(new Set(this.#paths.keys()), path.path)) path.retire()
    if (!path.isGone) return
    for (const place of path.kept()) this.#left.add(place)
    this.#paths.delete(path.path)
  }

  #changesNow(): number {
    return [...this.#paths.values()].reduce((sum, { changes }) => sum + changes, 0)
  }

  /** Everyone in turn, beginning with another one each time, until nothing is left to read or no more may be. */
  async #rounds(turn: Turn, signal: AbortSignal): Promise<boolean> {
    let eager: readonly FollowedPath[] = [...this.#paths.values()]
    this.#first = (this.#first + 1) % Math.max(1, eager.length)
    eager = [...eager.slice(this.#first), ...eager.slice(0, this.#first)]
    let isInputEager = this.#input !== undefined
    do {
      if (isInputEager && this.#input) {
        turn.grant(shareBytes)
        isInputEager = this.#input.visit(turn)
      }
      const more: FollowedPath[] = []
      for (const path of eager) {
        if (signal.aborted) return false
        if (await this.#visit(path, turn, signal)) more.push(path)
      }
      eager = more
    } while ((eager.length > 0 || isInputEager) && turn.left > 0)
    this.#restQuiet(turn)
    return eager.length > 0 || isInputEager
  }

  async #visit(path: FollowedPath, turn: Turn, signal: AbortSignal): Promise<boolean> {
    if (this.#hung.has(path)) path.hang()
    if (this.#hung.has(path) || this.#hung.size >= mostHung) return false
    turn.grant(shareBytes)
    return (await this.#within(path, path.visit(turn), signal)) === true
  }

  /** Waits for a step until the turn is over; then it is remembered as hung until it ends. */
  async #within<T>(who: FollowedPath | 'start', step: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    const ended = step.catch((error: unknown) => {
      if (error instanceof TurnOver) return undefined
      throw error
    })
    const result = await untilAborted(ended, signal)
    if (result !== 'aborted') return result
    // What it reads may still come, into this buffer.
    this.#buffer = Buffer.allocUnsafe(bufferBytes)
    const hung = ended.then(
      () => this.#hung.delete(who),
      () => this.#hung.delete(who),
    )
    this.#hung.set(who, hung)
    return undefined
  }

  #restQuiet(turn: Turn): void {
    const open = [...this.#paths.values()].filter((path) => path.idleFor(turn.now) > 0 && !this.#hung.has(path))
    if (open.length <= mostOpen) return
    open.sort((a, b) => b.idleFor(turn.now) - a.idleFor(turn.now))
    for (const path of open.slice(0, open.length - mostOpen)) path.rest(turn)
  }

  async #save(isLast: boolean): Promise<void> {
    // Before the first look it is not known what to keep.
    if (!this.#isLoaded || this.#keeper === undefined) return
    const followed = [...this.#paths.values()].map((path) => {
      return { path: path.path, pattern: path.origin.pattern, ...path.committed() }
    })
    await this.#keeper.save([...followed, ...this.#unclaimed.values()], isLast)
  }

  #live(is: (log: OpenLog) => boolean): OpenLog | undefined {
    for (const { logs } of this.#paths.values()) {
      const found = logs.find(is)
      if (found) return found
    }
    return undefined
  }

  #known<T>(of: (path: FollowedPath) => T | undefined): T | undefined {
    for (const path of this.#paths.values()) {
      const found = of(path)
      if (found !== undefined) return found
    }
    return undefined
  }
}

async function untilAborted<T>(step: Promise<T>, signal: AbortSignal): Promise<T | 'aborted'> {
  if (signal.aborted) return Promise.race([step, Promise.resolve('aborted' as const)])
  let stop = (): void => undefined
  const aborted = new Promise<'aborted'>((resolve) => {
    stop = () => resolve('aborted')
    signal.addEventListener('abort', stop, { once: true })
  })
  try {
    return await Promise.race([step, aborted])
  } finally {
    signal.removeEventListener('abort', stop)
  }
}
