import { describe, expect, it } from 'vitest'
import { ANY, compareFamily } from '../../testbed/drills/compare.ts'
import { kafkaFamilies } from '../../testbed/drills/families.ts'
import { pictureOf, type Offsets } from '../../testbed/drills/picture.ts'
import { compareDescribe, compareStage } from '../../testbed/drills/tools.ts'
import type { TruthKeeper } from '../../testbed/drills/truth-keeper.ts'
import { keeper, scrape, view } from './support.ts'

const NO_OFFSETS: Offsets = { current: new Map(), oldest: new Map() }
const HEALTHY = view([
  [1, [1, 2]],
  [2, [2, 3]],
])

function saying(said = HEALTHY): TruthKeeper {
  const k = keeper()
  for (const id of [1, 2, 3]) k.answer(id, said, 0)
  return k
}

/** What the table wants of a family, as `labels value` texts. */
function wanted(k: TruthKeeper, family: string, at = 1000, offsets = NO_OFFSETS): unknown[] {
  const picture = pictureOf(k.truth, { at, window: { from: 0, to: 1 } }, offsets)
  if (picture === undefined) throw new Error('not settled')
  return (kafkaFamilies[family]?.(picture) ?? []).map(({ labels, value }) => [Object.values(labels).join('/'), value])
}

describe('kafkaFamilies', () => {
  it('says -1 for a partition without a leader, and gives it no offset', () => {
    const k = keeper()
    for (const id of [1, 2, 3]) k.answer(id, view([[-1, [1, 2], [2]]]), 0)
    expect(wanted(k, 'kafka_topic_partition_leader')).toEqual([['t/0', -1]])
    expect(wanted(k, 'kafka_topic_partition_current_offset')).toEqual([])
    expect(wanted(k, 'kafka_ha_leaderless_partitions')).toEqual([['', 1]])
    expect(wanted(k, 'kafka_ha_unavailable_partitions')).toEqual([['', 1]])
    expect(wanted(k, 'kafka_ha_not_preferred_leader_partitions')).toEqual([['', 0]])
  })

  it('counts what a dead broker leads as unreachable, though Kafka says all is well', () => {
    const k = saying()
    k.unit('kafka', 1, 'stopped')
    expect(wanted(k, 'kafka_ha_unreachable_leader_partitions')).toEqual([['', 1]])
    expect(wanted(k, 'kafka_ha_leaderless_partitions')).toEqual([['', 0]])
    expect(wanted(k, 'kafka_ha_under_replicated_partitions')).toEqual([['', 0]])
    expect(wanted(k, 'kafka_ha_broker_registered')).toEqual([
      ['1', 1],
      ['2', 1],
      ['3', 1],
    ])
    expect(wanted(k, 'kafka_ha_broker_up')).toEqual([
      ['1', 0],
      ['2', 1],
      ['3', 1],
    ])
    expect(wanted(k, 'kafka_ha_broker_down_reason')).toEqual([['1/refused', 1]])
    expect(wanted(k, 'kafka_ha_controller_up')).toEqual([['', [0]]])
  })

  it.each([
    ['paused', ['hung']],
    ['cut', ['timeout', 'no_route']],
  ] as const)('knows the reasons of a broker that is %s', (state, reasons) => {
    const k = saying()
    k.unit('kafka', 1, state)
    const picture = pictureOf(k.truth, { at: 0, window: { from: 0, to: 1 } }, NO_OFFSETS)
    expect(picture?.down.get(1)).toEqual(reasons)
  })

  it('asks for the offsets that the leaders gave, and fails where they gave none', () => {
    const offsets = { current: new Map([['t/0', 7]]), oldest: new Map<string, number>() }
    expect(wanted(saying(), 'kafka_topic_partition_current_offset', 0, offsets)).toEqual([
      ['t/0', 7],
      ['t/1', NaN],
    ])
    const lines = compareFamily('f', [{ labels: {}, value: NaN }], scrape('f NaN').all('f'))
    expect(lines).toEqual(['f is NaN, truth says NaN'])
  })

  it('wants only the lasting families once nobody has answered for longer than the maximum age', () => {
    const k = saying()
    for (const id of [1, 2, 3]) k.unit('kafka', id, 'stopped')
    expect(wanted(k, 'kafka_topic_partition_leader', 5_000)).toHaveLength(2)
    expect(wanted(k, 'kafka_topic_partition_leader', 17_000)).toEqual([])
    expect(wanted(k, 'kafka_brokers', 17_000)).toEqual([])
    expect(wanted(k, 'kafka_ha_unavailable_partitions', 17_000)).toEqual([['', 2]])
    expect(wanted(k, 'kafka_ha_cluster_reachable', 17_000)).toEqual([['', 0]])
    expect(wanted(k, 'kafka_ha_broker_expected', 17_000)).toHaveLength(3)
  })

  it('wants a series for each controller that is named, and a disagreement', () => {
    const k = saying()
    k.split([1])
    for (const id of [2, 3]) k.answer(id, view([[2, [1, 2]]], { controller: 2 }), 1)
    expect(wanted(k, 'kafka_ha_controller_views')).toEqual([
      ['1', 1],
      ['2', 2],
    ])
    expect(wanted(k, 'kafka_ha_controller_id')).toEqual([['', [2]]])
    expect(wanted(k, 'kafka_ha_source_disagreements')).toContainEqual(['controller', { from: 1, to: Infinity }])
  })

  it('is not asked while brokers differ', () => {
    const k = saying()
    k.answer(3, view([[2, [1, 2]]]), 1)
    expect(pictureOf(k.truth, { at: 0, window: { from: 0, to: 1 } }, NO_OFFSETS)).toBeUndefined()
  })
})

