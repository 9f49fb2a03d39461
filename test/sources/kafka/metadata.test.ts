import { describe, expect, it } from 'vitest'
import { listOf } from '../../../src/model/int-lists.ts'
import type { Partitions } from '../../../src/model/topology.ts'
import { apiKeys, commonVersion, type ApiVersions } from '../../../src/sources/kafka/api.ts'
import { decodeMetadata, metadataCall } from '../../../src/sources/kafka/metadata.ts'
import { metadataBody, noTags, unknownTags, type FakeMetadata, type FakeTopic } from '../../support/replies.ts'
import { failureOf, valueOf } from '../../support/results.ts'

const versions = [4, 5, 6, 7, 8, 9, 10, 11, 12]

const topics: readonly FakeTopic[] = [
  {
    name: 'orders',
    partitions: [
      { partition: 2, leader: -1, replicas: [1, 2], isr: [2], offline: [1, 2], epoch: 9, error: 72 },
      { partition: 0, leader: 2, replicas: [2, 3], isr: [3, 2], epoch: 2 ** 31 - 1, error: 9 },
      { partition: 1, leader: -1, replicas: [3, 1], isr: [], epoch: 4, error: 5 },
    ],
  },
  { name: 'Zeta', partitions: [{ partition: 0, leader: 1, replicas: [1], isr: [1], epoch: 0 }] },
  { name: '__consumer_offsets', internal: true, partitions: [] },
]

const cluster: FakeMetadata = {
  clusterId: 'abc',
  controllerId: 2,
  brokers: [
    { id: 3, host: 'c', port: 3, rack: 'r' },
    { id: 1, host: '::1', port: 65_535 },
    { id: 2, host: 'b', port: 2, rack: '' },
  ],
  topics,
}

function only(version: number): ApiVersions {
  return new Map([[apiKeys.Metadata, { min: version, max: version }]])
}

function partitionsOf({ layout, leader, leaderEpoch, replicas, isr, offline }: Partitions): readonly unknown[] {
  const name = (row: number): string => layout.topics[layout.topicOf[row] ?? -1]?.name ?? ''
  return Array.from(layout.partition, (partition, row) => [
    `${name(row)}-${partition}`,
    leader[row],
    leaderEpoch[row],
    [...listOf(replicas, row)],
    [...listOf(isr, row)],
    [...listOf(offline, row)],
  ])
}

describe.each(versions)('Metadata v%d', (version) => {
  const epoch = (value: number): number => (version >= 7 ? value : -1)
  const offline = (ids: readonly number[]): readonly number[] => (version >= 5 ? ids : [])

  it.each([
    ['without tagged fields', noTags],
    ['with tagged fields nobody knows', unknownTags],
  ])('%s: brokers by id, topics by name, partitions by number', (_, tags) => {
    const metadata = valueOf(decodeMetadata(metadataBody(version, cluster, tags), version))
    expect(metadata.clusterId).toBe('abc')
    expect(metadata.controllerId).toBe(2)
    expect(metadata.brokers).toEqual([
      { id: 1, host: '::1', port: 65_535, rack: undefined },
      { id: 2, host: 'b', port: 2, rack: '' },
      { id: 3, host: 'c', port: 3, rack: 'r' },
    ])
    expect(metadata.partitions.layout.topics).toEqual([
      { name: 'Zeta', internal: false, first: 0, count: 1 },
      { name: '__consumer_offsets', internal: true, first: 1, count: 0 },
      { name: 'orders', internal: false, first: 1, count: 3 },
    ])
    expect(partitionsOf(metadata.partitions)).toEqual([
      ['Zeta-0', 1, epoch(0), [1], [1], []],
      ['orders-0', 2, epoch(2 ** 31 - 1), [2, 3], [3, 2], []],
      ['orders-1', -1, epoch(4), [3, 1], [], []],
      ['orders-2', -1, epoch(9), [1, 2], [2], offline([1, 2])],
    ])
  })

  it('leaves out a topic with an error and no partitions, keeps one with an error and partitions', () => {
    const partition = { partition: 0, leader: 1, replicas: [1], isr: [1] }
    const reply = metadataBody(version, {
      ...cluster,
      topics: [
        { name: 'being-deleted', error: 3, partitions: [] },
        { name: 'odd', error: 5, partitions: [partition] },
        { name: 'hidden', error: 29, partitions: [] },
      ],
    })
    const { layout } = valueOf(decodeMetadata(reply, version)).partitions
    expect(layout.topics.map(({ name }) => name)).toEqual(['odd'])
    expect([...layout.topicOf]).toEqual([0])
  })

  it('takes a cluster without id, controller, brokers or topics', () => {
    const reply = metadataBody(version, { clusterId: null, controllerId: -1, brokers: [], topics: [] })
    const metadata = valueOf(decodeMetadata(reply, version))
    expect([metadata.clusterId, metadata.controllerId, metadata.brokers]).toEqual([undefined, -1, []])
    expect(metadata.partitions.layout.partition).toHaveLength(0)
  })

  const one = { partition: 0, leader: 1, replicas: [1], isr: [1] }
  const impossible: readonly (readonly [string, Partial<FakeMetadata>, string])[] = [
    ['a topic twice', { topics: [{ name: 't', partitions: [one] }, { name: 'a', partitions: [] }, { name: 't', partitions: [] }] }, 'topic t twice'], // prettier-ignore
    ['a partition twice', { topics: [{ name: 't', partitions: [one, { ...one, partition: 1 }, one] }] }, 't-0 twice'],
    ['a broker twice', { brokers: [{ id: 1, host: 'a', port: 1 }, { id: 2, host: 'a', port: 1 }, { id: 1, host: 'b', port: 1 }] }, 'broker 1 twice'], // prettier-ignore
    ['partitions of a topic without a name', { topics: [{ name: 'a', partitions: [one] }, { name: null, partitions: [{ ...one, partition: 1 }] }] }, 'without a name'], // prettier-ignore
    ['partitions of a nameless topic alone', { topics: [{ name: null, partitions: [one] }] }, 'without a name'],
  ]
  it.each(impossible)('refuses %s', (_, part, detail) => {
    const failure = failureOf(decodeMetadata(metadataBody(version, { ...cluster, ...part }), version))
    expect(failure.reason).toBe('protocol')
    expect(failure.detail).toContain(detail)
  })

  it('asks without creating topics', () => {
    const all = metadataCall(only(version), 'all')
    const none = metadataCall(only(version), 'none')
    const flags = version < 8 ? '00' : version <= 10 ? '000000' : '0000'
    expect(all?.version).toBe(version)
    expect(all?.flexible).toBe(version >= 9)
    expect(all?.body.toString('hex')).toBe(version >= 9 ? `00${flags}00` : `ffffffff${flags}`)
    expect(none?.body.toString('hex')).toBe(version >= 9 ? `01${flags}00` : `00000000${flags}`)
  })
})

describe('the version', () => {
  const table = [
    [0, 12, 12],
    [0, 99, 12],
    [4, 4, 4],
    [0, 3, undefined],
    [13, 20, undefined],
    [12, 4, undefined],
    [0, -1, undefined],
  ] as const
  it.each(table)('broker %d to %d: %s', (min, max, version) => {
    const versions = new Map([[apiKeys.Metadata, { min, max }]])
    expect(commonVersion(versions, 'Metadata', 4, 12)).toBe(version)
    expect(metadataCall(versions, 'all')?.version).toBe(version)
  })

  it('is none where the broker does not name the api', () => {
    expect(metadataCall(new Map(), 'all')).toBeUndefined()
  })
})
