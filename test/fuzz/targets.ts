import { failed, success, type FailureReason, type Result } from '../../src/model/result.ts'
import { apiVersionsCall } from '../../src/sources/kafka/api-versions.ts'
import { decodeDescribeConfigs } from '../../src/sources/kafka/describe-configs.ts'
import { decodeDescribeCluster } from '../../src/sources/kafka/describe-cluster.ts'
import { decodeDescribeQuorum } from '../../src/sources/kafka/describe-quorum.ts'
import { decodeDescribeTopicPartitions } from '../../src/sources/kafka/describe-topic-partitions.ts'
import { decodeFeatures } from '../../src/sources/kafka/features.ts'
import { decodeListOffsets } from '../../src/sources/kafka/list-offsets.ts'
import { decodeListReassignments } from '../../src/sources/kafka/list-reassignments.ts'
import { decodeMetadata } from '../../src/sources/kafka/metadata.ts'
import { readToken } from '../../src/sources/kafka/oauth-token.ts'
import { authenticateCall, handshakeCall } from '../../src/sources/kafka/sasl.ts'
import { Writer } from '../../src/sources/kafka/writer.ts'
import { JuteReader, JuteWriter } from '../../src/sources/zookeeper/client/jute.ts'
import {
  getChildren,
  getData,
  readConnectResponse,
  readHeader,
  readWatcherEvent,
  type Query,
} from '../../src/sources/zookeeper/client/protocol.ts'
import { readRecording } from '../fixtures/kafka/recording.ts'
import {
  describeClusterBody,
  describeQuorumBody,
  describeTopicPartitionsBody,
  featuresBody,
} from '../support/kraft-replies.ts'
import {
  apiVersionsBody,
  describeConfigsBody,
  listOffsetsBody,
  listReassignmentsBody,
  metadataBody,
  noTags,
  unknownTags,
} from '../support/replies.ts'
import { stat } from '../support/fake-zookeeper-session.ts'
import { parseRequest } from '../support/requests.ts'
import {
  clusterWrong,
  elrWrong,
  featuresWrong,
  quorumWrong,
  metadataWrong,
  offsetsWrong,
  prefixedWrong,
  reassignmentsWrong,
  resourcesWrong,
  tokenWrong,
  versionsWrong,
} from './invariants.ts'

/** One decoder in one version: valid replies to begin with, and what to make of any others. */
export interface Target {
  readonly name: string
  /** What mutations start from. */
  readonly valid: readonly Buffer[]
  /** What is wrong with what the decoder makes of these bytes; undefined when nothing is. Throws when the decoder does. */
  judge(reply: Buffer): { readonly ok: boolean; readonly wrong: string | undefined }
}

function target<T>(
  name: string,
  decode: (reply: Buffer) => Result<T>,
  made: readonly Buffer[],
  wrong: (value: T) => string | undefined,
  reasons: readonly FailureReason[] = ['protocol'],
): Target {
  return {
    name,
    valid: [...made, ...(recorded.get(name) ?? [])],
    judge(reply) {
      const result = decode(reply)
      if (result.ok) return { ok: true, wrong: wrong(result.value) }
      const { reason } = result.failure
      return { ok: false, wrong: reasons.includes(reason) ? undefined : `fails with ${reason}` }
    },
  }
}

/** Bodies of the recorded replies, by api and version. */
const recorded = new Map<string, Buffer[]>()
for (const { stages } of ['2.6.0', '3.9.1'].map(readRecording)) {
  for (const { api, version, request, reply } of stages.flatMap(({ exchanges }) => exchanges)) {
    const { flexible } = parseRequest(Buffer.from(request, 'base64').subarray(4))
    const bodies = recorded.get(`${api} v${version}`) ?? []
    recorded.set(`${api} v${version}`, [...bodies, Buffer.from(reply, 'base64').subarray(flexible ? 9 : 8)])
  }
}

const partition = { leader: 1, replicas: [1, 2, 3], isr: [1, 2], offline: [3], epoch: 7 }
const metadata = {
  clusterId: 'abc',
  controllerId: 1,
  brokers: [1, 2, 3].map((id) => ({ id, host: `kafka${id}`, port: 9092, ...(id === 2 && { rack: 'r' }) })),
  topics: [
    { name: 'b', partitions: [2, 0, 1].map((number) => ({ ...partition, partition: number })) },
    { name: 'a', internal: true, partitions: [{ ...partition, partition: 0, leader: -1, error: 5 }] },
    { name: 'hidden', error: 29, partitions: [] },
    { name: null, error: 3, partitions: [] },
  ],
}
const offsets = [
  { topic: 'a', partitions: [{ partition: 0, offset: 2n ** 40n }, { partition: 1, offset: -1n, error: 6 }] }, // prettier-ignore
  { topic: 'b', partitions: [{ partition: 0, offset: 0n }] },
]
const resources = [
  { type: 2, name: 'a', values: { 'min.insync.replicas': '2', secret: null } },
  { type: 2, name: 'hidden', error: 29 },
]
const reassignments = [{ topic: 'a', partition: 0, replicas: [3, 1, 2], adding: [3], removing: [1] }]
const quorum = { voters: [1, 2, 3].map((id) => ({ id, end: BigInt(id - 2) })), observers: [{ id: 4, fetched: -1n }] }
const refusedQuorums = [{ error: 31 }, { partitionError: 6 }]
const elr = [
  { name: 'a', partitions: [{ partition: 0, eligible: [1, 2], lastKnown: [] }, { partition: 1, eligible: null, lastKnown: null }] }, // prettier-ignore
  { name: null, error: 3, partitions: [] },
]
const withAndWithout = [noTags, unknownTags]

