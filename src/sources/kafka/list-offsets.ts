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
/** A partition of a reply is this long at least. */
const leastPartitionBytes = 22

/** What a reply says of its topics' partitions, in columns. */
export interface ToldOffsets {
  readonly topics: readonly ToldTopic[]
  readonly partitions: Int32Array
  /** NaN where the partition carries an error. */
  readonly offsets: Float64Array
  readonly errors: Int16Array
}

export interface ToldTopic {
  readonly topic: string
  /** Its partitions are those from `first` to before `end`. */
  readonly first: number
  readonly end: number
}

/** The newest version that both sides speak; undefined: the broker speaks none from v1 to v6. */
export function listOffsetsVersion(versions: ApiVersions): number | undefined {
  return commonVersion(versions, 'ListOffsets', oldest, newest)
}

/**
 * One ListOffsets request for the given rows of a layout (ascending, so that each topic's rows stand together). undefined:
 * the broker speaks no version from v1 to v6.
 */
export function listOffsetsCall(
  versions: ApiVersions,
  ...what: [layout: Layout, rows: Int32Array, timestamp: typeof latest | typeof earliest]
): Call<ToldOffsets> | undefined {
  const version = listOffsetsVersion(versions)
  return version === undefined ? undefined : encodeListOffsets(version, ...what)
}

export function encodeListOffsets(
  version: number,
  layout: Layout,
  rows: Int32Array,
  timestamp: typeof latest | typeof earliest,
): Call<ToldOffsets> {
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
      body.int32(-1).int32(timestamp).tags(flexible) // an int64
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

/** Exported for tests of every version; replies are read by `listOffsetsCall().decode`. `mostTopics`: asked for. */
export function decodeListOffsets(reply: Buffer, version: number, mostTopics?: number): Result<ToldOffsets> {
  const flexible = version >= 6
  const reader = new Reader(reply)
  if (version >= 2) reader.skip(4) // throttle time
  const topics: ToldTopic[] = []
  const most = Math.floor(reply.length / leastPartitionBytes)
  const partitions = new Int32Array(most)
  const offsets = new Float64Array(most)
  const errors = new Int16Array(most)
  const topicCount = reader.count(flexible, flexible ? 3 : 6, mostTopics)
  let row = 0
  for (let t = 0; t < topicCount && reader.ok(); t++) {
    const topic = reader.string(flexible)
    const first = row
    const end = first + reader.count(flexible, leastPartitionBytes)
    for (; row < end && reader.ok(); row++) {
      partitions[row] = reader.int32()
      const error = reader.int16()
      reader.skip(8) // timestamp
      const offset = reader.int64()
      if (version >= 4) reader.skip(4) // leader epoch
      reader.tags(flexible)
      errors[row] = error
      offsets[row] = error === 0 && offset >= 0 ? offset : Number.NaN
    }
    reader.tags(flexible)
    topics.push({ topic, first, end })
  }
  if (reader.failure !== undefined) return failed('protocol', `ListOffsets v${version} reply: ${reader.failure}`)
  return success({
    topics,
    partitions: partitions.subarray(0, row),
    offsets: offsets.subarray(0, row),
    errors: errors.subarray(0, row),
  })
}
