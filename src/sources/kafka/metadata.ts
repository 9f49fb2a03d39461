import { failed, success, type Result } from '../../model/result.ts'
import type { BrokerNode, ClusterMetadata } from '../../model/topology.ts'
import { commonVersion, errorCodes, type ApiVersions, type Call } from './api.ts'
import { PartitionRows } from './partition-rows.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** v4 is the first that can ask without creating topics; leader epochs come with v7, topic ids with v10. */
const oldest = 4
const newest = 12
const noTopicId = Buffer.alloc(16)

/**
 * A Metadata request for every topic, for those named, or (`none`) for the brokers and the controller alone; never creates
 * a topic. undefined: the broker speaks no version from v4 to v12.
 */
export function metadataCall(
  versions: ApiVersions,
  topics: 'all' | 'none' | readonly string[],
): Call<ClusterMetadata> | undefined {
  const version = commonVersion(versions, 'Metadata', oldest, newest)
  if (version === undefined) return undefined
  const flexible = version >= 9
  const names = typeof topics === 'string' ? [] : topics
  const body = new Writer().count(topics === 'all' ? null : names.length, flexible)
  for (const name of names) {
    if (version >= 10) body.raw(noTopicId)
    body.string(name, flexible).tags(flexible)
  }
  body.int8(0) // allow_auto_topic_creation
  if (version >= 8) {
    if (version <= 10) body.int8(0) // include_cluster_authorized_operations
    body.int8(0) // include_topic_authorized_operations
  }
  return {
    api: 'Metadata',
    version,
    flexible,
    body: body.tags(flexible).finish(),
    decode: (reply) => decodeMetadata(reply, version),
  }
}

/** Exported for tests of every version; replies are read by `metadataCall().decode`. */
export function decodeMetadata(reply: Buffer, version: number): Result<ClusterMetadata> {
  const flexible = version >= 9
  const reader = new Reader(reply)
  reader.skip(4) // throttle time
  const brokers = readBrokers(reader, flexible)
  const clusterId = reader.nullableString(flexible)
  const controllerId = reader.int32()
  const rows = new PartitionRows()
  const refusedTopics = readTopics(reader, version, rows)
  if (reader.failure !== undefined) return failed('protocol', `Metadata v${version} reply: ${reader.failure}`)
  const repeated = brokers.find((broker, i) => broker.id === brokers[i - 1]?.id)
  if (repeated !== undefined) return failed('protocol', `Metadata reply lists broker ${repeated.id} twice`)
  const partitions = rows.finish()
  if (!partitions.ok) return partitions
  return success({ clusterId, controllerId, brokers, partitions: partitions.value, refusedTopics })
}

function readBrokers(reader: Reader, flexible: boolean): readonly BrokerNode[] {
  const brokers: BrokerNode[] = []
  const count = reader.count(flexible, flexible ? 11 : 12)
  for (let i = 0; i < count && reader.ok(); i++) {
    brokers.push({
      id: reader.int32(),
      host: reader.string(flexible),
      port: reader.int32(),
      rack: reader.nullableString(flexible),
    })
    reader.tags(flexible)
  }
  return brokers.sort((a, b) => a.id - b.id)
}

/** Puts the topics into `rows`; gives the names of those that are refused. */
function readTopics(reader: Reader, version: number, rows: PartitionRows): readonly string[] {
  const flexible = version >= 9
  const refused: string[] = []
  const topics = reader.count(flexible, flexible ? 7 : 9)
  for (let t = 0; t < topics && reader.ok(); t++) {
    const error = reader.int16()
    const name = reader.nullableString(flexible)
    if (version >= 10) reader.skip(16) // topic id
    const internal = reader.boolean()
    const partitions = reader.count(flexible, 18)
    if (name === undefined && partitions > 0) reader.fail('partitions of a topic without a name')
    // A topic being deleted, or hidden by an ACL, comes with an error and without partitions: nothing is known of it.
    if (name !== undefined && (error === 0 || partitions > 0)) rows.topic(name, internal)
    else if (name !== undefined && error === errorCodes.topicAuthorizationFailed) refused.push(name)
    for (let p = 0; p < partitions && reader.ok(); p++) readPartition(reader, version, flexible, rows)
    if (version >= 8) reader.skip(4) // topic authorized operations
    reader.tags(flexible)
  }
  return refused
}

function readPartition(reader: Reader, version: number, flexible: boolean, rows: PartitionRows): void {
  reader.skip(2) // the error code repeats, less reliably, what leader -1 says
  rows.partition(reader.int32(), reader.int32(), version >= 7 ? reader.int32() : -1)
  rows.replicas.row(reader, flexible)
  rows.isr.row(reader, flexible)
  if (version >= 5) rows.offline.row(reader, flexible)
  else rows.offline.empty()
  reader.tags(flexible)
}
