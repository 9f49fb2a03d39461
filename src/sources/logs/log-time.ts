import { instantOf, parseOffset, type TimeZone } from '../../model/time-zone.ts'

const buddhist = 543
const zero = 48

/** Where a date and time (`2024-02-23 07:47:50,149`, `T` and `.` as well, fraction and zone if any) ends; -1: there is none. */
export function endOfTime(text: string, at: number): number {
  if (text.charCodeAt(at + 4) !== 45 || text.charCodeAt(at + 7) !== 45) return -1
  if (text.charCodeAt(at + 13) !== 58 || text.charCodeAt(at + 16) !== 58) return -1
  const between = text.charCodeAt(at + 10)
  if (between !== 32 && between !== 84) return -1
  if (!areDigits(text, at, 4) || !areDigits(text, at + 5, 2) || !areDigits(text, at + 8, 2)) return -1
  if (!areDigits(text, at + 11, 2) || !areDigits(text, at + 14, 2) || !areDigits(text, at + 17, 2)) return -1
  let end = at + 19
  const point = text.charCodeAt(end)
  if ((point === 44 || point === 46) && isDigit(text.charCodeAt(end + 1))) {
    end += 2
    for (let n = 0; n < 8 && isDigit(text.charCodeAt(end)); n++) end++
  }
  return endOfZone(text, end)
}

/** Milliseconds since 1970 of what `endOfTime` has found; undefined: no such day or hour. Years of the Thai calendar are taken back. */
export function timeAt(
  text: string,
  at: number,
  end: number,
  zone: TimeZone,
  after: number | undefined,
): number | undefined {
  const year = numberAt(text, at, 4)
  const month = numberAt(text, at + 5, 2)
  const day = numberAt(text, at + 8, 2)
  const hour = numberAt(text, at + 11, 2)
  const minute = numberAt(text, at + 14, 2)
  const second = numberAt(text, at + 17, 2)
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23 || minute > 59 || second > 60) return undefined
  let read = at + 19
  let millis = 0
  const point = text.charCodeAt(read)
  if (point === 44 || point === 46) {
    read++
    for (let scale = 100; read < end && isDigit(text.charCodeAt(read)); read++, scale /= 10) {
      if (scale >= 1) millis += (text.charCodeAt(read) - zero) * scale
    }
  }
  const wall = Date.UTC(year > 2400 ? year - buddhist : year, month - 1, day, hour, minute, second, millis)
  const offset = read < end ? parseOffset(text.slice(read, end)) : undefined
  return offset === undefined ? instantOf(wall, zone, after) : wall - offset * 60_000
}

/** An ISO time with its zone, or without one in the zone given. */
export function parseTime(text: string, zone: TimeZone, after: number | undefined): number | undefined {
  const end = endOfTime(text, 0)
  return end < 0 ? undefined : timeAt(text, 0, end, zone, after)
}

export function isDigit(code: number): boolean {
  return code >= zero && code <= zero + 9
}

function endOfZone(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code === 90) return at + 1
  if (code !== 43 && code !== 45) return at
  if (!areDigits(text, at + 1, 2)) return at
  const minutes = text.charCodeAt(at + 3) === 58 ? at + 4 : at + 3
  return areDigits(text, minutes, 2) ? minutes + 2 : at + 3
}

function areDigits(text: string, at: number, count: number): boolean {
  for (let i = 0; i < count; i++) if (!isDigit(text.charCodeAt(at + i))) return false
  return true
}

function numberAt(text: string, at: number, count: number): number {
  let value = 0
  for (let i = 0; i < count; i++) value = value * 10 + text.charCodeAt(at + i) - zero
  return value
}
