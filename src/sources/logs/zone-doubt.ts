import { machineZone, parseTimeZone } from '../../model/time-zone.ts'

const quarterMs = 15 * 60_000
/** A line is read within a second of being written; clocks of two machines may differ by more. */
const toleranceMs = 30_000
/** So many lines in a row, over so long, are no old file that somebody copies. */
const enoughLines = 5
const enoughMs = 30_000

/**
 * Whether lines that were just written bear the time of another zone than they are read in. Nothing else would tell: events
 * would be counted, and be hours old.
 */
export class ZoneDoubt {
  #offsetMs = 0
  #lines = 0
  #sinceMs = 0
  #isTold = false

  /** How far off the lines are, in minutes, told once. `at`: the line's own time; `nowMs`: when it was read. */
  take(at: number, nowMs: number): number | undefined {
    const offsetMs = Math.round((at - nowMs) / quarterMs) * quarterMs
    const fits = offsetMs !== 0 && Math.abs(at - nowMs - offsetMs) <= toleranceMs
    if (!fits || offsetMs !== this.#offsetMs) {
      this.#offsetMs = fits ? offsetMs : 0
      this.#lines = 0
      this.#sinceMs = nowMs
    }
    if (!fits) return undefined
    this.#lines++
    if (this.#isTold || this.#lines < enoughLines || nowMs - this.#sinceMs < enoughMs) return undefined
    this.#isTold = true
    return offsetMs / 60_000
  }
}

/** As far as any zone is from Greenwich, in minutes. */
const [mostWest, mostEast] = [-12 * 60, 14 * 60]

/**
 * What to write in place of the zone that lines are read in, if they are so far off: the offset of now, for what zone it
 * is they do not tell. `fits` is absent where no zone is so far from Greenwich: then a clock is wrong.
 */
export function fittingZone(
  zone: string | undefined,
  minutesOff: number,
  nowMs: number,
): { readonly in_use: string; readonly fits?: string } {
  const inUse = { in_use: zone ?? machineZone() }
  const minutes = (parseTimeZone(zone)?.(nowMs) ?? 0) + minutesOff
  return minutes < mostWest || minutes > mostEast ? inUse : { ...inUse, fits: offsetText(minutes) }
}

function offsetText(minutes: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
}
