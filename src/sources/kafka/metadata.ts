import { failed, success, type Result } from '../../model/result.ts'
import type { IntLists } from '../../model/int-lists.ts'
import type { BrokerNode, ClusterMetadata, Partitions } from '../../model/topology.ts'
import { commonVersion, errorCodes, type ApiVersions, type Call } from './api.ts'
import { PartitionRows, type OrderedRows } from './partition-rows.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** v4 is the first that can ask without creating topics; leader epochs come with v7, topic ids with v10. */
const oldest = 4
const newest = 12
const noTopicId = Buffer.alloc(16)

/** More than any cluster has. A reply of some millions of empty ones costs minutes and gigabytes. */
const mostTopics = 500_000
const mostBrokers = 10_000
const mostPartitions = 2_000_000
/** Kafka's own limit: label text of every partition repeats the name. */
const longestTopicName = 249

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
  const { rows, totals, refusedTopics } = readTopics(reader, version, flexible)
  if (reader.failure !== undefined) return failed('protocol', `Metadata v${version} reply: ${reader.failure}`)
  const repeated = brokers.find((broker, i) => broker.id === brokers[i - 1]?.id)
  if (repeated !== undefined) return failed('protocol', `Metadata reply lists broker ${repeated.id} twice`)
  const ordered = rows.finish()
  if (!ordered.ok) return ordered
  const partitions = readColumns(reader, version, flexible, ordered.value, totals)
  return success({ clusterId, controllerId, brokers, partitions, refusedTopics })
}

function readBrokers(reader: Reader, flexible: boolean): readonly BrokerNode[] {
  const brokers: BrokerNode[] = []
  const count = reader.count(flexible, flexible ? 11 : 12, mostBrokers)
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

/** Broker ids in the lists of all partitions together. */
interface Totals {
  replicas: number
  isr: number
  offline: number
}

/** First pass: which partitions there are, where each one's fields begin, and how long the columns will be. */
function readTopics(
  reader: Reader,
  version: number,
  flexible: boolean,
): { readonly rows: PartitionRows; readonly totals: Totals; readonly refusedTopics: readonly string[] } {
  const rows = new PartitionRows()
  const refusedTopics: string[] = []
  const totals = { replicas: 0, isr: 0, offline: 0 }
  const topics = reader.count(flexible, flexible ? 7 : 9, mostTopics)
  for (let t = 0; t < topics && reader.ok(); t++) {
    const error = reader.int16()
    const name = reader.nullableString(flexible)
    if (version >= 10) reader.skip(16) // topic id
    const internal = reader.boolean()
    const partitions = reader.count(flexible, 18, mostPartitions - rows.count)
    if (name !== undefined && name.length > longestTopicName) reader.fail(`topic name of ${name.length} characters`)
    if (name === undefined && partitions > 0) reader.fail('partitions of a topic without a name')
    // A topic being deleted, or hidden by an ACL, comes with an error and without partitions: nothing is known of it.
    if (name !== undefined && (error === 0 || partitions > 0)) rows.topic(name, internal)
    else if (name !== undefined && error === errorCodes.topicAuthorizationFailed) refusedTopics.push(name)
    for (let p = 0; p < partitions && reader.ok(); p++) {
      reader.skip(2) // the error code repeats, less reliably, what leader -1 says
      const partition = reader.int32()
      rows.partition(partition, reader.at)
      reader.skip(version >= 7 ? 8 : 4) // leader and its epoch
      totals.replicas += reader.skipInts(flexible)
      totals.isr += reader.skipInts(flexible)
      if (version >= 5) totals.offline += reader.skipInts(flexible)
      reader.tags(flexible)
    }
    if (version >= 8) reader.skip(4) // topic authorized operations
    reader.tags(flexible)
  }
  return { rows, totals, refusedTopics }
}

/** Second pass, in the order of the rows, over bytes that the first has found whole. */
function readColumns(
  reader: Reader,
  version: number,
  flexible: boolean,
  { layout, at }: OrderedRows,
  totals: Totals,
): Partitions {
  const count = at.length
  const leader = new Int32Array(count)
  const leaderEpoch = new Int32Array(count).fill(-1)
  const lists = (total: number): IntLists => ({ starts: new Int32Array(count + 1), values: new Int32Array(total) })
  const replicas = lists(totals.replicas)
  const isr = lists(totals.isr)
  const offline = lists(totals.offline)
  const readList = ({ starts, values }: IntLists, row: number): void => {
    starts[row + 1] = reader.ints(flexible, values, starts[row] ?? 0)
  }
  for (let row = 0; row < count; row++) {
    reader.goTo(at[row] ?? 0)
    leader[row] = reader.int32()
    if (version >= 7) leaderEpoch[row] = reader.int32()
    readList(replicas, row)
    readList(isr, row)
    if (version >= 5) readList(offline, row)
  }
  return { layout, leader, leaderEpoch, replicas, isr, offline }
}
