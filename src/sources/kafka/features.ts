import { failed, success, type Result } from '../../model/result.ts'
import { commonVersion, type ApiVersions, type Call } from './api.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

const mostApis = 5_000
const mostFeatures = 5_000
/** Tags of the fields that follow the ones every broker sends. */
const tags = { supported: 0, epoch: 1, finalized: 2 } as const

/** Feature -> level that the whole cluster has been brought to; undefined: not known to who was asked. */
export type FinalizedFeatures = ReadonlyMap<string, number> | undefined

/** ApiVersions again, in a version that tells of features (KIP-584, Kafka 2.7). undefined: not offered. */
export function featuresCall(versions: ApiVersions): Call<FinalizedFeatures> | undefined {
  const version = commonVersion(versions, 'ApiVersions', 3, 4)
  if (version === undefined) return undefined
  return {
    api: 'ApiVersions',
    version,
    flexible: true,
    plainReply: true,
    // The software's name and version; brokers take letters, digits, dots and dashes.
    body: new Writer().string('kafka-ha-exporter', true).string('1', true).tags(true).finish(),
    decode: decodeFeatures,
  }
}

/** Exported for tests; replies are read by `featuresCall().decode`. */
export function decodeFeatures(reply: Buffer): Result<FinalizedFeatures> {
  const reader = new Reader(reply)
  const error = reader.int16()
  const apis = reader.count(true, 7, mostApis)
  for (let a = 0; a < apis && reader.ok(); a++) {
    reader.skip(6)
    reader.tags(true)
  }
  reader.skip(4) // throttle time
  let epoch = -1
  const finalized = new Map<string, number>()
  const fields = reader.uvarint()
  for (let f = 0; f < fields && reader.ok(); f++) {
    const tag = reader.uvarint()
    const size = reader.uvarint()
    const end = reader.at + size
    if (tag === tags.epoch) epoch = reader.int64()
    else if (tag === tags.finalized) readFinalized(reader, finalized)
    if (reader.ok() && reader.at > end) reader.fail('a tagged field beyond its end')
    reader.skip(end - reader.at)
  }
  if (reader.failure !== undefined) return failed('protocol', `ApiVersions reply: ${reader.failure}`)
  if (error !== 0) return failed('protocol', `ApiVersions refused with error ${error}`)
  return success(epoch < 0 ? undefined : finalized)
}

function readFinalized(reader: Reader, into: Map<string, number>): void {
  const count = reader.count(true, 6, mostFeatures)
  for (let i = 0; i < count && reader.ok(); i++) {
    const name = reader.string(true)
    const level = reader.int16()
    reader.skip(2) // lowest level, which equals the highest
    reader.tags(true)
    into.set(name, level)
  }
}
