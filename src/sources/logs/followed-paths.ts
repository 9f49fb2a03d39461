import { tickMs } from './begin.ts'
import type { Disk } from './disk.ts'
import type { FollowContext, FollowLimits } from './follow-context.ts'
import { FollowedPath } from './followed-path.ts'
import type { FollowerOptions } from './follower.ts'
import { PathFinder, type FoundPath } from './found-paths.ts'
import { KeptPlaces } from './kept-place.ts'
import { isSameInode } from './place.ts'
import { positionFiles, type PathPositions, type Positions } from './positions.ts'
import { isRotationOfAny } from './rotated-names.ts'
import type { Turn } from './turn.ts'

/** Between two evaluations of the patterns, milliseconds: where a directory was changed, and where none was. */
const findAtMostEveryMs = 250
const findEveryMs = 5_000
/** The same where a change would show and nothing has changed for a while: file systems that do not tell are rare. */
const findSeldomMs = 30_000
/** Beyond it the ones that are followed now have to do. */
const mostNames = 20_000
/** A directory of thousands that is changed all the time may take a tenth of the time. */
const findShare = 10

/** The paths that the patterns find, as far as it is known now. */
export class FollowedPaths {
  readonly context: FollowContext
  readonly #options: FollowerOptions
  readonly #finder: PathFinder
  readonly #paths = new Map<string, FollowedPath>()
  /** Of paths that are not followed any more. */
  readonly #left = new KeptPlaces(100)
  /** Positions of paths that are not there (yet). */
  readonly #unclaimed = new Map<string, PathPositions>()
  /** Ever followed: what one of them was rotated to is no log of its own, though the name leads nowhere by now. */
  #names = new Set<string>()
  #positions: Positions | undefined
  #isFirst = true
  #hasChanged = false
  #foundAt = -Infinity
  /** When a directory was last seen to have changed. */
  #changedAt = -Infinity
  #findTookMs = 0
  #foundAtWallMs: number | undefined
  #firstFoundAtWallMs: number | undefined
  #streams = 0

  constructor(options: FollowerOptions, disk: Disk, limits: FollowLimits) {
    this.#options = options
    this.#finder = new PathFinder(options.patterns, disk, options.notes, positionFiles(options.positions))
    this.context = {
      disk,
      notes: options.notes,
      limits,
      live: (stat) => this.#first(({ logs }) => logs.find(({ stat: open }) => isSameInode(open, stat))),
      known: (stat, head) => this.#first((path) => path.known(stat, head)) ?? this.#left.find(stat, head),
      isFollowed: (path) => this.#paths.has(path),
      newStreamId: () => (this.#streams += 1),
    }
  }

  get all(): readonly FollowedPath[] {
    return [...this.#paths.values()]
  }

  /** What the last run left behind; once, before the first `refresh`. */
  remember(positions: Positions | undefined): void {
    this.#positions = positions
    for (const saved of positions?.paths ?? []) this.#unclaimed.set(saved.path, saved)
  }

  committed(): readonly PathPositions[] {
    const followed = this.all.map((path) => ({
      path: path.path,
      pattern: path.origin.pattern,
      ...path.committed(),
    }))
    return [...followed, ...this.#unclaimed.values()]
  }

  /** Evaluates the patterns where that is due. */
  async refresh(turn: Turn, signal: AbortSignal, isBusy: (path: FollowedPath) => boolean): Promise<void> {
    if (await this.#finder.hasChanged(turn)) this.#hasChanged = true
    if (this.#hasChanged) this.#changedAt = turn.now
    if (turn.now - this.#foundAt < this.#dueMs()) return
    const remembered = this.#remembered()
    this.#rememberNames(remembered)
    const found = [...(await turn.step(this.#finder.find(this.#names, signal))), ...remembered]
    this.#rememberNames(found)
    for (const one of found) if (!this.#paths.has(one.path)) this.#follow(one)
    this.#findTookMs = this.#options.clock().mono - turn.now
    const names = new Set(found.map(({ path }) => path))
    for (const path of this.all) if (!names.has(path.path) && !isBusy(path)) this.#leave(path)
    this.#isFirst = this.#hasChanged = false
    this.#foundAt = turn.now
    this.#foundAtWallMs = turn.wallMs
    this.#firstFoundAtWallMs ??= turn.wallMs
  }

  #rememberNames(paths: readonly FoundPath[]): void {
    if (this.#names.size > mostNames) this.#names = new Set(this.#paths.keys())
    for (const { path } of paths) this.#names.add(path)
  }

  /** From one evaluation to the next. */
  #dueMs(): number {
    if (this.#hasChanged) return Math.min(findEveryMs, Math.max(findAtMostEveryMs, this.#findTookMs * findShare))
    // Two changes within a tick of the file system's clock are one: the second may have been missed.
    const isSettled = this.#foundAt - this.#changedAt >= findEveryMs && !this.all.some(({ isAbsent }) => isAbsent)
    return isSettled && this.#finder.seesAllChanges ? findSeldomMs : findEveryMs
  }

  /** Paths of the time before that no pattern finds now: what they led to may have another name. */
  #remembered(): readonly FoundPath[] {
    return this.#options.patterns.flatMap((origin) =>
      [...this.#unclaimed.values()]
        .filter(({ pattern }) => pattern === origin.pattern)
        .map(({ path }) => ({ path, origin })),
    )
  }

  #follow({ path, origin, isLate = false }: FoundPath): void {
    const saved = this.#unclaimed.get(path)
    const isFirst = this.#isFirst || isLate
    const lookedMs = isLate ? this.#firstFoundAtWallMs : this.#foundAtWallMs
    const knownMs = this.#isFirst ? this.#positions?.writtenMs : lookedMs
    const at = isFirst && !this.#options.fromStart ? 'end' : 'beginning'
    const wasAbsent = saved?.since !== undefined && saved.current === undefined
    // The evaluation before, and the one before that, may have fallen into the moment without a file of a rotation.
    const sinceMs = knownMs === undefined ? undefined : knownMs - (saved ? tickMs : findEveryMs)
    this.#unclaimed.delete(path)
    this.#paths.set(path, new FollowedPath(path, origin, { at, sinceMs, wasAbsent }, this.context, saved))
  }

  /** No pattern finds it: it is gone, or it turned out to be what another path was rotated to. */
  #leave(path: FollowedPath): void {
    if (isRotationOfAny(new Set(this.#paths.keys()), path.path)) path.retire()
    if (!path.isGone) return
    for (const place of path.kept()) this.#left.add(place)
    this.#paths.delete(path.path)
  }

  #first<T>(of: (path: FollowedPath) => T | undefined): T | undefined {
    for (const path of this.#paths.values()) {
      const found = of(path)
      if (found !== undefined) return found
    }
    return undefined
  }
}
