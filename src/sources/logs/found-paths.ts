import { dirname, resolve } from 'node:path'
import { isDynamicPattern } from 'tinyglobby'
import type { Disk } from './disk.ts'
import { diskFailure } from './disk-failure.ts'
import type { FollowerNotes, LogPattern } from './follower.ts'
import { isCompressed, isRotationOfAny } from './rotated-names.ts'
import type { Turn } from './turn.ts'

/** Directories whose changes show that a pattern may find something else. */
const mostDirectories = 100

/** Each is a row in five families and may be an open file. */
const mostPaths = 1_000

/** Evaluations: between a rename and the new file there is a moment. */
const mostWithoutBase = 4

const isOfOneLog = /^[^*?{}()[\]]+\.(?:log|out)\*$/

export interface FoundPath {
  readonly path: string
  readonly origin: LogPattern
  /** What its log was waited for, though it was found from the first evaluation on. */
  readonly isLate?: boolean
}

/** Evaluates patterns: each path once, for the first pattern that finds it. Paths without a glob need not exist. */
export class PathFinder {
  /** Whatever the patterns may find shows as a change of a directory: none has a wildcard before its last `/`. */
  readonly seesAllChanges: boolean
  readonly #patterns: readonly LogPattern[]
  readonly #disk: Disk
  readonly #notes: FollowerNotes
  /** When each directory was last changed; undefined: it is not there. */
  readonly #changed = new Map<string, number | undefined>()
  /** The exporter's own files, which it would read and thereby change for ever. */
  readonly #own: ReadonlySet<string>
  /** Patterns that find nothing, of which it was told: a mistyped one has no series that would show it. */
  readonly #empty = new Set<string>()
  /** Of `server.log*`: the log, of which in the midst of a rotation only the rotated files are found, and how often that was. */
  readonly #bases: Map<string, number>
  #isTruncationTold = false

  constructor(patterns: readonly LogPattern[], disk: Disk, notes: FollowerNotes, own: readonly string[]) {
    this.#patterns = patterns.filter(({ pattern }) => pattern !== '-')
    this.#disk = disk
    this.#notes = notes
    const bases = this.#patterns.filter(({ pattern }) => isOfOneLog.test(pattern))
    this.#bases = new Map(bases.map(({ pattern }) => [pattern.slice(0, -1), 0]))
    this.#own = new Set(own.map((path) => resolve(path)))
    const directories = new Set(this.#patterns.map(({ pattern }) => dirname(pattern)))
    this.seesAllChanges =
      directories.size <= mostDirectories && ![...directories].some((path) => /[*?{}()[\]]/.test(path))
  }

  /** A directory in which a pattern finds files, or may, was changed since the last call: one `stat` each. */
  async hasChanged(turn: Turn): Promise<boolean> {
    let hasChanged = false
    for (const [directory, before] of this.#changed) {
      const now = await turn.step(this.#changeOf(directory))
      if (now === before) continue
      this.#changed.set(directory, now)
      hasChanged = true
    }
    return hasChanged
  }

  async #changeOf(directory: string): Promise<number | undefined> {
    return this.#disk.stat(directory).then(
      ({ mtimeMs }) => mtimeMs,
      () => undefined,
    )
  }

  #watch(directory: string): void {
    if (this.#changed.size < mostDirectories && !this.#changed.has(directory)) this.#changed.set(directory, undefined)
  }

  /** `followed`: the paths of now, whose rotated files are no paths of their own. */
  async find(followed: ReadonlySet<string>, signal: AbortSignal): Promise<readonly FoundPath[]> {
    const literal: FoundPath[] = []
    const globbed: FoundPath[] = []
    for (const origin of this.#patterns) {
      if (await this.#isLiteral(origin.pattern)) literal.push({ path: origin.pattern, origin })
      else {
        this.#watch(fixedPartOf(origin.pattern))
        for (const path of await this.#matches(origin.pattern, signal)) {
          if (!this.#own.has(resolve(path))) globbed.push({ path, origin })
        }
      }
    }
    const names = new Set([...followed, ...this.#basesOf(globbed), ...[...literal, ...globbed].map(({ path }) => path)])
    const bases = new Set(this.#bases.keys())
    const own = globbed
      .filter(({ path }) => !isCompressed(path) && !isRotationOfAny(names, path))
      .map((one) => ({ ...one, isLate: isRotationOfAny(bases, one.path) }))
    for (const { path } of own) this.#watch(dirname(path))
    // The newest of names with a date in them come last, and what is followed already stays.
    own.sort((a, b) => Number(followed.has(b.path)) - Number(followed.has(a.path)) || (a.path < b.path ? 1 : -1))
    const found = new Map<string, FoundPath>()
    for (const one of [...literal, ...own]) if (!found.has(one.path)) found.set(one.path, one)
    if (found.size > mostPaths) this.#tellTruncation(found.size)
    return [...found.values()].slice(0, mostPaths)
  }

  /** Names that are waited for: a few evaluations long, for there may be logs that never had such a name. */
  #basesOf(found: readonly FoundPath[]): readonly string[] {
    if (found.length > 0) for (const [base, times] of this.#bases) this.#bases.set(base, times + 1)
    return [...this.#bases].filter(([, times]) => times <= mostWithoutBase).map(([base]) => base)
  }

  /** A file may have a glob's characters in its name. */
  async #isLiteral(pattern: string): Promise<boolean> {
    if (!isDynamicPattern(pattern)) return true
    return this.#disk.stat(pattern).then(
      () => true,
      () => false,
    )
  }

  async #matches(pattern: string, signal: AbortSignal): Promise<readonly string[]> {
    try {
      const found = await this.#disk.find(pattern, signal)
      if (!signal.aborted) this.#tellEmpty(pattern, found.length === 0)
      return found
    } catch (error) {
      if (!signal.aborted) this.#notes.failed(pattern, diskFailure(error))
      return []
    }
  }

  #tellEmpty(pattern: string, isEmpty: boolean): void {
    if (isEmpty && !this.#empty.has(pattern)) this.#notes.warn('no log file matches (yet)', { pattern })
    if (isEmpty) this.#empty.add(pattern)
    else this.#empty.delete(pattern)
  }

  #tellTruncation(count: number): void {
    if (this.#isTruncationTold) return
    this.#isTruncationTold = true
    this.#notes.warn('too many log files match; the rest is not followed', { files: count, followed: mostPaths })
  }
}

/** The directory before the first part with a glob in it. */
function fixedPartOf(pattern: string): string {
  let fixed = dirname(pattern)
  while (isDynamicPattern(fixed)) fixed = dirname(fixed)
  return fixed
}
