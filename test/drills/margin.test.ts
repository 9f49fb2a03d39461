/** Margins and losses: each row a state as Kafka tells it, and why the figure is right. */
import { describe, expect, it } from 'vitest'
import { kafkaFamilies } from '../../testbed/drills/families.ts'
import { pictureOf } from '../../testbed/drills/picture.ts'
import type { TruthKeeper } from '../../testbed/drills/truth-keeper.ts'
import { keeper, view, type Said } from './support.ts'

interface State {
  readonly partitions: readonly Said[]
  readonly minIsr?: number
  readonly dead?: readonly number[]
  readonly controller?: number
  readonly zookeeper?: 'up' | 'stopped'
}

function saying({ partitions, minIsr, dead = [], controller = 1, zookeeper = 'up' }: State): TruthKeeper {
  const k = keeper()
  const said = view(partitions, { controller })
  for (const id of [1, 2, 3]) k.answer(id, said, 0)
  for (const id of dead) k.unit('kafka', id, 'stopped')
  for (const id of [1, 2, 3]) k.unit('zk', id, zookeeper)
  const topics = minIsr === undefined ? [] : [['t', { minIsr, unclean: false }] as const]
  k.asked({ topics: new Map(topics), brokers: new Map(), reassignments: new Map() })
  return k
}

/** `labels` -> value of one family; values that may be either are lists. */
function told(state: State, family: string): Record<string, unknown> {
  const picture = pictureOf(saying(state).truth, { at: 1000, window: { from: 0, to: 1 } }, EMPTY)
  if (picture === undefined) throw new Error('not settled')
  const wanted = kafkaFamilies[family]?.(picture) ?? []
  return Object.fromEntries(wanted.map(({ labels, value }) => [Object.values(labels).join('/'), value]))
}

const EMPTY = { current: new Map(), oldest: new Map() }
const MARGIN = 'kafka_ha_broker_failure_margin'
const LEADERLESS = 'kafka_ha_broker_loss_leaderless_partitions'
const UNWRITABLE = 'kafka_ha_broker_loss_unwritable_partitions'

describe(MARGIN, () => {
  it.each<[string, State, Record<string, unknown>]>([
    [
      'the worst partition decides; a full ISR of two tolerates one loss',
      {
        partitions: [
          [1, [1, 2, 3]],
          [2, [2, 3]],
        ],
        minIsr: 1,
      },
      { 'leader/all': 1, 'leader/redundant': 1, 'acks_all/all': 1, 'acks_all/redundant': 1 },
    ],
    [
      'one replica never tolerates a loss, so redundant leaves it out',
      {
        partitions: [
          [1, [1]],
          [2, [2, 3]],
        ],
        minIsr: 1,
      },
      { 'leader/all': 0, 'leader/redundant': 1, 'acks_all/all': 0, 'acks_all/redundant': 1 },
    ],
    [
      'where nothing is redundant that scope is absent; min ISR 2 of two tolerates no loss for writes',
      { partitions: [[2, [2, 3]]], minIsr: 2 },
      { 'leader/all': 1, 'leader/redundant': 1, 'acks_all/all': 0 },
    ],
    [
      'an ISR member that does not answer is not usable, though Kafka counts it',
      { partitions: [[2, [2, 1]]], minIsr: 1, dead: [3, 1], controller: 2 },
      { 'leader/all': 0, 'leader/redundant': 0, 'acks_all/all': 0, 'acks_all/redundant': 0 },
    ],
    [
      'a partition without a leader is lost, however many of its ISR answer',
      { partitions: [[-1, [1, 2, 3]]], minIsr: 1 },
      { 'leader/all': -1, 'leader/redundant': -1, 'acks_all/all': -1, 'acks_all/redundant': -1 },
    ],
    [
      'below min ISR the margin of writes is negative',
      { partitions: [[1, [1, 2, 3], [1]]], minIsr: 2 },
      { 'leader/all': 0, 'leader/redundant': 0, 'acks_all/all': -1, 'acks_all/redundant': -1 },
    ],
    [
      'without configs nothing is said of writes',
      { partitions: [[1, [1, 2]]] },
      { 'leader/all': 1, 'leader/redundant': 1 },
    ],
    [
      'with a dead controller nothing fails over',
      { partitions: [[1, [1, 2, 3]]], minIsr: 1, dead: [3], controller: 3 },
      { 'leader/all': 0, 'leader/redundant': 0, 'acks_all/all': 0, 'acks_all/redundant': 0 },
    ],
    [
      'without a ZooKeeper nothing fails over',
      { partitions: [[1, [1, 2, 3]]], minIsr: 2, zookeeper: 'stopped' },
      { 'leader/all': 0, 'leader/redundant': 0, 'acks_all/all': 0, 'acks_all/redundant': 0 },
    ],
  ])('%s', (_why, state, expected) => {
    expect(told(state, MARGIN)).toEqual(expected)
  })
})

