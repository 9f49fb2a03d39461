import type { Instant } from '../../model/instant.ts'
import type { ElapsedBucket } from './parse-admin-sessions.ts'
import type { OwnSession } from './server-clock.ts'

/** What has to be added to this exporter's `mono` to have a server's elapsed time: between these, ms. */
export interface ElapsedClock {
  readonly least: number
  readonly most: number
  /** When that was known, `mono` ms. */
  readonly at: number
}

export interface ElapsedQuestion {
  readonly buckets: readonly ElapsedBucket[]
  /** When the dump was asked for, and when it had come. */
  readonly asked: Instant
  readonly answered: Instant
  /** Session -> its negotiated timeout, ms, where it is known. */
  readonly timeoutOf: (session: string) => number | undefined
  /** For those of which it is not known. */
  readonly longestTimeoutMs: number
  /** This exporter's own session. */
  readonly own: OwnSession | undefined
}

/** As far as anybody sets it. */
const usualTickMs = 3_000
/** How late a leader may be with ending what has run out. */
const lateMs = 200
/** Two machines' clocks drift apart by less than this, ms per ms. */
const drift = 1e-4

/**
 * The AdminServer gives expiry times in ms since a moment of the server's own choice, and nothing else of that clock. But every
 * time of expiry is a client's last sign plus its timeout, rounded up to a tick; no sign is of the future; times that are over
 * are removed; and of its own session this exporter knows when it gave the sign. Each dump leaves a span of a few seconds
 * within which the difference of the two clocks lies, another one each time: what all of them leave narrows to well under a
 * second. undefined: they leave nothing, for the server's machine was started anew, say.
 */
export function narrow(before: ElapsedClock | undefined, question: ElapsedQuestion): ElapsedClock | undefined {
  const { mono } = question.asked
  const span = spanOf(question)
  const slack = before === undefined ? 0 : (mono - before.at) * drift
  const least = Math.max(span.least, (before?.least ?? -Infinity) - slack)
  const most = Math.min(span.most, (before?.most ?? Infinity) + slack)
  return least <= most && most - least < Infinity ? { least, most, at: mono } : undefined
}

function spanOf(question: ElapsedQuestion): { readonly least: number; readonly most: number } {
  const { buckets, asked, answered, timeoutOf, longestTimeoutMs, own } = question
  const tickMs = tickOf(question)
  let least = -Infinity
  // What is over is removed, whether anybody was left in it or not.
  let most = (buckets[0]?.at ?? Infinity) + lateMs - asked.mono
  for (const { at, sessions } of buckets) {
    for (const session of sessions) {
      const isOwn = session === own?.id
      const timeoutMs = (isOwn ? own.timeoutMs : undefined) ?? timeoutOf(session) ?? longestTimeoutMs
      least = Math.max(least, at - tickMs - timeoutMs - answered.mono)
      if (!isOwn || own.touchedAt === undefined) continue
      const agoMs = asked.wall - own.touchedAt
      // The leader hears of what a follower's clients do within a tick.
      if (agoMs >= tickMs) most = Math.min(most, at - timeoutMs - (asked.mono - agoMs))
    }
  }
  return { least, most }
}

/** Or more: every time of expiry is a multiple of it, and no timeout, but for odd configurations, is shorter than two. */
function tickOf({ buckets, timeoutOf, longestTimeoutMs, own }: ElapsedQuestion): number {
  let [common, shortestMs] = [0, own?.timeoutMs ?? longestTimeoutMs]
  for (const { at, sessions } of buckets) {
    common = divisor(common, Math.abs(at))
    for (const session of sessions) shortestMs = Math.min(shortestMs, timeoutOf(session) ?? shortestMs)
  }
  return Math.min(Math.max(usualTickMs, shortestMs / 2), common)
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b)
}
