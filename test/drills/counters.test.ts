import { describe, expect, it } from 'vitest'
import { leaderChanges, type PartitionState, type Reason } from '../../testbed/drills/changes.ts'
import { CounterWatch } from '../../testbed/drills/counters.ts'
import type { Metrics } from '../../testbed/drills/metrics.ts'
import { Sequence } from '../../testbed/drills/sequence.ts'
import { keeper, moment, scrape, view, type Said } from './support.ts'

const same = (a: string, b: string): boolean => a === b

describe('Sequence', () => {
  it('takes each change once, whoever tells it first and whoever catches up', () => {
    const sequence = new Sequence(same)
    sequence.tell(1, 'a', 0, true)
    sequence.tell(2, 'a', 1, false)
    sequence.tell(1, 'b', 10, false)
    sequence.tell(1, 'c', 20, false)
    sequence.tell(2, 'b', 30, false)
    sequence.tell(2, 'c', 40, false)
    expect(sequence.entries.map(({ value, at }) => `${value}${at}`)).toEqual(['a0', 'b10', 'c20'])
  })

  it('takes a change back for a change', () => {
    const sequence = new Sequence(same)
    for (const [at, value] of ['a', 'b', 'a'].entries()) sequence.tell(1, value, at, true)
    expect(sequence.entries).toHaveLength(3)
  })

  it('takes no old words of a broker that comes back, unless it is alone', () => {
    const sequence = new Sequence(same)
    sequence.tell(1, 'a', 0, true)
    sequence.forget(2)
    expect(sequence.tell(2, 'old', 1, false)).toBe(false)
    expect(sequence.tell(2, 'a', 2, false)).toBe(false)
    expect(sequence.tell(2, 'b', 3, false)).toBe(true)
    sequence.forget(1)
    sequence.forget(2)
    expect(sequence.tell(1, 'c', 4, true)).toBe(true)
  })

  it('takes the first words of whoever comes back, though others answered before and left this out', () => {
    const sequence = new Sequence(same)
    sequence.tell(1, 'a', 0, true)
    sequence.forget(1)
    expect(sequence.tell(2, 'b', 5, false)).toBe(true)
    expect(sequence.tell(1, 'old', 6, false)).toBe(false)
  })
})

function state([leader, replicas, isr = replicas]: Said, gone: readonly number[] = []): PartitionState {
  return { leader, replicas, isr, gone }
}

describe('leaderChanges', () => {
  it.each<[string, readonly PartitionState[], readonly (readonly Reason[])[]]>([
    ['its broker died', [state([1, [1, 2]]), state([2, [1, 2], [2]], [1])], [['failover']]],
    [
      'with none in between it is one change',
      [state([1, [1, 2]]), state([-1, [1, 2], [2]], [1]), state([2, [1, 2], [2]], [1])],
      [['failover']],
    ],
    ['it stopped cleanly: it has left the ISR', [state([1, [1, 2]]), state([2, [1, 2], [2]])], [['failover']]],
    ['back to the first replica', [state([2, [1, 2]]), state([1, [1, 2]])], [['preferred']]],
    ['to another one, all well', [state([1, [1, 2]]), state([2, [1, 2]])], [['other']]],
    ['its replica was moved away', [state([2, [2, 1]]), state([1, [3, 1]])], [['other']]],
    ['all its replicas were, before anybody looked', [state([2, [2, 1]]), state([3, [3]])], [['other', 'preferred']]],
    [
      'to one that had not the data',
      [state([2, [1, 2], [2]]), state([-1, [1, 2], [2]], [2]), state([1, [1, 2], [1]], [2])],
      [['unclean', 'failover', 'other']],
    ],
    ['the same leader again is no other one', [state([2, [1, 2]]), state([-1, [1, 2]]), state([2, [1, 2]])], []],
  ])('%s', (_why, states, reasons) => {
    expect(leaderChanges(states).map((change) => change.reasons)).toEqual(reasons)
  })

  it('takes a topic that was made anew for another one', () => {
    expect(leaderChanges([state([1, [1, 2]]), undefined, state([2, [2, 1]])])).toEqual([])
  })
})

function page(counts: Partial<Record<Reason | 'shrinks' | 'expands' | 'controllers', number>>): Metrics {
  const { failover = 0, preferred = 0, unclean = 0, other = 0, shrinks = 0, expands = 0, controllers = 0 } = counts
  const leaders = Object.entries({ failover, preferred, unclean, other }).map(
    ([reason, value]) => `kafka_ha_leader_changes_total{reason="${reason}"} ${value}`,
  )
  return scrape(
    ...leaders,
    `kafka_ha_isr_shrinks_total ${shrinks}`,
    `kafka_ha_isr_expands_total ${expands}`,
    `kafka_ha_controller_changes_total ${controllers}`,
  )
}