describe('what losing a broker costs', () => {
  it.each<[string, State, { leaderless: unknown[]; unwritable: unknown[] }]>([
    [
      'nothing while every partition has two',
      {
        partitions: [
          [1, [1, 2]],
          [2, [2, 3]],
        ],
        minIsr: 1,
      },
      { leaderless: [0, 0, 0], unwritable: [0, 0, 0] },
    ],
    [
      'with min ISR 2 each of two replicas is needed to write',
      {
        partitions: [
          [1, [1, 2]],
          [2, [2, 3]],
        ],
        minIsr: 2,
      },
      { leaderless: [0, 0, 0], unwritable: [1, 2, 1] },
    ],
    [
      'the last usable member of an ISR takes its partition with it; a dead broker costs nothing more',
      {
        partitions: [
          [2, [1, 2], [2]],
          [3, [3, 1], [3, 1]],
        ],
        minIsr: 1,
        dead: [1],
        controller: 2,
      },
      { leaderless: [0, 1, 1], unwritable: [0, 1, 1] },
    ],
    [
      'what is lost already is not lost again',
      { partitions: [[-1, [1, 2], [2]]], minIsr: 2 },
      { leaderless: [0, 0, 0], unwritable: [0, 0, 0] },
    ],
    [
      'with a dead controller a broker takes all it leads, and writes need all of the ISR',
      {
        partitions: [
          [1, [1, 2]],
          [2, [2, 1]],
          [2, [2, 3]],
        ],
        minIsr: 1,
        dead: [3],
        controller: 3,
      },
      { leaderless: [1, 2, 0], unwritable: [2, 2, 0] },
    ],
  ])('%s', (_why, state, { leaderless, unwritable }) => {
    expect(Object.values(told(state, LEADERLESS))).toEqual(leaderless)
    expect(Object.values(told(state, UNWRITABLE))).toEqual(unwritable)
  })

  it('awaits whoever the last ISR of a leaderless partition names', () => {
    const state: State = {
      partitions: [
        [-1, [1, 2], [2]],
        [-1, [3, 1], [3, 1]],
        [1, [1, 2]],
      ],
    }
    expect(Object.values(told(state, 'kafka_ha_broker_awaited_partitions'))).toEqual([1, 1, 1])
  })

  it('remembers the last ISR that was not empty', () => {
    const k = saying({ partitions: [[2, [1, 2], [2]]] })
    for (const id of [1, 2, 3]) k.answer(id, view([[-1, [1, 2], []]]), 1)
    const picture = pictureOf(k.truth, { at: 2, window: { from: 0, to: 1 } }, EMPTY)
    const wanted = picture === undefined ? [] : kafkaFamilies['kafka_ha_broker_awaited_partitions']?.(picture)
    expect(wanted?.map(({ value }) => value)).toEqual([0, 1, 0])
  })
})

describe('ISR counts', () => {
  const counts = (state: State): unknown[] =>
    ['under_replicated', 'under_min_isr', 'at_min_isr', 'single_isr', 'unreachable_isr'].map(
      (name) => Object.values(told(state, `kafka_ha_${name}_partitions`))[0],
    )

  it.each<[string, State, unknown[]]>([
    ['healthy', { partitions: [[1, [1, 2, 3]]], minIsr: 2 }, [0, 0, 0, 0, 0]],
    ['at its min ISR', { partitions: [[1, [1, 2, 3], [1, 2]]], minIsr: 2 }, [1, 0, 1, 0, 0]],
    ['below it, with one left', { partitions: [[1, [1, 2, 3], [1]]], minIsr: 2 }, [1, 1, 0, 1, 0]],
    ['min ISR = RF is not at it while the ISR is full', { partitions: [[1, [1, 2]]], minIsr: 2 }, [0, 0, 0, 0, 0]],
    ['one replica is no single ISR', { partitions: [[1, [1]]], minIsr: 1 }, [0, 0, 0, 0, 0]],
    ['an ISR names a dead broker', { partitions: [[1, [1, 2]]], minIsr: 1, dead: [2] }, [0, 0, 0, 0, 1]],
    ['so does the leader: that is another count', { partitions: [[2, [1, 2]]], minIsr: 1, dead: [2] }, [0, 0, 0, 0, 0]],
  ])('%s', (_why, state, expected) => {
    expect(counts(state)).toEqual(expected)
  })

  it('does not count what a reassignment is adding', () => {
    const k = saying({ partitions: [[1, [1, 2, 3], [1, 2]]] })
    k.asked({ ...k.truth.asked, reassignments: new Map([['t/0', { adding: [3], removing: [] }]]) })
    const picture = pictureOf(k.truth, { at: 0, window: { from: 0, to: 1 } }, EMPTY)
    if (picture === undefined) throw new Error('not settled')
    expect(kafkaFamilies['kafka_ha_under_replicated_partitions']?.(picture)).toEqual([{ labels: {}, value: 0 }])
    expect(kafkaFamilies['kafka_ha_reassigning_partitions']?.(picture)).toMatchObject([{ value: 1 }])
    expect(kafkaFamilies['kafka_topic_partition_under_replicated_partition']?.(picture)).toMatchObject([{ value: 1 }])
  })
})
