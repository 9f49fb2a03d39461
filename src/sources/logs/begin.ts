import type { FileStat } from './disk.ts'
import type { Directory } from './followed-name.ts'
import { keptAt } from './kept-place.ts'
import type { Mark } from './line-cutter.ts'
import { endOf, type OpenFile } from './open-file.ts'
import { digest, isSameAge, type Before, type Place } from './place.ts'
import type { PathCounts } from './path-counts.ts'
import type { RotatedFiles } from './rotated-files.ts'
import type { Turn } from './turn.ts'

export const beginning: Mark = { offset: 0, isInCutLine: false }

/** File systems take the time from a clock that ticks a few times in a hundredth of a second. */
export const tickMs = 20

/** How old what is written down of an absent path may be. */
const tellEveryMs = 60_000

/** Where to begin in a file of which nothing is known. */
export interface Begin {
  readonly at: 'beginning' | 'end'
  /**
   * Milliseconds since 1970: then the path led nowhere, or what it led to is known. A file that was born later is read
   * from its beginning, and those that the path led to in between are looked for.
   */
  readonly sinceMs: number | undefined
  /** It led nowhere when the exporter ended: where births are unknown, what is there now came later. */
  readonly wasAbsent: boolean
}

/** What a path has besides. */
export interface FirstFileOwner {
  readonly rotated: RotatedFiles
  readonly counts: PathCounts
}

/** Where to begin in the file that a path leads to first, or again after it was absent: nothing else of it is known. */
export class FirstFile {
  #at: Begin['at']
  readonly #wasAbsent: boolean
  /** Everything that the path led to before is known; what came and went later is still to be looked for. */
  #since: Before | undefined
  /** The first one that was found under the name and could not be opened yet. */
  #seen: FileStat | undefined
  /** Found under the name, and rotated before it could be opened. */
  #missed: FileStat | undefined
  /** Of `since`, what was last written down. */
  #told: Before | undefined
  /** When the directory was changed, as of the last look that found no file. */
  #directoryMs: number | undefined
  /** The search that goes on, and when it began. */
  #searched:
    | { readonly at: Before; readonly directoryMs: number; readonly found: number; readonly completed: number }
    | undefined

  constructor({ at, wasAbsent }: Begin, since: Before | undefined) {
    this.#at = at
    this.#wasAbsent = wasAbsent
    this.#since = since
  }

  get since(): Before | undefined {
    return this.#since
  }

  /** Where to go on after a restart: at most so old that it need not be written down at every look. */
  get restart(): Before | undefined {
    const { since } = this
    const told = this.#told
    if (since === undefined || told === undefined) return (this.#told = since)
    const age = since.birthMs - told.birthMs
    if (age >= tellEveryMs) this.#told = bothAt(Math.floor(since.birthMs / tellEveryMs) * tellEveryMs)
    else if (age < 0) this.#told = since
    return this.#told
  }

  found(named: FileStat): void {
    this.#seen ??= named
  }

  /** What was found is not there any more. */
  lose(named: FileStat): void {
    this.#missed ??= named
  }

  /** It is known what the path leads to. */
  settle(): void {
    this.#at = 'beginning'
    this.#since = this.#told = this.#seen = this.#missed = this.#directoryMs = this.#searched = undefined
  }

  /**
   * The path leads nowhere. What came and went since the look before is searched for where the directory shows that
   * something did; when a search has ended, all that is older than its beginning is known. `directory`: as it was before the name was
   * looked up, undefined where it is not the one that the log was in; `before`: what the path led to last.
   */
  miss(wallMs: number, directory: Directory | undefined, before: Before | undefined, owner: FirstFileOwner): void {
    const now = bothAt(wallMs - tickMs)
    const isNew = this.#since === undefined
    this.#since ??= before ? { mtimeMs: before.mtimeMs, birthMs: before.birthMs } : now
    if (this.#missed) this.#seek(this.#missed, owner)
    this.#at = 'beginning'
    this.#seen = this.#missed = undefined
    if (directory) this.#know(now, directory, isNew && before === undefined, owner.rotated)
  }

  #know(now: Before, { mtimeMs }: Directory, isNothingBefore: boolean, rotated: RotatedFiles): void {
    const { isSearching } = rotated
    let isChanged = mtimeMs !== this.#directoryMs
    this.#directoryMs = mtimeMs
    if (this.#searched && isSearching) return
    if (this.#searched) {
      // A search that was given up is made again.
      if (rotated.completed === this.#searched.completed) isChanged = true
      else this.#advance(this.#searched.at)
      // What was found must not be found again after a restart.
      if (rotated.found > this.#searched.found) this.#told = undefined
      isChanged ||= mtimeMs !== this.#searched.directoryMs
      this.#searched = undefined
    }
    if (this.#since && !isNothingBefore && (isChanged || isSearching)) {
      rotated.search(this.#since)
      this.#searched = { at: now, directoryMs: mtimeMs, found: rotated.found, completed: rotated.completed }
    } else this.#advance(now)
  }

  /** It leads to a file that is read for another path. */
  follows({ mtimeMs, birthMs }: FileStat): void {
    if (this.#since && birthMs > 0) this.#advance({ mtimeMs: Math.min(mtimeMs, birthMs), birthMs })
  }

  /** Never back: a clock may be set. */
  #advance(to: Before): void {
    if (this.#since === undefined || to.birthMs > this.#since.birthMs) this.#since = to
  }

  /** Where to begin in what was opened; what the path led to before is looked for. */
  async placeIn(open: OpenFile, named: FileStat, owner: FirstFileOwner, turn: Turn): Promise<Mark> {
    if (!isSameAge(named, open.stat)) this.lose(named)
    const seen = this.#seen ?? named
    if (this.#since && this.#mayBeLater(open.stat)) owner.rotated.search(this.#since)
    if (this.#missed) this.#seek(this.#missed, owner)
    this.#missed = undefined
    if (this.#at === 'beginning' || this.#isLater(open.stat) || !isSameAge(seen, open.stat)) return beginning
    return turn.step(endOf(open, Math.min(seen.size, open.stat.size)))
  }

  #seek(missed: FileStat, { rotated, counts }: FirstFileOwner): void {
    rotated.search(missed)
    if (this.#at === 'beginning' || this.#isLater(missed)) return
    counts.rotations += 1
    rotated.seek(keptAt(endAsSeen(missed)))
  }

  #isLater({ birthMs }: FileStat): boolean {
    if (this.#since === undefined) return false
    return birthMs === 0 ? this.#wasAbsent : birthMs >= this.#since.birthMs
  }

  /** Where births are unknown every file is that was found after the path had led nowhere. */
  #mayBeLater(stat: FileStat): boolean {
    return this.#isLater(stat) || (stat.birthMs === 0 && this.#at === 'beginning')
  }
}

export function bothAt(ms: number): Before {
  return { mtimeMs: ms, birthMs: ms }
}

/** The end of a file that was seen and not opened: from its last byte on, which tells whether a line ended there. */
function endAsSeen({ dev, ino, size, mtimeMs, birthMs }: FileStat): Place {
  const offset = Math.max(0, size - 1)
  const head = digest(new Uint8Array(0))
  return { dev, ino, headBytes: 0, head, size: offset, mtimeMs, birthMs, offset, isInCutLine: size > 0 }
}