/** Broker 1 dies, its partition and the controller move, and 20 s later everything is as before but the leader. */
function told(last: Metrics): CounterWatch {
  const watch = new CounterWatch()
  const k = keeper()
  const say = (ids: readonly number[], said: ReturnType<typeof view>, at: number): void => {
    for (const id of ids) {
      k.answer(id, said, at)
      watch.step(moment(at, { truth: k.truth }))
    }
  }
  say([1, 2, 3], view([[1, [1, 2]]]), 0)
  watch.step(moment(100, { truth: k.truth, metrics: page({}) }))
  k.unit('kafka', 1, 'stopped')
  say([2, 3], view([[2, [1, 2], [2]]], { ids: [2, 3], controller: 2 }), 10_000)
  say([2, 3], view([[2, [1, 2]]], { controller: 2 }), 21_000)
  watch.step(moment(30_000, { truth: k.truth, metrics: last }))
  return watch
}

const RIGHT = { failover: 1, shrinks: 1, expands: 1, controllers: 1 } as const

describe('CounterWatch', () => {
  it('is content when everything was counted once, under its reason', () => {
    expect(told(page(RIGHT)).check()).toMatchObject({ ok: true })
  })

  it.each([
    ['a failover that is missing', { ...RIGHT, failover: 0 }],
    ['one that is counted twice', { ...RIGHT, failover: 2 }],
    ['another reason', { ...RIGHT, failover: 0, other: 1 }],
    ['an election that never was', { ...RIGHT, unclean: 1 }],
    ['a preferred one that never was', { ...RIGHT, preferred: 1 }],
    ['shrinks', { ...RIGHT, shrinks: 2 }],
    ['no shrink', { ...RIGHT, shrinks: 0 }],
    ['expands', { ...RIGHT, expands: 0 }],
    ['controllers', { ...RIGHT, controllers: 0 }],
    ['controllers twice', { ...RIGHT, controllers: 2 }],
  ])('notices %s', (_what, counts) => {
    expect(told(page(counts)).check()).toMatchObject({ ok: false })
  })

  it('after a total outage hears of a failover that the first broker to return names later than itself', () => {
    const watch = new CounterWatch()
    const k = keeper()
    const say = (ids: readonly number[], said: ReturnType<typeof view>, at: number): void => {
      for (const id of ids) k.answer(id, said, at)
      watch.step(moment(at, { truth: k.truth }))
    }
    say([1, 2, 3], view([[1, [1, 2]]]), 0)
    watch.step(moment(100, { truth: k.truth, metrics: page({}) }))
    for (const id of [1, 2, 3]) {
      k.unit('kafka', id, 'stopped')
      k.silent(id)
    }
    watch.step(moment(1_000, { truth: k.truth }))
    for (const id of [2, 3]) k.unit('kafka', id, 'up')
    say([2], view([], { ids: [2], controller: 2 }), 120_000)
    say([2, 3], view([[2, [1, 2], [2]]], { ids: [2, 3], controller: 2 }), 120_200)
    watch.step(moment(130_000, { truth: k.truth, metrics: page({ failover: 1, shrinks: 1, controllers: 1 }) }))
    expect(watch.check()).toMatchObject({ ok: true })
  })

  it('notices that there are no counters', () => {
    expect(told(scrape('up 1')).check()).toMatchObject({ ok: false })
  })

  it('lets pass a blip that was over before a look had to come', () => {
    const blip = (last: Metrics): boolean => {
      const watch = new CounterWatch()
      const k = keeper()
      for (const [at, isr] of [
        [0, [1, 2]],
        [1000, [1]],
        [2000, [1, 2]],
      ] as const) {
        for (const id of [1, 2, 3]) k.answer(id, view([[1, [1, 2], isr]]), at)
        watch.step(moment(at, { truth: k.truth }))
        watch.step(moment(at + 1, { truth: k.truth, metrics: page({}) }))
      }
      watch.step(moment(20_000, { truth: k.truth, metrics: last }))
      return watch.check().ok
    }
    expect(blip(page({}))).toBe(true)
    expect(blip(page({ shrinks: 1, expands: 1 }))).toBe(true)
    expect(blip(page({ shrinks: 2, expands: 2 }))).toBe(false)
  })
})