describe('compareFamily', () => {
  it('names missing, wrong and frozen series, and takes an optional one or none', () => {
    const actual = scrape('f{b="1"} 0', 'f{b="3"} 9').all('f')
    const want = [
      { labels: { b: '1' }, value: 1 },
      { labels: { b: '2' }, value: 1 },
      { labels: { b: '4' }, value: 1, optional: true },
    ]
    expect(compareFamily('f', want, actual)).toEqual([
      'f{b=1} is 0, truth says 1',
      'f{b=2} missing, truth says 1',
      'f{b=3} is 9, truth has no such series',
    ])
  })

  it('takes any value of a label and one of several', () => {
    const actual = scrape('f{id="x",v="1.2"} 1', 'g{reason="no_route"} 1')
    expect(compareFamily('f', [{ labels: { id: 'x', v: ANY }, value: 1 }], actual.all('f'))).toEqual([])
    const reasons = { labels: { reason: ['timeout', 'no_route'] }, value: [1, 2] }
    expect(compareFamily('g', [reasons], actual.all('g'))).toEqual([])
  })

  it('does not take a series with one label more', () => {
    expect(compareFamily('f', [{ labels: {}, value: 1 }], scrape('f{a="b"} 1').all('f'))).toHaveLength(2)
  })
})

describe('compareDescribe', () => {
  it('takes the ISR as a set and the replicas as a list', () => {
    const said = { topic: 't', partition: 0, leader: 1, replicas: [1, 2], isr: [2, 1] }
    const other = { topic: 't', partition: 1, leader: 2, replicas: [2, 3], isr: [3, 2] }
    expect(compareDescribe([said, other], HEALTHY)).toEqual([])
    expect(compareDescribe([{ ...said, replicas: [2, 1] }], HEALTHY)).toHaveLength(2)
  })
})

describe('compareStage', () => {
  it("compares Kafka with the stage's plain numbers", () => {
    const offsets = { current: new Map([['t/0', 7]]), oldest: new Map<string, number>() }
    expect(
      compareStage({ 't/0': { leader: 1, isr: [2, 1], offset: 7 }, 't/1': { offset: 'none' } }, HEALTHY, offsets),
    ).toEqual([])
    expect(compareStage({ 't/0': { leader: -1, isr: [2], offset: 'none' } }, HEALTHY, offsets)).toHaveLength(3)
  })
})
