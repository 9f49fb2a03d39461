import type { TimeZone } from '../../sources/logs/time-zone.ts'

/** Times as a reader finds them in the logs: in their zone. */
export interface Clock {
  /** `2026-11-22 17:31:14.375` */
  full(at: number): string
  /** `17:31:14.375` */
  time(at: number): string
  /** `17:31:14` */
  seconds(at: number): string
  /** `UTC`, `+01:00`. */
  zoneAt(at: number): string
}

export function clockOf(zone: TimeZone): Clock {
  const local = (at: number): string => new Date(at + zone(at) * 60_000).toISOString()
  return {
    full: (at) => local(at).slice(0, 23).replace('T', ' '),
    time: (at) => local(at).slice(11, 23),
    seconds: (at) => local(at).slice(11, 19),
    zoneAt(at) {
      const minutes = zone(at)
      if (minutes === 0) return 'UTC'
      const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
      return `${minutes < 0 ? '-' : '+'}${two(Math.abs(minutes) / 60)}:${two(Math.abs(minutes) % 60)}`
    },
  }
}

/** `1 line`, `2 lines`. */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/** What would act on a terminal, turn the direction of writing or not be seen becomes visible and harmless. */
export const harmless = (text: string): string => text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, '\ufffd')
