import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { describeConfigsBody, reassignmentsBody } from '../../bench/fake-cluster/admin-replies.ts'
import { changePartitions } from '../../bench/fake-cluster/changes.ts'
import { ClusterState, healthyTopics } from '../../bench/fake-cluster/state.ts'
import { Reader } from '../../src/sources/kafka/reader.ts'
import { Writer } from '../../src/sources/kafka/writer.ts'

/** kafkajs' own decoders, which share nothing with ours. */
type Decode = (reply: Buffer) => Promise<unknown>
const kafkajs = createRequire(import.meta.url)
const decoderOf = (api: string): Decode =>
  (kafkajs(`kafkajs/src/protocol/requests/${api}/response.js`) as { readonly decode: Decode }).decode

function newState(): ClusterState {
  return new ClusterState(healthyTopics({ brokers: 3, partitions: 8, topicPartitions: 4, replicas: 3 }))
}

const topic = 'team-0.events-000000'
const keys = ['min.insync.replicas', 'unclean.leader.election.enable']

/** Named keys of a topic, every key of a broker, and a topic that there is not. */
function question(version: number): Buffer {
  const flexible = version >= 4
  const writer = new Writer().count(3, flexible)
  const resources = [
    [2, topic, keys],
    [4, '1', null],
    [2, 'nobody', keys],
  ] as const
  for (const [type, name, names] of resources) {
    writer
      .int8(type)
      .string(name, flexible)
      .count(names?.length ?? null, flexible)
    for (const key of names ?? []) writer.string(key, flexible)
    writer.tags(flexible)
  }
  writer.int8(0)
  if (version >= 3) writer.int8(0)
  return writer.tags(flexible).finish()
}

describe('DescribeConfigs', () => {
  it.each([1, 2])('v%d is what kafkajs reads', async (version) => {
    const state = newState()
    const [first] = state.topics
    if (first !== undefined) first.minIsr = 3
    const decoded = await decoderOf(`describeConfigs/v${version}`)(
      describeConfigsBody(version, question(version), state),
    )
    expect(decoded).toMatchObject({
      resources: [
        { errorCode: 0, resourceType: 2, resourceName: topic, configEntries: [{ configName: keys[0], configValue: '3' }, { configName: keys[1], configValue: 'false' }] }, // prettier-ignore
        { errorCode: 0, resourceType: 4, resourceName: '1' },
        { errorCode: 3, resourceName: 'nobody', configEntries: [] },
      ],
    })
  })

  it.each([3, 4])('v%d holds as many structures as it announces', (version) => {
    const flexible = version >= 4
    const reader = new Reader(describeConfigsBody(version, question(version), newState()))
    reader.skip(4)
    const results = reader.count(flexible, 1)
    const values: (string | undefined)[] = []
    for (let i = 0; i < results; i++) {
      reader.skip(2)
      reader.nullableString(flexible)
      reader.skip(1)
      reader.string(flexible)
      for (let left = reader.count(flexible, 1); left > 0; left--) {
        values.push(`${reader.string(flexible)}=${reader.nullableString(flexible)}`)
        reader.skip(3)
        expect(reader.count(flexible, 1)).toBe(0)
        reader.skip(1)
        expect(reader.nullableString(flexible)).toBeUndefined()
        reader.tags(flexible)
      }
      reader.tags(flexible)
    }
    reader.tags(flexible)
    expect([reader.failure, reader.remaining]).toEqual([undefined, 0])
    expect(values.slice(0, 2)).toEqual(['min.insync.replicas=2', 'unclean.leader.election.enable=false'])
    expect(values).toHaveLength(5)
  })
})

describe('ListPartitionReassignments', () => {
  const decode = decoderOf('listPartitionReassignments/v0')
  /** kafkajs reads the header's tagged fields too. */
  const withHeader = (body: Buffer): Buffer => Buffer.concat([Buffer.from([0]), body])

  it('names what moves, to the controller only in ZooKeeper mode', async () => {
    const state = newState()
    changePartitions(state, { topic, partition: 2 }, { replicas: [1, 2, 3, 4], adding: [4], removing: [1] })
    expect(await decode(withHeader(reassignmentsBody(state, 1, false)))).toMatchObject({
      errorCode: 0,
      topics: [
        {
          name: topic,
          partitions: [{ partition: 2, replicas: [1, 2, 3, 4], addingReplicas: [4], removingReplicas: [1] }],
        },
      ],
    })
    expect(await decode(withHeader(reassignmentsBody(state, 2, false)))).toMatchObject({ errorCode: 41, topics: [] })
    expect(await decode(withHeader(reassignmentsBody(state, 2, true)))).toMatchObject({ errorCode: 0 })
  })
})
