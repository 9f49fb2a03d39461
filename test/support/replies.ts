import { Writer } from '../../src/sources/kafka/writer.ts'

/** The bodies of Kafka's replies as a broker would encode them, in every version that the exporter speaks. */

export interface FakePartition {
  readonly partition: number
  readonly leader: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
  readonly offline?: readonly number[]
  readonly epoch?: number
  readonly error?: number
}

export interface FakeTopic {
  readonly name: string | null
  readonly partitions: readonly FakePartition[]
  readonly error?: number
  readonly internal?: boolean
}

export interface FakeNode {
  readonly id: number
  readonly host: string
  readonly port: number
  readonly rack?: string
}

export interface FakeMetadata {
  readonly clusterId: string | null
  readonly controllerId: number
  readonly brokers: readonly FakeNode[]
  readonly topics: readonly FakeTopic[]
}

export interface FakeOffset {
  readonly partition: number
  readonly offset: bigint
  readonly error?: number
}

export interface FakeOffsets {
  readonly topic: string
  readonly partitions: readonly FakeOffset[]
}

/** Fills the tagged fields that end a structure; nothing before the flexible versions. */
export type Tags = (writer: Writer, flexible: boolean) => void

export const noTags: Tags = (writer, flexible) => void writer.tags(flexible)

/** Two fields this exporter never heard of, one of them empty and one with a tag of two bytes. */
export const unknownTags: Tags = (writer, flexible) => {
  if (flexible) writer.uvarint(2).uvarint(0).uvarint(0).uvarint(300).uvarint(5).raw(Buffer.from('hello'))
}

export function apiVersionsBody(versions: Readonly<Record<number, readonly [number, number]>>, error = 0): Buffer {
  const entries = Object.entries(versions)
  const writer = new Writer().int16(error).int32(entries.length)
  for (const [key, [min, max]] of entries) writer.int16(Number(key)).int16(min).int16(max)
  return writer.finish()
}

export function metadataBody(version: number, metadata: FakeMetadata, tags = noTags): Buffer {
  const writer = new Writer()
  metadataHead(writer, version, metadata, metadata.topics.length, tags)
  for (const topic of metadata.topics) metadataTopic(writer, version, topic, tags)
  metadataTail(writer, version, tags)
  return writer.finish()
}

/** What comes before the topics. */
export function metadataHead(
  writer: Writer,
  version: number,
  { brokers, clusterId, controllerId }: Omit<FakeMetadata, 'topics'>,
  topics: number,
  tags = noTags,
): void {
  const flexible = version >= 9
  writer.int32(0).count(brokers.length, flexible)
  for (const { id, host, port, rack = null } of brokers) {
    writer.int32(id).string(host, flexible).int32(port).string(rack, flexible)
    tags(writer, flexible)
  }
  writer.string(clusterId, flexible).int32(controllerId).count(topics, flexible)
}

export function metadataTopic(writer: Writer, version: number, topic: FakeTopic, tags = noTags): void {
  const flexible = version >= 9
  writer.int16(topic.error ?? 0).string(topic.name, flexible)
  if (version >= 10) writer.int64(7n).int64(8n)
  writer.int8(topic.internal === true ? 1 : 0).count(topic.partitions.length, flexible)
  for (const partition of topic.partitions) metadataPartition(writer, version, partition, tags)
  if (version >= 8) writer.int32(-2147483648)
  tags(writer, flexible)
}

/** What comes after the topics. */
export function metadataTail(writer: Writer, version: number, tags = noTags): void {
  if (version >= 8 && version <= 10) writer.int32(-2147483648)
  tags(writer, version >= 9)
}

function metadataPartition(writer: Writer, version: number, partition: FakePartition, tags: Tags): void {
  const flexible = version >= 9
  const list = (ids: readonly number[]): void => {
    writer.count(ids.length, flexible)
    for (const id of ids) writer.int32(id)
  }
  writer
    .int16(partition.error ?? 0)
    .int32(partition.partition)
    .int32(partition.leader)
  if (version >= 7) writer.int32(partition.epoch ?? 0)
  list(partition.replicas)
  list(partition.isr)
  if (version >= 5) list(partition.offline ?? [])
  tags(writer, flexible)
}

export function listOffsetsBody(version: number, topics: readonly FakeOffsets[], tags = noTags): Buffer {
  const flexible = version >= 6
  const writer = new Writer()
  if (version >= 2) writer.int32(0)
  writer.count(topics.length, flexible)
  for (const { topic, partitions } of topics) {
    writer.string(topic, flexible).count(partitions.length, flexible)
    for (const { partition, offset, error = 0 } of partitions) {
      writer.int32(partition).int16(error).int64(-1n).int64(offset)
      if (version >= 4) writer.int32(3)
      tags(writer, flexible)
    }
    tags(writer, flexible)
  }
  tags(writer, flexible)
  return writer.finish()
}

export interface FakeResource {
  readonly type: number
  readonly name: string
  readonly error?: number
  readonly values?: Readonly<Record<string, string | null>>
}

export function describeConfigsBody(version: number, resources: readonly FakeResource[], tags = noTags): Buffer {
  const flexible = version >= 4
  const writer = new Writer().int32(0).count(resources.length, flexible)
  for (const { type, name, error = 0, values = {} } of resources) {
    const entries = Object.entries(values)
    writer
      .int16(error)
      .string(error === 0 ? null : 'refused', flexible)
      .int8(type)
      .string(name, flexible)
    writer.count(entries.length, flexible)
    for (const [key, value] of entries) {
      writer.string(key, flexible).string(value, flexible).int8(0).int8(5)
      writer.int8(value === null ? 1 : 0).count(1, flexible)
      writer.string(key, flexible).string(value, flexible).int8(4)
      tags(writer, flexible)
      if (version >= 3) writer.int8(2).string('what it is', flexible)
      tags(writer, flexible)
    }
    tags(writer, flexible)
  }
  tags(writer, flexible)
  return writer.finish()
}

export interface FakeReassignment {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

export function listReassignmentsBody(listed: readonly FakeReassignment[], error = 0, tags = noTags): Buffer {
  const writer = new Writer()
    .int32(0)
    .int16(error)
    .string(error === 0 ? null : 'refused', true)
  writer.count(listed.length, true)
  for (const { topic, partition, replicas, adding, removing } of listed) {
    writer.string(topic, true).count(1, true).int32(partition)
    for (const ids of [replicas, adding, removing]) {
      writer.count(ids.length, true)
      for (const id of ids) writer.int32(id)
    }
    tags(writer, true)
    tags(writer, true)
  }
  tags(writer, true)
  return writer.finish()
}

/** A whole reply frame. */
export function frameOf(correlationId: number, body: Buffer, flexible = false): Buffer {
  const header = new Writer().int32(correlationId).tags(flexible).finish()
  return new Writer()
    .int32(header.length + body.length)
    .raw(header)
    .raw(body)
    .finish()
}
