import { describe, expect, it, onTestFinished } from 'vitest'
import type { Elr } from '../../../src/model/elr.ts'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { partitionsDue } from '../../../src/sources/kafka/elr-due.ts'
import { ElrSource } from '../../../src/sources/kafka/elr.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { livenessOf, rosterOf } from '../../support/clusters.ts'
import { plain } from '../../support/connections.ts'
import { configs } from '../../support/facts.ts'
import { silent } from '../../support/fake-behaviours.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import { metadataOf, seen, topologyOf, upWith, viewOf } from '../../support/views.ts'

const startBroker = brokersOfEachTest()
const leaderless = { leader: -1, replicas: [1, 2, 3], isr: [] }
const underMin = { leader: 1, replicas: [1, 2, 3], isr: [1] }
const well = { leader: 1, replicas: [1, 2, 3], isr: [1, 2, 3] }
const topics = { a: [leaderless, well], b: [well], c: [underMin] }
const settings = configs({ a: 2, b: 2, c: 2 })

function look(broker: FakeBroker, { kraft = true, said = topics, notes = new Noted(), deadlineMs = 3_000 } = {}) {
  const source = new ElrSource({ connection: plain, notes, pace: paceOf({ deadlineMs }) })
  onTestFinished(() => source.close())
  const liveness = seen(livenessOf([[broker, upWith({ kraft })]]))
  const facts = { roster: rosterOf([broker]), liveness, topology: seen(topologyOf(said)), configs: seen(settings) }
  return source.observe(lookAt(viewOf(facts)))
}

function told(elr: Elr | undefined) {
  return elr && Object.fromEntries([...elr.partitions].map(([topic, by]) => [topic, Object.fromEntries(by)]))
}

describe('which partitions may have eligible leader replicas', () => {
  it('leaderless ones, and those under min.insync.replicas where that is known', () => {
    const { partitions } = metadataOf(topics)
    expect(partitionsDue(partitions, settings)).toEqual(new Map([['a', new Set([0])], ['c', new Set([0])]])) // prettier-ignore
    expect(partitionsDue(partitions, undefined)).toEqual(new Map([['a', new Set([0])]]))
  })

  it('of 500 topics, leaderless ones first', () => {
    const names = Array.from({ length: 600 }, (_, i) => `t${String(i).padStart(3, '0')}`)
    const said = Object.fromEntries(names.map((name, i) => [name, [i < 300 ? underMin : leaderless]]))
    const due = partitionsDue(metadataOf(said).partitions, configs(Object.fromEntries(names.map((name) => [name, 2]))))
    expect(due.size).toBe(500)
    expect([...due.keys()].slice(0, 300)).toEqual(names.slice(300))
  })
})

describe('eligible leader replicas', () => {
  it('are asked for page by page, and kept of the partitions in question', async () => {
    const broker = await startBroker({ kraft: true })
    const others = { eligible: [9], lastKnown: [] }
    broker.elr = [
      [{ name: 'a', partitions: [{ partition: 0, eligible: [3], lastKnown: [] }, { partition: 1, ...others }] }], // prettier-ignore
      [{ name: 'c', partitions: [{ partition: 0, eligible: null, lastKnown: [2] }] }],
    ]
    expect(told(await look(broker))).toEqual({
      a: { 0: { eligible: [3], lastKnown: [], leaderEpoch: 4 } },
      c: { 0: { eligible: [], lastKnown: [2], leaderEpoch: 4 } },
    })
    expect(broker.count('DescribeTopicPartitions')).toBe(2)
  })

  it.each<[why: string, kraft: boolean, said: typeof topics]>([
    ['in ZooKeeper mode', false, topics],
    ['while every partition has what it needs', true, { a: [well], b: [well], c: [well] }],
  ])('are none %s, and nothing is asked', async (_, kraft, said) => {
    const broker = await startBroker({ kraft })
    expect(told(await look(broker, { kraft, said }))).toEqual({})
    expect(broker.asked).toEqual([])
  })

  it('are none where brokers do not tell of them, and that is no failure', async () => {
    const broker = await startBroker({ versions: { [apiKeys.Metadata]: [0, 12], [apiKeys.DescribeQuorum]: [0, 1] } })
    const notes = new Noted()
    expect(told(await look(broker, { notes }))).toEqual({})
    expect(notes.failures).toEqual([])
  })

  it('a cursor that never ends is followed ten times, one that stands still once more', async () => {
    const broker = await startBroker({ kraft: true })
    const page = (partition: number) => [{ name: 'a', partitions: [{ partition, eligible: [], lastKnown: [] }] }]
    broker.elr = Array.from({ length: 40 }, (_, i) => page(i))
    await look(broker)
    expect(broker.count('DescribeTopicPartitions')).toBe(10)
    const stuck = await startBroker({ kraft: true })
    stuck.elr = [page(0), page(0), page(0)]
    await look(stuck)
    expect(stuck.count('DescribeTopicPartitions')).toBe(2)
  })

  it('of a broker that is silent are unknown by the deadline', async () => {
    const broker = await startBroker({ kraft: true })
    broker.behaviours = { DescribeTopicPartitions: silent }
    const notes = new Noted()
    expect(await look(broker, { notes, deadlineMs: 300 })).toBeUndefined()
    expect(notes.failures).toEqual([[broker.text, 'hung']])
  })
})
