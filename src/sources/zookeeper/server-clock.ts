import type { Bucket } from './parse-dump.ts'

export interface ClockQuestion {
  readonly buckets: readonly Bucket[]
  /** Wall ms of this exporter when the dump was asked for, and when it had come. */
  readonly askedAt: number
  readonly answeredAt: number
  /** No session in the dump has a longer timeout, ms. */
  readonly longestTimeoutMs: number
  /** This exporter's own session, which is kept alive: it never has less left than a third of its timeout. */
  readonly own: OwnSession | undefined
}

/** Add `shiftMs` to a printed time to have the moment on this exporter's clock, give or take `errorMs`. */
export interface ServerClock {
  readonly shiftMs: number
  readonly errorMs: number
}

/** As `znodes` tells it; see there for `touchedAt`. */
export interface OwnSession {
  readonly id: string
  readonly timeoutMs: number
  readonly touchedAt?: number | undefined
}

const quarterMs = 15 * 60_000
/** A leader rounds up to its tick; more than this nobody sets. */
const longestTickMs = 3_000
/** Printed seconds are rounded down. */
const secondMs = 1_000
/** A leader that is busy ends sessions a little late. */
const lateMs = 1_000

/**
 * The printed times carry neither a usable zone (`IST` is three of them) nor fractions of a second. Every zone is off by a
 * multiple of 15 minutes, and every bucket lies between now and the longest timeout from now, which is far less than that: one
 * multiple fits. What is left is the difference of the two clocks: taken for none as long as that is possible, else for the
 * least that is, and its doubt is told. undefined: no clock makes sense of these times.
 */
export function settleClock(question: ClockQuestion): ServerClock | undefined {
  const { buckets, askedAt } = question
  const filled = buckets.filter(({ sessions }) => sessions.length > 0).map(({ printed }) => printed)
  if (filled.length === 0) return { shiftMs: 0, errorMs: secondMs / 2 }
  const first = filled.reduce((least, printed) => Math.min(least, printed))
  const zoneMs = Math.round((first - askedAt) / quarterMs) * quarterMs
  const [least, most] = possibleShifts(question, filled, first)
  const low = least + zoneMs
  const high = most + zoneMs
  if (low > high) return undefined
  // Half a second up, to the middle of the second that the printed one stands for.
  const shiftMs = Math.min(Math.max(0, low), high)
  const errorMs = secondMs / 2 + (shiftMs === 0 ? 0 : high - low)
  return { shiftMs: shiftMs - zoneMs + secondMs / 2, errorMs }
}

/** What may be added to a printed time so that it is neither over nor further away than can be. */
function possibleShifts(
  { buckets, askedAt, answeredAt, longestTimeoutMs, own }: ClockQuestion,
  filled: readonly number[],
  first: number,
): readonly [number, number] {
  const last = filled.reduce((most, printed) => Math.max(most, printed))
  const windows = [
    { printed: first, from: 0, to: Infinity },
    { printed: last, from: -Infinity, to: longestTimeoutMs },
  ]
  const ours = buckets.find(({ sessions }) => own !== undefined && sessions.includes(own.id))
  if (own !== undefined && ours !== undefined) {
    // The leader hears of what a follower's clients do within a tick.
    const touched = (own.touchedAt ?? -Infinity) + own.timeoutMs - longestTickMs - askedAt
    windows.push({ printed: ours.printed, from: Math.max(own.timeoutMs / 3, touched), to: own.timeoutMs })
  }
  return [
    Math.max(...windows.map(({ printed, from }) => askedAt + from - lateMs - secondMs - printed)),
    Math.min(...windows.map(({ printed, to }) => answeredAt + to + longestTickMs - printed)),
  ]
}
