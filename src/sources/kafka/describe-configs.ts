import { failed, success, type Result } from '../../model/result.ts'
import { commonVersion, type ApiVersions, type Call } from './api.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** v1 is the first that says whether a value is inherited; v4 is flexible. */
const oldest = 1
const newest = 4

const resourceTypes = { topic: 2, broker: 4 } as const

/** What one topic or broker answered. */
export interface DescribedResource {
  readonly name: string
  /** 0, or Kafka's error code: then there are no values. */
  readonly error: number
  /** Effective values by key: own setting, else inherited. A value that Kafka keeps secret is left out. */
  readonly values: ReadonlyMap<string, string>
}

/** DescribeConfigs for named keys of some topics or brokers. undefined: the broker speaks no version from v1 to v4. */
export function describeConfigsCall(
  versions: ApiVersions,
  type: keyof typeof resourceTypes,
  names: readonly string[],
  keys: readonly string[],
): Call<readonly DescribedResource[]> | undefined {
  const version = commonVersion(versions, 'DescribeConfigs', oldest, newest)
  if (version === undefined) return undefined
  const flexible = version >= 4
  const body = new Writer().count(names.length, flexible)
  for (const name of names) {
    body.int8(resourceTypes[type]).string(name, flexible).count(keys.length, flexible)
    for (const key of keys) body.string(key, flexible)
    body.tags(flexible)
  }
  body.int8(0) // no synonyms
  if (version >= 3) body.int8(0) // no documentation
  return {
    api: 'DescribeConfigs',
    version,
    flexible,
    body: body.tags(flexible).finish(),
    decode: (reply) => decodeDescribeConfigs(reply, version, names.length),
  }
}

/** Exported for tests of every version; replies are read by `describeConfigsCall().decode`. `most`: resources asked for. */
export function decodeDescribeConfigs(
  reply: Buffer,
  version: number,
  most?: number,
): Result<readonly DescribedResource[]> {
  const flexible = version >= 4
  const reader = new Reader(reply)
  reader.skip(4) // throttle time
  const resources: DescribedResource[] = []
  const count = reader.count(flexible, flexible ? 7 : 11, most)
  for (let r = 0; r < count && reader.ok(); r++) {
    const error = reader.int16()
    reader.nullableString(flexible) // error message
    reader.skip(1) // resource type
    const name = reader.string(flexible)
    const values = readValues(reader, version, flexible)
    reader.tags(flexible)
    resources.push({ name, error, values })
  }
  reader.tags(flexible)
  if (reader.failure !== undefined) return failed('protocol', `DescribeConfigs v${version} reply: ${reader.failure}`)
  return success(resources)
}

function readValues(reader: Reader, version: number, flexible: boolean): ReadonlyMap<string, string> {
  const values = new Map<string, string>()
  const count = reader.count(flexible, flexible ? 6 : 11)
  for (let c = 0; c < count && reader.ok(); c++) {
    const key = reader.string(flexible)
    const value = reader.nullableString(flexible)
    reader.skip(1) // read only
    reader.skip(1) // source
    const secret = reader.boolean()
    const synonyms = reader.count(flexible, flexible ? 4 : 5)
    for (let s = 0; s < synonyms && reader.ok(); s++) {
      reader.nullableString(flexible)
      reader.nullableString(flexible)
      reader.skip(1)
      reader.tags(flexible)
    }
    if (version >= 3) {
      reader.skip(1) // type
      reader.nullableString(flexible) // documentation
    }
    reader.tags(flexible)
    if (value !== undefined && !secret) values.set(key, value)
  }
  return values
}
