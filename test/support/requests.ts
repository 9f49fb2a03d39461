import { apiKeys, type ApiName } from '../../src/sources/kafka/api.ts'
import { Reader } from '../../src/sources/kafka/reader.ts'

/** One request as a broker reads it. */
export interface Request {
  readonly api: ApiName
  readonly version: number
  readonly correlationId: number
  readonly clientId: string
  readonly flexible: boolean
  readonly body: Buffer
}

export type RequestBody = Pick<Request, 'version' | 'flexible' | 'body'>

export interface OffsetsAsked {
  readonly topic: string
  readonly partition: number
  readonly timestamp: number
}

const flexibleFrom: Readonly<Record<ApiName, number>> = {
  Metadata: 9,
  ListOffsets: 6,
  ApiVersions: 3,
  SaslHandshake: 2,
  SaslAuthenticate: 2,
  DescribeConfigs: 4,
  ListPartitionReassignments: 0,
  DescribeQuorum: 0,
  DescribeCluster: 0,
  DescribeTopicPartitions: 0,
}

/** Throws on what a broker would not take: it is a test that fails then. `frame` is without its size. */
export function parseRequest(frame: Buffer): Request {
  const reader = new Reader(frame)
  const key = reader.int16()
  const version = reader.int16()
  const correlationId = reader.int32()
  const clientId = reader.string(false)
  const api = (Object.keys(apiKeys) as ApiName[]).find((name) => apiKeys[name] === key)
  if (api === undefined) throw new Error(`request with api key ${key}`)
  const flexible = version >= flexibleFrom[api]
  reader.tags(flexible)
  if (!reader.ok()) throw new Error(`request header of ${api}: ${reader.failure}`)
  const body = frame.subarray(frame.length - reader.remaining)
  return { api, version, correlationId, clientId, flexible, body }
}

/** Topics of a Metadata request, undefined for all. */
export function topicsAsked({ body, flexible }: Pick<Request, 'body' | 'flexible'>): number | undefined {
  const reader = new Reader(body)
  const count = flexible ? reader.uvarint() - 1 : reader.int32()
  return count < 0 ? undefined : count
}

/** Names of a Metadata request, empty for all and for none. */
export function namesAsked({ body, version, flexible }: Request): readonly string[] {
  const reader = new Reader(body)
  const count = flexible ? reader.uvarint() - 1 : reader.int32()
  const names: string[] = []
  for (let i = 0; i < count; i++) {
    if (version >= 10) reader.skip(16)
    names.push(reader.string(flexible))
    reader.tags(flexible)
  }
  if (!reader.ok()) throw new Error(`Metadata v${version} request: ${reader.failure}`)
  return names
}

export interface ConfigsAsked {
  readonly type: number
  readonly name: string
  readonly keys: readonly string[]
}

export function configsAsked({ body, version, flexible }: Request): readonly ConfigsAsked[] {
  const reader = new Reader(body)
  const asked: ConfigsAsked[] = []
  const count = reader.count(flexible, 1)
  for (let r = 0; r < count; r++) {
    const type = reader.int8()
    const name = reader.string(flexible)
    const keys = Array.from({ length: reader.count(flexible, 1) }, () => reader.string(flexible))
    reader.tags(flexible)
    asked.push({ type, name, keys })
  }
  reader.skip(version >= 3 ? 2 : 1)
  reader.tags(flexible)
  if (!reader.ok() || reader.remaining > 0) {
    throw new Error(`DescribeConfigs v${version} request: ${reader.failure ?? `${reader.remaining} bytes left`}`)
  }
  return asked
}

export function offsetsAsked({ body, version, flexible }: RequestBody): readonly OffsetsAsked[] {
  const reader = new Reader(body)
  const asked: OffsetsAsked[] = []
  const replica = reader.int32()
  const isolation = version >= 2 ? reader.int8() : 0
  const topics = reader.count(flexible, 1)
  for (let t = 0; t < topics; t++) {
    const topic = reader.string(flexible)
    const partitions = reader.count(flexible, 1)
    for (let p = 0; p < partitions; p++) {
      const partition = reader.int32()
      if (version >= 4) reader.skip(4)
      asked.push({ topic, partition, timestamp: reader.int64() })
      reader.tags(flexible)
    }
    reader.tags(flexible)
  }
  reader.tags(flexible)
  if (!reader.ok() || reader.remaining > 0 || replica !== -1 || isolation !== 0) {
    throw new Error(`ListOffsets v${version} request: ${reader.failure ?? `${reader.remaining} bytes left`}`)
  }
  return asked
}
