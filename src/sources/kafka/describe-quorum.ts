import type { QuorumDescription, Replica } from '../../model/kraft-quorum.ts'
import { failed, success, type Result } from '../../model/result.ts'
import { commonVersion, type ApiVersions, type Call } from './api.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const metadataTopic = '__cluster_metadata'
/** More voters and observers than any cluster has brokers. */
const mostReplicas = 20_000
/** Of topics, partitions and nodes, where one and a few are expected. */
const mostOthers = 20_000

export interface DescribedQuorum {
  /** 0, or Kafka's error code: of the whole reply, else of the partition. */
  readonly error: number
  /** undefined on an error: what the body says then is nothing (leader 0, epoch 0). */
  readonly quorum: QuorumDescription | undefined
}

/** DescribeQuorum for the metadata log, its only topic. undefined: not offered (ZooKeeper mode, before Kafka 3.0). */
export function describeQuorumCall(versions: ApiVersions): Call<DescribedQuorum> | undefined {
  const version = commonVersion(versions, 'DescribeQuorum', 0, 2)
  if (version === undefined) return undefined
  const body = new Writer().count(1, true).string(metadataTopic, true).count(1, true).int32(0)
  return {
    api: 'DescribeQuorum',
    version,
    flexible: true,
    // The ends of the partition, the topic and the request.
    body: body.tags(true).tags(true).tags(true).finish(),
    decode: (reply) => decodeDescribeQuorum(reply, version),
  }
}

/** Exported for tests; replies are read by `describeQuorumCall().decode`. */
export function decodeDescribeQuorum(reply: Buffer, version: number): Result<DescribedQuorum> {
  const reader = new Reader(reply)
  const error = reader.int16()
  if (version >= 2) reader.nullableString(true) // error message
  let described: DescribedQuorum | undefined
  const topics = reader.count(true, 3, mostOthers)
  for (let t = 0; t < topics && reader.ok(); t++) {
    const topic = reader.string(true)
    const partitions = reader.count(true, 25, mostOthers)
    for (let p = 0; p < partitions && reader.ok(); p++) {
      const partition = reader.int32()
      const told = readPartition(reader, version)
      if (topic === metadataTopic && partition === 0) described ??= told
    }
    reader.tags(true)
  }
  if (version >= 2) skipNodes(reader)
  reader.tags(true)
  if (reader.failure !== undefined) return failed('protocol', `DescribeQuorum reply: ${reader.failure}`)
  if (error !== 0) return success({ error, quorum: undefined })
  return described ? success(described) : failed('protocol', 'DescribeQuorum reply without the metadata partition')
}

function readPartition(reader: Reader, version: number): DescribedQuorum {
  const error = reader.int16()
  if (version >= 2) reader.nullableString(true) // error message
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const highWatermark = reader.int64()
  const voters = readReplicas(reader, version, leaderId)
  const observers = readReplicas(reader, version, leaderId)
  reader.tags(true)
  return { error, quorum: error === 0 ? { leaderId, leaderEpoch, highWatermark, voters, observers } : undefined }
}

function readReplicas(reader: Reader, version: number, leaderId: number): readonly Replica[] {
  const count = reader.count(true, 13, mostReplicas)
  const replicas: Replica[] = []
  for (let r = 0; r < count && reader.ok(); r++) {
    const id = reader.int32()
    if (version >= 2) reader.skip(16) // directory id
    const logEndOffset = reader.int64()
    const fetched = version >= 1 ? known(reader.int64()) : undefined
    const lastCaughtUpMs = version >= 1 ? known(reader.int64()) : undefined
    // The leader fetches from nobody: in its place stands its now, which it gives as its last catching up.
    replicas.push({ id, logEndOffset, lastFetchMs: id === leaderId ? lastCaughtUpMs : fetched, lastCaughtUpMs })
    reader.tags(true)
  }
  return replicas
}

function known(ms: number): number | undefined {
  return ms < 0 ? undefined : ms
}

/** Where the nodes listen: what the user gave is what is asked. */
function skipNodes(reader: Reader): void {
  const nodes = reader.count(true, 6, mostOthers)
  for (let n = 0; n < nodes && reader.ok(); n++) {
    reader.skip(4)
    const listeners = reader.count(true, 5, mostOthers)
    for (let l = 0; l < listeners && reader.ok(); l++) {
      reader.string(true)
      reader.string(true)
      reader.skip(2)
      reader.tags(true)
    }
    reader.tags(true)
  }
}
