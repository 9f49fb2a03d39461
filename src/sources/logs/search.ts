import type { FileStat } from './disk.ts'
import { isNewerThan, type Before } from './place.ts'

/** Names are shifted while a directory is listed: what one listing missed, the next one shows. */
const listings = 3

/** Which rotated files are looked for, and for how many listings of the directory more. */
export class Search {
  /** What the path led to when it was last known; undefined: no others are looked for than those whose places are known. */
  #before: Before | undefined
  #listings = 0
  /** The oldest one that was found and could not be opened yet. */
  #unopened: FileStat | undefined

  /** Since when the directory has not been there: monotonic milliseconds. */
  #isAbsentSince: number | undefined

  /** Searches that were not given up. */
  completed = 0
  #isWhole = true

  get isOn(): boolean {
    return this.#listings > 0
  }

  /** Where it is to begin after a restart. Files that were read may have been written to later. */
  get since(): Before | undefined {
    if (this.#before === undefined) return undefined
    const { mtimeMs, birthMs } = this.#before
    return this.progress ?? { mtimeMs, birthMs }
  }

  /** The same, where something was found that could not be opened yet. */
  get progress(): Before | undefined {
    if (this.#before === undefined || this.#unopened === undefined) return undefined
    const { mtimeMs, birthMs } = this.#unopened
    return { mtimeMs: birthMs > 0 ? this.#before.mtimeMs : mtimeMs, birthMs }
  }

  begin(before: Before | undefined): void {
    this.#before = before && this.#before ? older(before, this.#before) : (this.#before ?? before)
    if (!this.isOn) {
      this.#isAbsentSince = undefined
      this.#isWhole = true
    }
    this.#listings = listings
  }

  isFor(stat: FileStat): boolean {
    return this.#before !== undefined && isNewerThan(this.#before, stat)
  }

  /** The directory is not there: a volume may be mounted later, but not for ever. */
  isInVain(now: number, patienceMs: number): boolean {
    this.#isAbsentSince ??= now
    return now - this.#isAbsentSince >= patienceMs
  }

  list(): void {
    this.#isAbsentSince = undefined
    this.#unopened = undefined
  }

  /** It was found and not opened. */
  leave(stat: FileStat): void {
    this.#unopened ??= stat
  }

  /** `isListed`: it was not given up. */
  endListing(isListed: boolean): void {
    this.#isWhole &&= isListed
    this.#listings -= 1
    if (this.#listings > 0) return
    if (this.#isWhole) this.completed += 1
    this.#before = this.#unopened = undefined
  }
}

function older(a: Before, b: Before): Before {
  return { mtimeMs: Math.min(a.mtimeMs, b.mtimeMs), birthMs: Math.min(a.birthMs, b.birthMs) }
}
