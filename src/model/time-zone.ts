/** Minutes east of Greenwich at an instant (milliseconds since 1970). */
export type TimeZone = (at: number) => number

const quarterMs = 15 * 60_000
const most = 4_096

/** As far as any zone is, and as Node's versions agree to read them. */
const zoneOffset = /^[+-](?:0\d|1[0-4]):[0-5]\d$/

/** As a user names it: `Europe/Berlin`, `+02:00`, or undefined for the machine's; undefined: there is no such zone. */
export function parseTimeZone(name: string | undefined): TimeZone | undefined {
  if (name === undefined) return named(machineZone())
  if (!/^[+-]/.test(name)) return named(name)
  const minutes = zoneOffset.test(name) ? parseOffset(name) : undefined
  return minutes === undefined ? undefined : () => minutes
}

export function machineZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/** As lines write it behind a time: `Z`, `+02:00`, `+0200`, `+02`; minutes. */
export function parseOffset(text: string): number | undefined {
  if (text === 'Z' || text === 'z') return 0
  const parts = /^([+-])(\d\d)(?::?([0-5]\d))?$/.exec(text)
  if (parts === null || Number(parts[2]) > 18) return undefined
  const minutes = Number(parts[2]) * 60 + Number(parts[3] ?? 0)
  return parts[1] === '-' ? -minutes : minutes
}

function named(timeZone: string): TimeZone | undefined {
  let format: Intl.DateTimeFormat
  try {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return undefined
  }
  // Zones change at whole quarters of an hour; Intl takes microseconds, lines come by the hundred thousand a second.
  const known = new Map<number, number>()
  return (at) => {
    const quarter = Math.floor(at / quarterMs)
    const seen = known.get(quarter)
    if (seen !== undefined) return seen
    const minutes = offsetAt(format, quarter * quarterMs)
    if (known.size >= most) known.clear()
    known.set(quarter, minutes)
    return minutes
  }
}

function offsetAt(format: Intl.DateTimeFormat, at: number): number {
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  const wall = Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'))
  return Math.round((wall - at) / 60_000)
}

/**
 * The instant of a wall clock's reading (as if it were UTC). The hour that a zone repeats in autumn is taken as its
 * first pass, unless `after` (the line before) says that it has gone by; the one that it leaves out counts on.
 */
export function instantOf(wall: number, zone: TimeZone, after: number | undefined): number {
  const early = wall - zone(wall - 86_400_000) * 60_000
  const late = wall - zone(wall + 86_400_000) * 60_000
  if (early === late) return early
  const isEarly = early + zone(early) * 60_000 === wall
  const isLate = late + zone(late) * 60_000 === wall
  if (isEarly && isLate)
    return after !== undefined && after > Math.min(early, late) + 600_000
      ? Math.max(early, late)
      : Math.min(early, late)
  if (isEarly) return early
  return isLate ? late : early
}
