import { describe, expect, it } from 'vitest'
import { EnsembleKeeper, leaderOf } from '../../../testbed/drills/coordinators/ensemble.ts'
import { quorumsOf } from '../../../testbed/drills/coordinators/quorums.ts'
import type { UnitState } from '../../../testbed/drills/truth.ts'
import { keeper } from '../support.ts'
import { dumped, ensemble, SERVERS, words } from './support.ts'

const LEADS = { synced: 2, dump: dumped([1, 2, 3], 115) }

function dumping(...looks: readonly [brokers: readonly number[], unix: number, epoch?: number, synced?: number][]) {
  const k = new EnsembleKeeper(SERVERS)
  k.hear(3, words('leader', LEADS), { at: 0, unix: 100 })
  looks.forEach(([brokers, unix, epoch = 1, synced = 2], index) => {
    k.hear(3, words('leader', { synced, epoch, dump: dumped(brokers, 115) }), { at: 250 * (index + 1), unix })
  })
  return k.truth
}

describe('EnsembleKeeper', () => {
  it.each([
    ['closed', 'well before its time', 101],
    ['expired', 'at its time', 114.5],
    ['expired', 'after its time', 117],
  ])('calls a session %s that goes %s', (how, _, unix) => {
    const { ends, held } = dumping([[2, 3], unix], [[2, 3], unix])
    expect(ends.map(({ broker, how: was }) => [broker, was])).toEqual([[1, how]])
    expect([...held.keys()]).toEqual([2, 3])
  })

  it('ends nothing for one list that lacks it', () => {
    expect(dumping([[2, 3], 101], [[1, 2, 3], 101]).ends).toEqual([])
  })

  it('believes no list of a leader that has just been woken: no follower is in sync with it, or its epoch is over', () => {
    expect(dumping([[], 120, 1, 0], [[], 120, 1, 0]).ends).toEqual([])
    const k = new EnsembleKeeper(SERVERS)
    k.hear(3, words('leader', LEADS), { at: 0, unix: 100 })
    k.hear(2, words('leader', { ...LEADS, epoch: 2 }), { at: 1, unix: 110 })
    for (const at of [2, 3]) k.hear(3, words('leader', { synced: 2, dump: dumped([], 0) }), { at, unix: 120 })
    expect(k.truth.ends).toEqual([])
    expect(leaderOf(k.truth)).toBe(2)
  })

  it('forgets what a silent server carried', () => {
    const k = new EnsembleKeeper(SERVERS)
    k.hear(1, words('follower', { connections: [{ session: '0x1', timeoutMs: 6000 }] }), { at: 0, unix: 100 })
    expect(k.truth.connections.get('0x1')).toEqual({ server: 1, timeoutMs: 6000 })
    k.silent(1)
    expect(k.truth.connections.size).toBe(0)
  })
})

describe('quorumsOf', () => {
  const quorum = (
    states: Readonly<Record<number, UnitState>>,
    said: Readonly<Record<number, ReturnType<typeof words>>>,
  ) => {
    const k = new EnsembleKeeper(SERVERS)
    for (const [id, word] of Object.entries(said)) k.hear(Number(id), word, { at: 0, unix: 100 })
    const t = keeper()
    for (const [id, state] of Object.entries(states)) t.unit('zk', Number(id), state)
    t.ensemble(k.truth)
    const [{ available, serving, leaders } = { available: undefined, serving: undefined, leaders: undefined }] =
      quorumsOf(t.truth)
    return { available, serving, leaders }
  }
  const follower = words('follower')
  const leader = (synced: number | undefined) => words('leader', { synced })

  it.each([
    ['all well', {}, { 1: follower, 2: follower, 3: leader(2) }, true, [3, 3], [3]],
    ['one killed', { 1: 'stopped' }, { 2: follower, 3: leader(1) }, true, [2, 2], [3]],
    ['one cut off, and not missed yet', { 1: 'cut' }, { 2: follower, 3: leader(2) }, true, [2, 3], [3]],
    [
      'counted by modes where mntr is refused',
      {},
      { 1: follower, 2: follower, 3: leader(undefined) },
      true,
      [3, 3],
      [3],
    ],
    ['two killed', { 1: 'stopped', 2: 'stopped' }, { 3: words('not_serving') }, false, [0, 0], [-1]],
    [
      'two paused, the third has not noticed',
      { 1: 'paused', 2: 'paused' },
      { 3: leader(2) },
      undefined,
      [0, 3],
      [3, -1],
    ],
    [
      'two paused, one of them the leader',
      { 2: 'paused', 3: 'paused' },
      { 1: follower },
      undefined,
      [0, 2],
      [-1, 1, 2, 3],
    ],
    ['between two leaders', {}, { 1: words('not_serving'), 2: words('not_serving') }, undefined, [0, 1], [-1, 1, 2, 3]],
    ['nobody left', { 1: 'stopped', 2: 'stopped', 3: 'stopped' }, {}, false, [0, 0], [-1]],
  ] as const)('%s', (_, states, said, available, [from, to], leaders) => {
    expect(quorum(states, said)).toEqual({ available, serving: { from, to }, leaders })
  })

  it('knows no quorum where nobody is asked', () => expect(quorumsOf(keeper().truth)).toEqual([]))

  it('has an example that all is well with', () => {
    const t = keeper()
    t.ensemble(ensemble())
    expect(quorumsOf(t.truth)).toEqual([
      { kind: 'zookeeper', voters: 3, serving: { from: 3, to: 3 }, available: true, leaders: [3], epoch: 1 },
    ])
  })
})
