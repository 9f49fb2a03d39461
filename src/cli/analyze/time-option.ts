import type { TimeZone } from '../../model/time-zone.ts'
import { endOfTime, timeAt } from '../../sources/logs/log-time.ts'

/** What a wrong one is told to be. */
export const wantedTime = 'not a time such as 2024-02-23T07:44:05Z, or 07:44 alone'

const dayMs = 86_400_000
const clockTime = String.raw`(\d\d:\d\d)(:\d\d(?:[.,]\d{1,9})?)?`
const zoneOf = String.raw`(Z|[+-]\d\d(?::?\d\d)?)?`
const dated = new RegExp(`^(\\d{4}-\\d\\d-\\d\\d)(?:[T ]${clockTime})?${zoneOf}$`)
const undated = new RegExp(`^${clockTime}${zoneOf}$`)

/**
 * Milliseconds since 1970 of a date with or without a time, seconds and a zone. A time alone has no day of its own: `choose`
 * takes one of some days' around now, earliest first. undefined: no such time.
 */
export function parseTimeOption(
  text: string,
  zone: TimeZone,
  now: number,
  choose: (instants: readonly number[]) => number | undefined,
): number | undefined {
  const [, date = '', minutes = '00:00', seconds = ':00', ownZone = ''] = dated.exec(text) ?? []
  if (date !== '') return instantOf(`${date} ${minutes}${seconds}${ownZone}`, zone)
  const alone = undated.exec(text)
  if (alone === null) return undefined
  const [, time = '', rest = ':00', itsZone = ''] = alone
  const instants = [-2, -1, 0, 1, 2].flatMap((days) => {
    const day = new Date(now + days * dayMs).toISOString().slice(0, 10)
    // In autumn there are two of one hour.
    const both = [undefined, Infinity].flatMap(
      (after) => instantOf(`${day} ${time}${rest}${itsZone}`, zone, after) ?? [],
    )
    return [...new Set(both)]
  })
  return choose(instants.sort((a, b) => a - b))
}

function instantOf(whole: string, zone: TimeZone, after?: number): number | undefined {
  const end = endOfTime(whole, 0)
  return end === whole.length ? timeAt(whole, 0, end, zone, after) : undefined
}
