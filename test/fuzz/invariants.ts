import type { DescribedCluster } from '../../src/sources/kafka/describe-cluster.ts'
import type { DescribedQuorum } from '../../src/sources/kafka/describe-quorum.ts'
import type { DescribedPartitions } from '../../src/sources/kafka/describe-topic-partitions.ts'
import type { FinalizedFeatures } from '../../src/sources/kafka/features.ts'
import type { DescribedResource } from '../../src/sources/kafka/describe-configs.ts'
import type { ListedReassignments } from '../../src/sources/kafka/list-reassignments.ts'
import type { IntLists } from '../../src/model/int-lists.ts'
import type { ClusterMetadata, Layout, Partitions } from '../../src/model/topology.ts'
import type { ApiVersions } from '../../src/sources/kafka/api.ts'
import type { ToldOffsets } from '../../src/sources/kafka/list-offsets.ts'
import { topicsOf } from '../support/told-offsets.ts'
import { merge, single } from '../../src/sources/kafka/merge.ts'

/** What the rest of the house relies on in a decoded value. Each gives what is wrong, undefined when nothing is. */

const longestString = 0x7fff

export function metadataWrong(metadata: ClusterMetadata): string | undefined {
  const { brokers, clusterId, controllerId } = metadata
  if (!isInt32(controllerId)) return `controller ${controllerId}`
  if (!isText(clusterId)) return 'cluster id'
  for (const [i, { id, host, port, rack }] of brokers.entries()) {
    if (!isInt32(id) || !isInt32(port) || !isText(host) || !isText(rack)) return `fields of broker ${id}`
    if (i > 0 && id <= (brokers[i - 1]?.id ?? id)) return `broker ${id} out of order, or twice`
  }
  return partitionsWrong(metadata.partitions) ?? mergedWrong(metadata)
}

/** Two brokers' answers meet in `merge`: it has to take whatever the decoder lets through. */
function mergedWrong(metadata: ClusterMetadata): string | undefined {
  const shared = { from: 'a:1', metadata }
  const other = { from: 'b:1', metadata: { ...metadata, controllerId: metadata.controllerId ^ 1 } }
  const wrong = partitionsWrong(merge([shared, other], false).partitions) ?? partitionsWrong(single(shared).partitions)
  return wrong && `merged: ${wrong}`
}

function partitionsWrong({ layout, leader, leaderEpoch, replicas, isr, offline }: Partitions): string | undefined {
  const rows = layout.partition.length
  if (leader.length !== rows || leaderEpoch.length !== rows) return 'columns of different lengths'
  return layoutWrong(layout) ?? listsWrong(replicas, rows) ?? listsWrong(isr, rows) ?? listsWrong(offline, rows)
}

function layoutWrong({ topics, topicOf, partition }: Layout): string | undefined {
  if (topicOf.length !== partition.length) return 'layout columns of different lengths'
  let first = 0
  for (const [t, topic] of topics.entries()) {
    const before = topics[t - 1]?.name
    if (!isText(topic.name) || (before !== undefined && topic.name <= before))
      return `topic ${t} out of order, or twice`
    if (topic.first !== first || topic.count < 0) return `rows of topic ${t}`
    for (let row = first; row < first + topic.count; row++) {
      if (topicOf[row] !== t) return `topic of row ${row}`
      if (row > first && (partition[row] ?? 0) <= (partition[row - 1] ?? 0)) return `row ${row} out of order, or twice`
    }
    first += topic.count
  }
  return first === partition.length ? undefined : `${partition.length} rows, ${first} of topics`
}

function listsWrong({ starts, values }: IntLists, rows: number): string | undefined {
  if (starts.length !== rows + 1 || starts[0] !== 0 || starts[rows] !== values.length) return 'ends of lists'
  for (let row = 0; row < rows; row++) if ((starts[row + 1] ?? 0) < (starts[row] ?? 0)) return `start of list ${row}`
  return undefined
}

