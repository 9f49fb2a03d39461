import { describe, expect, it } from 'vitest'
import { reasonOf, type LeaderChange, type LeaderChangeReason } from '../../src/verdicts/leader-change.ts'

/** Leader 1 of replicas 1, 2, 3, all in sync, hands over to 2 between two looks half a second apart. */
const base: LeaderChange = {
  before: 1,
  after: 2,
  replicas: [1, 2, 3],
  isr: [1, 2, 3],
  lastIsr: [1, 2, 3],
  elr: [],
  wasLeaderless: false,
  beforeIsUp: true,
  ageMs: 500,
  isNextEpoch: false,
}

describe('why a partition has another leader', () => {
  it.each<[why: string, Partial<LeaderChange>, LeaderChangeReason]>([
    ['the old leader is dead', { isr: [2, 3], beforeIsUp: false }, 'failover'],
    ['dead, and the ISR is not shrunk yet', { beforeIsUp: false }, 'failover'],
    ['a controlled shutdown: it still answers, and is out of the ISR', { isr: [2, 3] }, 'failover'],
    [
      'a controlled shutdown, and the next one is the preferred leader',
      { isr: [2, 3], replicas: [2, 1, 3] },
      'failover',
    ],
    ['the preferred leader dies after the look, another one leads', { isr: [2, 3], replicas: [1, 2, 3] }, 'failover'],
    ['it was without a leader for a while', { wasLeaderless: true }, 'failover'],
    ['the preferred replica takes over again', { replicas: [2, 1, 3] }, 'preferred'],
    ['another replica takes over, and nobody is missing', {}, 'other'],
    ['a reassignment took the leader away', { replicas: [2, 3], isr: [2, 3], lastIsr: [1, 2, 3] }, 'other'],
    ['taken away while it is down', { replicas: [2, 3], isr: [2, 3], beforeIsUp: false }, 'other'],
    [
      'unclean: the new one was not in sync',
      { lastIsr: [1], isr: [2], wasLeaderless: true, beforeIsUp: false },
      'unclean',
    ],
    [
      'unclean though it is the preferred leader',
      { lastIsr: [1], isr: [2], replicas: [2, 1], beforeIsUp: false },
      'unclean',
    ],
    [
      'not seen for 1.001 s: it may have come into sync meanwhile',
      { lastIsr: [1], isr: [2], beforeIsUp: false, ageMs: 1_001 },
      'failover',
    ],
    ['a look of a second ago counts', { lastIsr: [1], isr: [2], beforeIsUp: false, ageMs: 1_000 }, 'unclean'],
    [
      'leaderless in a look long ago, and this is the next epoch: nobody can have joined',
      { lastIsr: [1], isr: [2], wasLeaderless: true, beforeIsUp: false, ageMs: 60_000, isNextEpoch: true },
      'unclean',
    ],
    [
      'led in a look long ago, and this is the next epoch',
      { lastIsr: [1], isr: [2], beforeIsUp: false, ageMs: 60_000, isNextEpoch: true },
      'failover',
    ],
    [
      'it joined the ISR and was elected since the look before',
      { after: 3, lastIsr: [1], isr: [1, 3], replicas: [3, 1] },
      'preferred',
    ],
    ['a reassignment completed and elected in one step', { after: 2, lastIsr: [1], replicas: [2], isr: [2] }, 'other'],
    // Fact 9: `leader -1, isr [], elr [3]` -> `leader 3, isr [3]`.
    [
      'KRaft: it was an eligible leader replica',
      { after: 3, isr: [3], lastIsr: [1], elr: [3], wasLeaderless: true, beforeIsUp: false },
      'failover',
    ],
    [
      'KRaft: it was not even that',
      { after: 3, isr: [3], lastIsr: [1], elr: [2], wasLeaderless: true, beforeIsUp: false },
      'unclean',
    ],
    [
      'KRaft: nobody knows who was eligible',
      { after: 3, isr: [3], lastIsr: [1], elr: undefined, wasLeaderless: true, beforeIsUp: false },
      'failover',
    ],
  ])('%s', (_, change, expected) => {
    expect(reasonOf({ ...base, ...change })).toBe(expected)
  })
})
