import { describe, expect, it } from 'vitest'
import { endKind, type EndQuestion } from '../../src/verdicts/session-end.ts'

const announced = (expiresAt: number, askedAt: number, errorMs = 500) => ({ expiresAt, askedAt, errorMs })
const dead = 60_000

/** Wall ms; the session's timeout is 18 s unless given. */
const rows: readonly (readonly [why: string, question: Partial<EndQuestion>, kind: 'closed' | 'expired'])[] = [
  ['its client has given it up, well before its time', { isGivenUp: true, endedAt: 5_000, announced: announced(20_000, 2_000) }, 'expired'], // prettier-ignore
  ['gone well before its time', { endedAt: 5_000, announced: announced(20_000, 2_000) }, 'closed'],
  ['so though the broker was silent: hung, then stopped', { endedAt: 5_000, announced: announced(20_000, 2_000), silentMs: dead }, 'closed'], // prettier-ignore
  ['gone at its time, seen to run out', { endedAt: 20_100, announced: announced(20_000, 19_000) }, 'expired'],
  ['a little before, within the error', { endedAt: 19_600, announced: announced(20_000, 19_000) }, 'expired'],
  ['cut off from ZooKeeper only: it goes on answering, and runs out', { endedAt: 20_100, announced: announced(20_000, 12_000), silentMs: 0 }, 'expired'], // prettier-ignore
  ['the announcement is old: it has moved on since, and was stopped', { endedAt: 21_000, announced: announced(20_000, 4_000), silentMs: 1_000 }, 'closed'], // prettier-ignore
  ['the announcement is old, and the broker has been silent since', { endedAt: 21_000, announced: announced(20_000, 4_000), silentMs: 17_000 }, 'expired'], // prettier-ignore
  ['nothing was announced, the broker answered until it went', { endedAt: 20_000, silentMs: 700 }, 'closed'],
  ['nothing was announced, the broker was silent', { endedAt: 20_000, silentMs: 13_000 }, 'expired'],
  ['nobody ever saw it answer', { endedAt: 20_000, silentMs: Infinity }, 'expired'],
  ['the broker answers, but nobody had led for longer than its timeout', { endedAt: 90_000, announced: announced(20_000, 4_000), unledMs: 70_000 }, 'expired'], // prettier-ignore
  ['nobody had led for a while, and then it was stopped', { endedAt: 30_000, announced: announced(20_000, 4_000), unledMs: 17_000 }, 'closed'], // prettier-ignore
  ['a short session, closed with two thirds left', { endedAt: 5_000, timeoutMs: 6_000, announced: announced(9_000, 4_900) }, 'closed'], // prettier-ignore
  ['a short session that ran out', { endedAt: 9_000, timeoutMs: 6_000, announced: announced(9_300, 8_900) }, 'expired'],
  ['a clock in great doubt widens the margin', { endedAt: 14_000, announced: announced(20_000, 13_000, 7_000), silentMs: dead }, 'expired'], // prettier-ignore
  ['a clock in doubt: it may have had its two thirds', { endedAt: 3_000, timeoutMs: 6_000, announced: announced(3_500, 2_000, 2_500) }, 'closed'], // prettier-ignore
  ["a leader's clock that is 2 s slow, unnoticed: it was alive, and stopped", { endedAt: 18_000, announced: announced(20_400, 10_000), silentMs: 700 }, 'closed'], // prettier-ignore
]

describe('how a session ended', () => {
  it.each(rows)('%s', (_, question, kind) => {
    const whole: EndQuestion = {
      endedAt: 0,
      announced: undefined,
      timeoutMs: 18_000,
      unledMs: 0,
      silentMs: 0,
      ...question,
    }
    expect(endKind(whole)).toBe(kind)
  })
})