function versions(from: number, to: number): readonly number[] {
  return Array.from({ length: to - from + 1 }, (_, i) => from + i)
}

function tokenResult(reply: Buffer): Result<ReturnType<typeof readToken>> {
  try {
    return success(readToken(reply.toString()))
  } catch (error) {
    // The one reader whose failures are errors, as kafkajs wants them: they must not quote what may be a token.
    const isOurs = error instanceof Error && /^the token endpoint (gave no access_token|answered with what is no JSON)$/.test(error.message) // prettier-ignore
    return isOurs ? failed('auth', error.message) : failed('protocol', String(error))
  }
}

/** A reply of ZooKeeper's as its connection reads it. */
function reply<T>(query: Pick<Query<T>, 'decode'>): (bytes: Buffer) => Result<T> {
  return (bytes) => {
    const body = new JuteReader(bytes)
    readHeader(body)
    const value = query.decode(body)
    return body.failure === undefined ? success(value) : failed('protocol', body.failure)
  }
}

const header = (xid: number): JuteWriter => new JuteWriter().int(xid).long(0x100000001n).int(0)
const body = (writer: JuteWriter): Buffer => writer.frame().subarray(4)
const node = { data: Buffer.from('{"brokerid":1}'), owner: 5n, czxid: 7n }

/** Every decoder in every version. A new one is a new row. */
export const targets: readonly Target[] = [
  ...versions(4, 12).map((v) => target(`Metadata v${v}`, (reply) => decodeMetadata(reply, v), withAndWithout.map((tags) => metadataBody(v, metadata, tags)), metadataWrong)), // prettier-ignore
  ...versions(1, 6).map((v) => target(`ListOffsets v${v}`, (reply) => decodeListOffsets(reply, v), withAndWithout.map((tags) => listOffsetsBody(v, offsets, tags)), offsetsWrong)), // prettier-ignore
  ...versions(1, 4).map((v) => target(`DescribeConfigs v${v}`, (reply) => decodeDescribeConfigs(reply, v), withAndWithout.map((tags) => describeConfigsBody(v, resources, tags)), resourcesWrong)), // prettier-ignore
  target('ListPartitionReassignments v0', decodeListReassignments, withAndWithout.map((tags) => listReassignmentsBody(reassignments, 0, tags)), reassignmentsWrong), // prettier-ignore
  ...versions(0, 2).map((v) => target(`DescribeQuorum v${v}`, (reply) => decodeDescribeQuorum(reply, v), [...withAndWithout.map((tags) => describeQuorumBody(v, quorum, tags)), ...refusedQuorums.map((refused) => describeQuorumBody(v, refused))], quorumWrong)), // prettier-ignore
  ...versions(0, 2).map((v) => target(`DescribeCluster v${v}`, (reply) => decodeDescribeCluster(reply, v), withAndWithout.map((tags) => describeClusterBody(v, { fenced: [2] }, tags)), clusterWrong)), // prettier-ignore
  target('DescribeTopicPartitions v0', decodeDescribeTopicPartitions, withAndWithout.map((tags) => describeTopicPartitionsBody(elr, { topic: 'b', partition: 7 }, tags)), elrWrong), // prettier-ignore
  target('ApiVersions v3', decodeFeatures, [featuresBody({ 'metadata.version': 27, 'kraft.version': 1 })], featuresWrong), // prettier-ignore
  target('ApiVersions v0', (reply) => apiVersionsCall.decode(reply), [apiVersionsBody({ 2: [0, 6], 3: [0, 12], 55: [0, 1] })], versionsWrong), // prettier-ignore
  target('SaslHandshake v1', (reply) => handshakeCall('PLAIN').decode(reply), [new Writer().int16(0).int32(2).string('PLAIN', false).string('SCRAM-SHA-512', false).finish()], () => undefined, ['protocol', 'auth']), // prettier-ignore
  target('SaslAuthenticate v0', (reply) => authenticateCall(Buffer.alloc(0)).decode(reply), [new Writer().int16(0).string(null, false).int32(5).raw(Buffer.from('r=abc')).finish(), new Writer().int16(58).string('no', false).int32(-1).finish()], prefixedWrong, ['protocol', 'auth']), // prettier-ignore
  target('OAuth token', tokenResult, [Buffer.from('{"access_token":"abc.def.ghi","token_type":"Bearer","expires_in":3600}')], tokenWrong, ['auth']), // prettier-ignore
  target('ZooKeeper connect', readConnectResponse, [body(new JuteWriter().int(0).int(9_000).long(5n).buffer(Buffer.alloc(16)).boolean(false))], () => undefined), // prettier-ignore
  target('ZooKeeper getData', reply(getData('/')), [body(stat(header(1).buffer(node.data), node))], ({ data }) => (data.length < 1e6 ? undefined : 'long data')), // prettier-ignore
  target('ZooKeeper getChildren', reply(getChildren('/')), [body(header(1).int(3).string('1').string('2').string('ä'))], (names) => (names.every((name) => typeof name === 'string') ? undefined : 'no names')), // prettier-ignore
  target('ZooKeeper watcher event', reply({ decode: readWatcherEvent }), [body(header(-1).int(4).int(3).string('/brokers/ids'))], () => undefined), // prettier-ignore
]
