import { describe, expect, it } from 'vitest'
import { settleClock } from '../../../src/sources/zookeeper/server-clock.ts'
import { Prng, seeds } from '../../support/prng.ts'

const now = Date.UTC(2026, 10, 22, 14, 13, 20)
const quarter = 15 * 60_000
const floor = (ms: number): number => Math.floor(ms / 1_000) * 1_000

/** A session that expires at `expiresAt`, printed by a clock that is `skewMs` ahead in a zone `zone` quarters east. */
function settle(expiresAt: number, { zone = 0, skewMs = 0, own = false, timeoutMs = 18_000 } = {}) {
  const clock = settleClock({
    buckets: [{ printed: floor(expiresAt + skewMs) + zone * quarter, sessions: ['0xa'] }],
    askedAt: now,
    answeredAt: now + 5,
    longestTimeoutMs: 60_000,
    own: own ? { id: '0xa', timeoutMs } : undefined,
  })
  return clock && { ...clock, at: floor(expiresAt + skewMs) + zone * quarter + clock.shiftMs }
}

describe('the clock of a dump', () => {
  it.each([-48, -20, 0, 4, 22, 23, 51, 56])('a zone of %i quarters of an hour', (zone) => {
    const told = settle(now + 14_300, { zone })
    expect(told?.errorMs).toBe(500)
    expect(Math.abs((told?.at ?? 0) - (now + 14_300))).toBeLessThanOrEqual(500)
  })

  it('is off by no more than it says, whatever the zone and the moment, if the clocks agree', () => {
    for (const seed of seeds) {
      const random = new Prng(seed)
      const expiresAt = now + random.below(21_000)
      const told = settle(expiresAt, { zone: random.below(108) - 52, own: false })
      expect(Math.abs((told?.at ?? 0) - expiresAt), `seed ${seed}`).toBeLessThanOrEqual(told?.errorMs ?? 0)
    }
  })

  it.each([
    ['minutes ahead', 200_000, 0.7],
    ['minutes behind', -200_000, 0.9],
    ['seconds ahead', 15_000, 0.9],
    ['seconds behind', -15_000, 0.8],
  ])('a server %s: its own session brings the time back, and the doubt is told', (_, skewMs, left) => {
    const expiresAt = now + 18_000 * left
    const told = settle(expiresAt, { skewMs, own: true })
    expect(told?.errorMs).toBeGreaterThan(500)
    expect(Math.abs((told?.at ?? 0) - expiresAt)).toBeLessThanOrEqual(told?.errorMs ?? 0)
  })

  it('without sessions there is nothing to settle', () => {
    const empty = { buckets: [{ printed: 0, sessions: [] }], askedAt: now, answeredAt: now, longestTimeoutMs: 60_000 }
    expect(settleClock({ ...empty, own: undefined })).toEqual({ shiftMs: 0, errorMs: 500 })
  })

  it('times that lie hours apart fit no clock', () => {
    const buckets = [now, now + 3_600_000].map((printed, i) => ({ printed, sessions: [`0x${i}`] }))
    const question = { buckets, askedAt: now, answeredAt: now, longestTimeoutMs: 60_000, own: undefined }
    expect(settleClock(question)).toBeUndefined()
  })
})
