import type { Reassignment } from '../../model/reassignments.ts'
import { failed, success, type Result } from '../../model/result.ts'
import { commonVersion, type ApiVersions, type Call } from './api.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** More than are ever under way at once, and more replicas than a partition has. */
const most = 200_000
const mostReplicas = 1_000

export interface ListedReassignments {
  /** 0, or Kafka's error code: then nothing is listed. */
  readonly error: number
  readonly partitions: readonly Reassignment[]
}

/**
 * ListPartitionReassignments for every topic, which the controller answers from memory. undefined: the broker does not offer
 * it (before Kafka 2.4).
 */
export function listReassignmentsCall(versions: ApiVersions, timeoutMs: number): Call<ListedReassignments> | undefined {
  const version = commonVersion(versions, 'ListPartitionReassignments', 0, 0)
  if (version === undefined) return undefined
  return {
    api: 'ListPartitionReassignments',
    version,
    flexible: true,
    body: new Writer().int32(timeoutMs).count(null, true).tags(true).finish(),
    decode: decodeListReassignments,
  }
}

/** Exported for tests; replies are read by `listReassignmentsCall().decode`. */
export function decodeListReassignments(reply: Buffer): Result<ListedReassignments> {
  const reader = new Reader(reply)
  reader.skip(4) // throttle time
  const error = reader.int16()
  reader.nullableString(true) // error message
  const partitions: Reassignment[] = []
  const topics = reader.count(true, 3, most)
  for (let t = 0; t < topics && reader.ok(); t++) {
    const topic = reader.string(true)
    const count = reader.count(true, 8, most - partitions.length)
    for (let p = 0; p < count && reader.ok(); p++) {
      const partition = reader.int32()
      reader.skipInts(true) // replicas: the topology has them
      const adding = readIds(reader)
      reader.skipInts(true) // removing
      reader.tags(true)
      partitions.push({ topic, partition, adding })
    }
    reader.tags(true)
  }
  reader.tags(true)
  if (reader.failure !== undefined) return failed('protocol', `ListPartitionReassignments reply: ${reader.failure}`)
  return success({ error, partitions })
}

function readIds(reader: Reader): readonly number[] {
  const count = reader.count(true, 4, mostReplicas)
  const ids: number[] = []
  for (let i = 0; i < count && reader.ok(); i++) ids.push(reader.int32())
  return ids
}
