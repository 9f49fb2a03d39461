import { describe, expect, it } from 'vitest'
import { listOf } from '../../../src/model/int-lists.ts'
import type { ClusterMetadata, Partitions } from '../../../src/model/topology.ts'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { apiVersionsCall } from '../../../src/sources/kafka/api-versions.ts'
import { Framer } from '../../../src/sources/kafka/framer.ts'
import { decodeListOffsets } from '../../../src/sources/kafka/list-offsets.ts'
import { decodeMetadata } from '../../../src/sources/kafka/metadata.ts'
import { readRecording, type Exchange, type Stage } from '../../fixtures/kafka/recording.ts'
import { offsetsAsked, parseRequest, topicsAsked } from '../../support/requests.ts'
import { valueOf } from '../../support/results.ts'
import { topicsOf } from '../../support/told-offsets.ts'

/** What brokers of 2.6.0 and 3.9.1 sent, against what Kafka's tools and ZooKeeper said of the same moment. */
const recordings = ['2.6.0', '3.9.1'].map(readRecording)

const requestOf = ({ request }: Exchange) => parseRequest(Buffer.from(request, 'base64').subarray(4))

/** The reply as a decoder gets it, cut out by the framer. */
function replyOf(exchange: Exchange): Buffer {
  const [frame] = valueOf(new Framer().push(Buffer.from(exchange.reply, 'base64')))
  if (frame === undefined) throw new Error('not a whole frame')
  return frame.subarray(requestOf(exchange).flexible ? 5 : 4)
}

function ofApi(stage: Stage, api: Exchange['api']): readonly Exchange[] {
  return stage.exchanges.filter((exchange) => exchange.api === api)
}

function rowsOf({ layout, leader, replicas, isr }: Partitions): readonly unknown[] {
  return Array.from(layout.partition, (partition, row) => ({
    topic: layout.topics[layout.topicOf[row] ?? -1]?.name,
    partition,
    leader: leader[row],
    replicas: [...listOf(replicas, row)],
    isr: [...listOf(isr, row)],
  }))
}

function epochsOfTestTopic({ partitions: { layout, leaderEpoch } }: ClusterMetadata): readonly number[] {
  const topic = layout.topics.find(({ name }) => name === 'test-topic')
  return [...leaderEpoch.subarray(topic?.first, (topic?.first ?? 0) + (topic?.count ?? 0))]
}

describe.each(recordings)('Kafka $kafka', ({ kafka, stages }) => {
  const newest = kafka === '2.6.0' ? { Metadata: 9, ListOffsets: 5 } : { Metadata: 12, ListOffsets: 6 }

  it('offers the versions that were recorded', () => {
    for (const exchange of stages.flatMap((stage) => ofApi(stage, 'ApiVersions'))) {
      const versions = valueOf(apiVersionsCall.decode(replyOf(exchange)))
      expect(versions.get(apiKeys.Metadata)?.min).toBe(0)
      expect(Math.min(versions.get(apiKeys.Metadata)?.max ?? 0, 12)).toBe(newest.Metadata)
      expect(Math.min(versions.get(apiKeys.ListOffsets)?.max ?? 0, 6)).toBe(newest.ListOffsets)
    }
  })

  it('is recorded in every version that both sides speak', () => {
    const versions = (api: Exchange['api']) => [
      ...new Set(stages.flatMap((stage) => ofApi(stage, api)).map(({ version }) => version)),
    ]
    expect(versions('Metadata').toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: newest.Metadata - 3 }, (_, i) => i + 4),
    )
    expect(versions('ListOffsets')).toEqual(Array.from({ length: newest.ListOffsets }, (_, i) => i + 1))
  })

  describe.each(stages)('$name', (stage) => {
    const { told } = stage
    const partitions = told.partitions.toSorted((a, b) =>
      a.topic === b.topic ? a.partition - b.partition : a.topic < b.topic ? -1 : 1,
    )

    it.each(ofApi(stage, 'Metadata'))('Metadata v$version of broker $broker', (exchange) => {
      const metadata = valueOf(decodeMetadata(replyOf(exchange), exchange.version))
      expect(metadata.clusterId).toBe(told.clusterId)
      expect(metadata.controllerId).toBe(told.controllerId)
      expect(metadata.brokers).toEqual(told.brokers.map((broker) => ({ ...broker, rack: undefined })))
      if (topicsAsked(requestOf(exchange)) === 0) {
        expect(metadata.partitions.layout.topics).toEqual([])
        return
      }
      expect(rowsOf(metadata.partitions)).toEqual(partitions)
      expect(metadata.partitions.layout.topics.map(({ name, internal }) => [name, internal])).toEqual([
        ['__consumer_offsets', true],
        ['test-topic', false],
      ])
      expect(epochsOfTestTopic(metadata)).toEqual(exchange.version >= 7 ? told.leaderEpochs : [-1, -1, -1])
    })

    it.each(ofApi(stage, 'ListOffsets'))('ListOffsets v$version of broker $broker', (exchange) => {
      const asked = offsetsAsked(requestOf(exchange))
      const truth = asked[0]?.timestamp === -1 ? told.latest : told.earliest
      const leads = (partition: number): boolean =>
        told.partitions.some((one) => one.topic === 'test-topic' && one.partition === partition && one.leader === exchange.broker) // prettier-ignore
      const [topic, ...others] = topicsOf(valueOf(decodeListOffsets(replyOf(exchange), exchange.version)))
      expect(others).toEqual([])
      expect(topic?.topic).toBe('test-topic')
      expect(asked.map(({ partition }) => partition)).toEqual([0, 1, 2])
      topic?.partitions.forEach((partition, i) => {
        const offset = truth.find((one) => one.partition === partition)?.offset
        expect(topic.offsets[i]).toBe(leads(partition) ? offset : Number.NaN)
        expect(topic.errors[i]).toBe(leads(partition) ? 0 : 6)
      })
      expect([...(topic?.partitions ?? [])].sort((a, b) => a - b)).toEqual([0, 1, 2])
    })
  })

  it('tells of the leaderless partition with leader -1 whatever its error code', () => {
    const stage = stages.find(({ name }) => name === 'brokers 1 and 2 stopped')
    expect(stage?.told.partitions).toContainEqual({
      topic: 'test-topic',
      partition: 2,
      leader: -1,
      replicas: [1, 2],
      isr: [2],
    })
  })
})
