import { failed, success, type Result } from '../../model/result.ts'
import type { Layout } from '../../model/topology.ts'
import { commonVersion, type ApiVersions, type Call } from './api.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** Log end (the high watermark, at isolation level 0) and log start. */
export const latest = -1
export const earliest = -2

const oldest = 1
const newest = 6

/** A topic of a reply and its partitions' offsets; NaN where the partition carries an error. */
export interface TopicOffsets {
  readonly topic: string
  readonly partitions: Int32Array
  readonly offsets: Float64Array
  readonly errors: Int16Array
}

/**
 * One ListOffsets request for the given rows of a layout (ascending, so that each topic's rows stand together). undefined:
 * the broker speaks no version from v1 to v6.
 */
export function listOffsetsCall(
  versions: ApiVersions,
  layout: Layout,
  rows: Int32Array,
  timestamp: typeof latest | typeof earliest,
): Call<readonly TopicOffsets[]> | undefined {
  const version = commonVersion(versions, 'ListOffsets', oldest, newest)
  if (version === undefined) return undefined
  const flexible = version >= 6
  const body = new Writer().int32(-1) // an ordinary consumer
  if (version >= 2) body.int8(0) // read_uncommitted: the high watermark, not the last stable offset
  const starts = topicStarts(layout, rows)
  body.count(starts.length - 1, flexible)
  for (let t = 0; t + 1 < starts.length; t++) {
    const from = starts[t] ?? 0
    const to = starts[t + 1] ?? 0
    body.string(layout.topics[layout.topicOf[rows[from] ?? 0] ?? 0]?.name ?? '', flexible).count(to - from, flexible)
    for (let i = from; i < to; i++) {
      body.int32(layout.partition[rows[i] ?? 0] ?? 0)
      if (version >= 4) body.int32(-1) // no leader epoch: an answer from any leader is wanted
      body.int64(BigInt(timestamp)).tags(flexible)
    }
    body.tags(flexible)
  }
  return {
    api: 'ListOffsets',
    version,
    flexible,
    body: body.tags(flexible).finish(),
    decode: (reply) => decodeListOffsets(reply, version, starts.length - 1),
  }
}

/** Where each topic's rows begin, and the end. */
function topicStarts(layout: Layout, rows: Int32Array): readonly number[] {
  const starts: number[] = []
  for (let i = 0; i < rows.length; i++) {
    if (i === 0 || layout.topicOf[rows[i] ?? 0] !== layout.topicOf[rows[i - 1] ?? 0]) starts.push(i)
  }
  return [...starts, rows.length]
}

/** Exported for tests of every version; replies are read by `listOffsetsCall().decode`. `most`: topics asked for. */
export function decodeListOffsets(reply: Buffer, version: number, most?: number): Result<readonly TopicOffsets[]> {
  const flexible = version >= 6
  const reader = new Reader(reply)
  if (version >= 2) reader.skip(4) // throttle time
  const topics: TopicOffsets[] = []
  const topicCount = reader.count(flexible, flexible ? 3 : 6, most)
  for (let t = 0; t < topicCount && reader.ok(); t++) {
    const topic = reader.string(flexible)
    const count = reader.count(flexible, 22)
    const partitions = new Int32Array(count)
    const offsets = new Float64Array(count)
    const errors = new Int16Array(count)
    for (let p = 0; p < count && reader.ok(); p++) {
      partitions[p] = reader.int32()
      const error = reader.int16()
      reader.skip(8) // timestamp
      const offset = reader.int64()
      if (version >= 4) reader.skip(4) // leader epoch
      reader.tags(flexible)
      errors[p] = error
      offsets[p] = error === 0 && offset >= 0 ? offset : Number.NaN
    }
    reader.tags(flexible)
    topics.push({ topic, partitions, offsets, errors })
  }
  if (reader.failure !== undefined) return failed('protocol', `ListOffsets v${version} reply: ${reader.failure}`)
  return success(topics)
}
