import type { TimeZone } from '../../model/time-zone.ts'

/** Times as a reader finds them in the logs: in their zone; with the date where the logs are of more than one day. */
export interface Clock {
  /** `2026-11-22 17:31:14.375` */
  full(at: number): string
  /** `17:31:14.375`, `11-22 17:31:14.375`, and with the year where there are two. */
  time(at: number): string
  /** The same without the milliseconds. */
  seconds(at: number): string
  /** Characters of a `time`. */
  readonly width: number
  /** `UTC`, `+01:00`. */
  zoneAt(at: number): string
}

export function clockOf(zone: TimeZone, from = 0, until = from): Clock {
  const local = (at: number): string => new Date(at + zone(at) * 60_000).toISOString()
  const first = local(from)
  const last = local(until)
  const begin = first.slice(0, 10) === last.slice(0, 10) ? 11 : first.slice(0, 4) === last.slice(0, 4) ? 5 : 0
  return {
    width: 23 - begin,
    full: (at) => local(at).slice(0, 23).replace('T', ' '),
    time: (at) => local(at).slice(begin, 23).replace('T', ' '),
    seconds: (at) => local(at).slice(begin, 19).replace('T', ' '),
    zoneAt(at) {
      const minutes = zone(at)
      if (minutes === 0) return 'UTC'
      const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
      return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
    },
  }
}

/** `812 bytes`, `1.4 kB`, `0.2 MB`. */
export function sizeOf(bytes: number): string {
  if (bytes < 1000) return counted(bytes, 'byte')
  return bytes < 100_000 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`
}

/** A step of several things lasts: to when, where that is worth a word. */
const longMs = 1000

/** `17:31:14.375`, or `17:31:14.375 to 17:31:57.572`. */
export const spanOf = ({ at, until }: { readonly at: number; readonly until: number }, clock: Clock): string =>
  isLong({ at, until }) ? `${clock.time(at)} to ${clock.time(until)}` : clock.time(at)

export const isLong = ({ at, until }: { readonly at: number; readonly until: number }): boolean => until - at > longMs

/** `1 line`, `2 lines`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** What would act on a terminal, turn the direction of writing or not be seen becomes visible and harmless. */
export const harmless = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd')
