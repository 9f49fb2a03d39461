import { failed, success, type Result } from '../../model/result.ts'
import { commonVersion, type ApiVersions, type Call } from './api.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const mostNodes = 20_000

/** Whose nodes are listed: those of whom the brokers know, or (KIP-919) the controllers, asked of one. */
const endpoints = { brokers: 1, controllers: 2 } as const

export interface DescribedCluster {
  /** 0, or Kafka's error code: then nothing is listed. */
  readonly error: number
  readonly clusterId: string
  readonly nodes: readonly number[]
  /** Of `nodes`, those that are registered but not admitted; undefined: this version does not say. */
  readonly fenced: ReadonlySet<number> | undefined
}

/**
 * DescribeCluster, which the asked node answers from its own memory. `least` is the oldest version of use: 1 for controllers, 2
 * for fenced brokers (Kafka 4.0). undefined: not offered.
 */
export function describeClusterCall(
  versions: ApiVersions,
  endpoint: keyof typeof endpoints,
  least: 0 | 1 | 2,
): Call<DescribedCluster> | undefined {
  const version = commonVersion(versions, 'DescribeCluster', least, 2)
  if (version === undefined) return undefined
  const body = new Writer().int8(0)
  if (version >= 1) body.int8(endpoints[endpoint])
  if (version >= 2) body.int8(endpoint === 'brokers' ? 1 : 0) // fenced ones too
  return {
    api: 'DescribeCluster',
    version,
    flexible: true,
    body: body.tags(true).finish(),
    decode: (reply) => decodeDescribeCluster(reply, version),
  }
}

/** Exported for tests; replies are read by `describeClusterCall().decode`. */
export function decodeDescribeCluster(reply: Buffer, version: number): Result<DescribedCluster> {
  const reader = new Reader(reply)
  reader.skip(4) // throttle time
  const error = reader.int16()
  reader.nullableString(true) // error message
  if (version >= 1) reader.skip(1) // endpoint type
  const clusterId = reader.string(true)
  reader.skip(4) // controller: a random broker
  const nodes: number[] = []
  const fenced = new Set<number>()
  const count = reader.count(true, 11, mostNodes)
  for (let n = 0; n < count && reader.ok(); n++) {
    const id = reader.int32()
    reader.string(true) // host
    reader.skip(4) // port
    reader.nullableString(true) // rack
    if (version >= 2 && reader.boolean()) fenced.add(id)
    reader.tags(true)
    nodes.push(id)
  }
  reader.skip(4) // authorized operations
  reader.tags(true)
  if (reader.failure !== undefined) return failed('protocol', `DescribeCluster reply: ${reader.failure}`)
  if (error !== 0) return success({ error, clusterId: '', nodes: [], fenced: undefined })
  return success({ error, clusterId, nodes, fenced: version >= 2 ? fenced : undefined })
}