export function offsetsWrong(told: ToldOffsets): string | undefined {
  let last = 0
  for (const { first, end } of told.topics) {
    if (first !== last || end < first) return `a topic from ${first} to ${end} after ${last}`
    last = end
  }
  if (last > told.partitions.length) return `${last} partitions in ${told.partitions.length} rows`
  for (const { topic, partitions, offsets, errors } of topicsOf(told)) {
    if (!isText(topic)) return 'topic name'
    if (offsets.length !== partitions.length || errors.length !== partitions.length)
      return 'columns of different lengths'
    for (const [i, offset] of offsets.entries()) {
      if (Number.isNaN(offset)) continue
      if (errors[i] !== 0 || !(offset >= 0) || !Number.isFinite(offset))
        return `offset ${offset} with error ${errors[i]}`
    }
  }
  return undefined
}

export function resourcesWrong(resources: readonly DescribedResource[]): string | undefined {
  for (const { name, error, values } of resources) {
    if (!isText(name) || !isInt32(error)) return `resource ${name} with error ${error}`
    for (const [key, value] of values) if (!isText(key) || !isText(value)) return `setting ${key}`
  }
  return undefined
}

export function reassignmentsWrong({ error, partitions }: ListedReassignments): string | undefined {
  if (!isInt32(error)) return `error ${error}`
  const wrong = partitions.find(({ topic, partition, adding }) => {
    return !isText(topic) || !isInt32(partition) || !adding.every(isInt32)
  })
  return wrong && `reassignment of ${wrong.topic}-${wrong.partition}`
}

export function quorumWrong({ error, quorum }: DescribedQuorum): string | undefined {
  if (!isInt32(error)) return `error ${error}`
  if ((error === 0) !== (quorum !== undefined))
    return `error ${error} ${quorum === undefined ? 'without' : 'with'} a body`
  if (quorum === undefined) return undefined
  if (!isInt32(quorum.leaderId) || !isInt32(quorum.leaderEpoch) || !Number.isInteger(quorum.highWatermark))
    return 'head'
  const isTime = (ms: number | undefined): boolean => ms === undefined || (Number.isInteger(ms) && ms >= 0)
  const wrong = [...quorum.voters, ...quorum.observers].find(({ id, logEndOffset, lastFetchMs, lastCaughtUpMs }) => {
    return !isInt32(id) || !Number.isInteger(logEndOffset) || !isTime(lastFetchMs) || !isTime(lastCaughtUpMs)
  })
  return wrong && `replica ${wrong.id}`
}

export function clusterWrong({ error, clusterId, nodes, fenced }: DescribedCluster): string | undefined {
  if (!isInt32(error) || !isText(clusterId) || !nodes.every(isInt32)) return 'a field'
  return [...(fenced ?? [])].every((id) => nodes.includes(id)) ? undefined : 'a fenced node that is not listed'
}

export function elrWrong({ partitions, next }: DescribedPartitions): string | undefined {
  const wrong = partitions.find(({ topic, partition, eligible, lastKnown, leaderEpoch }) => {
    return !isText(topic) || ![partition, leaderEpoch, ...eligible, ...lastKnown].every(isInt32)
  })
  if (wrong !== undefined) return `partition ${wrong.topic}-${wrong.partition}`
  return next === undefined || (isText(next.topic) && isInt32(next.partition)) ? undefined : 'cursor'
}

export function featuresWrong(features: FinalizedFeatures): string | undefined {
  for (const [name, level] of features ?? []) if (!isText(name) || !isInt32(level)) return `feature ${name}`
  return undefined
}

export function versionsWrong(versions: ApiVersions): string | undefined {
  for (const [key, { min, max }] of versions) if (![key, min, max].every(isInt32)) return `versions of api ${key}`
  return undefined
}

/** As kafkajs takes it: an int32 and as many bytes. */
export function prefixedWrong(bytes: Buffer): string | undefined {
  return bytes.readInt32BE(0) === bytes.length - 4
    ? undefined
    : `${bytes.length} bytes prefixed with ${bytes.readInt32BE(0)}`
}

export function tokenWrong({ token, lifeMs }: { readonly token: string; readonly lifeMs: number }): string | undefined {
  if (typeof token !== 'string' || token === '') return 'token'
  return lifeMs > 0 && Number.isFinite(lifeMs) ? undefined : `life of ${lifeMs} ms`
}

function isInt32(value: number): boolean {
  return Number.isInteger(value) && value === (value | 0)
}

function isText(text: string | undefined): boolean {
  return text === undefined || (typeof text === 'string' && text.length <= longestString)
}
