import { Writer } from '../../src/sources/kafka/writer.ts'
import { noTags, type Tags } from './replies.ts'

/** The bodies of the replies that only KRaft brokers and controllers give. */

export interface FakeReplica {
  readonly id: number
  readonly end?: bigint
  readonly fetched?: bigint
  readonly caughtUp?: bigint
}

export interface FakeQuorum {
  /** Of the whole reply. */
  readonly error?: number
  /** Of the partition; the rest is then what controllers put there: zeros. */
  readonly partitionError?: number
  readonly topic?: string
  readonly leaderId?: number
  readonly leaderEpoch?: number
  readonly voters?: readonly FakeReplica[]
  readonly observers?: readonly FakeReplica[]
}

export function describeQuorumBody(version: number, quorum: FakeQuorum, tags: Tags = noTags): Buffer {
  const { error = 0, partitionError = 0, topic = '__cluster_metadata' } = quorum
  const writer = new Writer().int16(error)
  const message = (code: number): void => {
    if (version >= 2) writer.string(code === 0 ? null : 'refused', true)
  }
  const replicas = (list: readonly FakeReplica[]): void => {
    writer.count(list.length, true)
    for (const { id, end = 100n, fetched = 1_000n, caughtUp = 1_000n } of list) {
      writer.int32(id)
      if (version >= 2) writer.int64(1n).int64(2n)
      writer.int64(end)
      if (version >= 1) writer.int64(fetched).int64(caughtUp)
      tags(writer, true)
    }
  }
  message(error)
  writer.count(error === 0 ? 1 : 0, true)
  if (error === 0) {
    writer.string(topic, true).count(1, true).int32(0).int16(partitionError)
    message(partitionError)
    const fails = partitionError !== 0
    writer.int32(fails ? 0 : (quorum.leaderId ?? 1)).int32(fails ? 0 : (quorum.leaderEpoch ?? 7)).int64(fails ? 0n : 99n) // prettier-ignore
    replicas(fails ? [] : (quorum.voters ?? [{ id: 1 }, { id: 2 }, { id: 3 }]))
    replicas(fails ? [] : (quorum.observers ?? []))
    tags(writer, true)
    tags(writer, true)
  }
  if (version >= 2) {
    writer.count(1, true).int32(1).count(1, true).string('CONTROLLER', true).string('kafka1', true).int16(9093)
    tags(writer, true)
    tags(writer, true)
  }
  tags(writer, true)
  return writer.finish()
}

export interface FakeCluster {
  readonly error?: number
  readonly clusterId?: string
  readonly nodes?: readonly number[]
  readonly fenced?: readonly number[]
}

export function describeClusterBody(version: number, cluster: FakeCluster, tags: Tags = noTags): Buffer {
  const { error = 0, clusterId = 'abc', nodes = [1, 2, 3], fenced = [] } = cluster
  const writer = new Writer()
    .int32(0)
    .int16(error)
    .string(error === 0 ? null : 'refused', true)
  if (version >= 1) writer.int8(1)
  const listed = error === 0 ? nodes : []
  writer.string(error === 0 ? clusterId : '', true).int32(-1).count(listed.length, true) // prettier-ignore
  for (const id of listed) {
    writer.int32(id).string(`kafka${id}`, true).int32(9092).string(null, true)
    if (version >= 2) writer.int8(fenced.includes(id) ? 1 : 0)
    tags(writer, true)
  }
  writer.int32(-2147483648)
  tags(writer, true)
  return writer.finish()
}

export interface FakeElrTopic {
  readonly name: string | null
  readonly error?: number
  readonly partitions: readonly {
    readonly partition: number
    /** null: the feature is off. */
    readonly eligible: readonly number[] | null
    readonly lastKnown: readonly number[] | null
    /** 4 if not given. */
    readonly leaderEpoch?: number
  }[]
}

export function describeTopicPartitionsBody(
  topics: readonly FakeElrTopic[],
  next?: { readonly topic: string; readonly partition: number },
  tags: Tags = noTags,
): Buffer {
  const writer = new Writer().int32(0).count(topics.length, true)
  const list = (ids: readonly number[] | null): void => {
    writer.count(ids?.length ?? null, true)
    for (const id of ids ?? []) writer.int32(id)
  }
  for (const { name, error = 0, partitions } of topics) {
    writer.int16(error).string(name, true).int64(1n).int64(2n).int8(0).count(partitions.length, true)
    for (const { partition, eligible, lastKnown, leaderEpoch = 4 } of partitions) {
      writer.int16(5).int32(partition).int32(-1).int32(leaderEpoch)
      for (const ids of [[1, 2, 3], [], eligible, lastKnown, [1]]) list(ids)
      tags(writer, true)
    }
    writer.int32(-2147483648)
    tags(writer, true)
  }
  if (next === undefined) writer.int8(-1)
  else {
    writer.int8(1).string(next.topic, true).int32(next.partition)
    tags(writer, true)
  }
  tags(writer, true)
  return writer.finish()
}

/** ApiVersions v3 and v4, whose tagged fields are the ones that count. */
export function featuresBody(features: Readonly<Record<string, number>>, epoch = 9n, error = 0): Buffer {
  const names = Object.keys(features)
  const finalized = new Writer().count(names.length, true)
  for (const name of names) finalized.string(name, true).int16(features[name] ?? 0).int16(features[name] ?? 0).tags(true) // prettier-ignore
  const fields: readonly (readonly [tag: number, content: Buffer])[] = [
    [0, new Writer().count(1, true).string('metadata.version', true).int16(7).int16(99).tags(true).finish()],
    [1, new Writer().int64(epoch).finish()],
    [2, finalized.finish()],
    [3, new Writer().int8(0).finish()],
    [300, Buffer.from('unheard of')],
  ]
  const writer = new Writer().int16(error).count(1, true).int16(3).int16(0).int16(12).tags(true).int32(0)
  writer.uvarint(fields.length)
  for (const [tag, content] of fields) writer.uvarint(tag).uvarint(content.length).raw(content)
  return writer.finish()
}
