import type { FileStat } from './disk.ts'
import { keptAt } from './kept-place.ts'
import type { Mark } from './line-cutter.ts'
import { endOf, type OpenFile } from './open-file.ts'
import { digest, isSameInode, type Before, type Place } from './place.ts'
import type { PathCounts } from './path-counts.ts'
import type { RotatedFiles } from './rotated-files.ts'
import type { Turn } from './turn.ts'

export const beginning: Mark = { offset: 0, isInCutLine: false }

/** File systems take the time from a clock that ticks a few times in a hundredth of a second. */
export const tickMs = 20

/** Where to begin in a file of which nothing is known. */
export interface Begin {
  readonly at: 'beginning' | 'end'
  /**
   * Milliseconds since 1970: then the path led nowhere, or what it led to is known. A file that was born later is read
   * from its beginning, and those that the path led to in between are looked for.
   */
  readonly sinceMs: number | undefined
}

/** Where what the path led to is known: what comes next is read from its beginning. */
const fresh: Begin = { at: 'beginning', sinceMs: undefined }

/** What a path has besides. */
export interface FirstFileOwner {
  readonly rotated: RotatedFiles
  readonly counts: PathCounts
}

/** Where to begin in the file that a path leads to first, or again after it was absent: nothing else of it is known. */
export class FirstFile {
  #begin: Begin
  /** The first one that was found under the name and could not be opened yet. */
  #seen: FileStat | undefined

  constructor(begin: Begin) {
    this.#begin = begin
  }

  /** The path leads nowhere. Others may have come and gone between two looks that found none. */
  missed(wallMs: number): void {
    this.#begin = { at: 'beginning', sinceMs: this.#begin.sinceMs ?? wallMs - tickMs }
  }

  /** For a restart while the path leads nowhere: what came in the meantime is looked for then. */
  get since(): Before | undefined {
    const { sinceMs } = this.#begin
    return sinceMs === undefined ? undefined : { mtimeMs: sinceMs, birthMs: sinceMs }
  }

  found(named: FileStat): void {
    this.#seen ??= named
  }

  /** It is known what the path leads to. */
  settle(): void {
    this.#begin = fresh
    this.#seen = undefined
  }

  /** Where to begin in what was opened; what the path led to before is looked for. */
  async placeIn(open: OpenFile, { rotated, counts }: FirstFileOwner, turn: Turn): Promise<Mark> {
    const { at } = this.#begin
    const { since } = this
    const seen = this.#seen ?? open.stat
    const isRotated = !isSameInode(seen, open.stat)
    if (since && this.#mayBeLater(open.stat)) rotated.search(since)
    if (isRotated) rotated.search(seen)
    if (at === 'beginning' || this.#isLater(open.stat)) return beginning
    if (!isRotated) return turn.step(endOf(open, Math.min(seen.size, open.stat.size)))
    if (!this.#isLater(seen)) {
      counts.rotations += 1
      rotated.seek(keptAt(endAsSeen(seen)))
    }
    return beginning
  }

  #isLater({ birthMs }: FileStat): boolean {
    const { sinceMs } = this.#begin
    return sinceMs !== undefined && birthMs >= sinceMs
  }

  /** Where births are unknown every file is that was found after the path had led nowhere. */
  #mayBeLater(stat: FileStat): boolean {
    return this.#isLater(stat) || (stat.birthMs === 0 && this.#begin.at === 'beginning')
  }
}

/** The end of a file that was seen and not opened: from its last byte on, which tells whether a line ended there. */
function endAsSeen({ dev, ino, size, mtimeMs, birthMs }: FileStat): Place {
  const offset = Math.max(0, size - 1)
  const head = digest(new Uint8Array(0))
  return { dev, ino, headBytes: 0, head, size: offset, mtimeMs, birthMs, offset, isInCutLine: size > 0 }
}
