import type { EligibleReplicas } from '../../model/elr.ts'
import { failed, success, type Result } from '../../model/result.ts'
import { commonVersion, type ApiVersions, type Call } from './api.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const mostTopics = 20_000
const mostPartitions = 200_000
const mostReplicas = 1_000

/** Where a reply broke off, and the next one goes on. */
export interface Cursor {
  readonly topic: string
  readonly partition: number
}

export interface DescribedPartition extends EligibleReplicas {
  readonly topic: string
  readonly partition: number
}

export interface DescribedPartitions {
  /** Of topics without an error. */
  readonly partitions: readonly DescribedPartition[]
  /** undefined: that was all. */
  readonly next: Cursor | undefined
}

/**
 * DescribeTopicPartitions (KIP-966), which a broker answers from its own memory: at most `limit` partitions of these topics, in
 * the order of their names, from the cursor on. undefined: not offered (ZooKeeper mode, before Kafka 3.8).
 */
export function describeTopicPartitionsCall(
  versions: ApiVersions,
  topics: readonly string[],
  limit: number,
  cursor?: Cursor,
): Call<DescribedPartitions> | undefined {
  const version = commonVersion(versions, 'DescribeTopicPartitions', 0, 0)
  if (version === undefined) return undefined
  const body = new Writer().count(topics.length, true)
  for (const topic of topics) body.string(topic, true).tags(true)
  body.int32(limit)
  // A structure that may be null begins with -1 for null.
  if (cursor === undefined) body.int8(-1)
  else body.int8(1).string(cursor.topic, true).int32(cursor.partition).tags(true)
  return {
    api: 'DescribeTopicPartitions',
    version,
    flexible: true,
    body: body.tags(true).finish(),
    decode: decodeDescribeTopicPartitions,
  }
}

/** Exported for tests; replies are read by `describeTopicPartitionsCall().decode`. */
export function decodeDescribeTopicPartitions(reply: Buffer): Result<DescribedPartitions> {
  const reader = new Reader(reply)
  reader.skip(4) // throttle time
  const partitions: DescribedPartition[] = []
  const topics = reader.count(true, 26, mostTopics)
  for (let t = 0; t < topics && reader.ok(); t++) {
    const error = reader.int16()
    const topic = reader.nullableString(true)
    reader.skip(17) // topic id, internal
    const count = reader.count(true, 20, mostPartitions - partitions.length)
    for (let p = 0; p < count && reader.ok(); p++) {
      const described = readPartition(reader)
      if (error === 0 && topic !== undefined) partitions.push({ topic, ...described })
    }
    reader.skip(4) // authorized operations
    reader.tags(true)
  }
  const next = reader.int8() < 0 ? undefined : readCursor(reader)
  reader.tags(true)
  if (reader.failure !== undefined) return failed('protocol', `DescribeTopicPartitions reply: ${reader.failure}`)
  return success({ partitions, next })
}

function readPartition(reader: Reader): Omit<DescribedPartition, 'topic'> {
  reader.skip(2) // error: leaderless ones have one
  const partition = reader.int32()
  reader.skip(4) // leader
  const leaderEpoch = reader.int32()
  reader.skipInts(true) // replicas
  reader.skipInts(true) // ISR
  const eligible = readIds(reader)
  const lastKnown = readIds(reader)
  reader.skipInts(true) // offline replicas
  reader.tags(true)
  return { partition, eligible, lastKnown, leaderEpoch }
}

/** A null list, where the feature is off, is an empty one: nobody is eligible besides the ISR. */
function readIds(reader: Reader): readonly number[] {
  const count = reader.count(true, 4, mostReplicas)
  const ids: number[] = []
  for (let i = 0; i < count && reader.ok(); i++) ids.push(reader.int32())
  return ids
}

function readCursor(reader: Reader): Cursor {
  const topic = reader.string(true)
  const partition = reader.int32()
  reader.tags(true)
  return { topic, partition }
}
