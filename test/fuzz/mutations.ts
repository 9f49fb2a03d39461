import { Writer } from '../../src/sources/kafka/writer.ts'
import type { Prng } from '../support/prng.ts'

/** Turns a valid reply into what a hostile or broken peer may send instead. Never changes its argument. */
type Mutation = (random: Prng, bytes: Buffer) => Buffer

function spliced(bytes: Buffer, at: number, removed: number, added: Buffer): Buffer {
  return Buffer.concat([bytes.subarray(0, at), added, bytes.subarray(at + removed)])
}

export function randomBytes(random: Prng, length: number): Buffer {
  return Buffer.from(Uint8Array.from({ length }, () => random.below(256)))
}

function int16(value: number): Buffer {
  return new Writer().int16(value).finish()
}

function int32(value: number): Buffer {
  return new Writer().int32(value).finish()
}

const hugeInt16s = [0x7fff, -1, -2, 0, -0x8000].map(int16)
const hugeInt32s = [0x7fffffff, -1, -2, 0, -0x80000000, 0x10000, 0x7ffffff].map(int32)
const hugeVarints = [
  'ffffffff07',
  'ffffffff0f',
  'ffffffff7f',
  'ffffffffffff',
  '8080808080',
  'ffff03',
  '8000',
  '00',
].map((hex) => Buffer.from(hex, 'hex'))
/** 2^15 - 1 bytes are the longest string that Kafka has. */
const longText = Buffer.alloc(0x7fff, 'x')
const longStrings = [
  Buffer.concat([int16(0x7fff), longText]),
  Buffer.concat([new Writer().uvarint(0x8000).finish(), longText]),
  Buffer.concat([new Writer().uvarint(0x8001).finish(), longText, Buffer.from('x')]),
]

function oneOf<T>(random: Prng, items: readonly T[]): T {
  const item = items[random.below(items.length)]
  if (item === undefined) throw new Error('nothing to choose from')
  return item
}

/** Overwrites bytes somewhere with one of these. */
function replacing(values: readonly Buffer[]): Mutation {
  return (random, bytes) => {
    const value = oneOf(random, values)
    return spliced(bytes, random.below(bytes.length + 1), value.length, value)
  }
}

function bitFlips(random: Prng, bytes: Buffer): Buffer {
  const flipped = Buffer.from(bytes)
  for (let n = random.below(8); n >= 0 && bytes.length > 0; n--) {
    const at = random.below(bytes.length)
    flipped[at] = (flipped[at] ?? 0) ^ (1 << random.below(8))
  }
  return flipped
}

/** A count that the bytes which follow could just hold, over and over: nested, each could ask for as much again. */
function plausibleCounts(random: Prng, bytes: Buffer): Buffer {
  const padded = Buffer.concat([
    bytes,
    Buffer.alloc(random.below(16_384), oneOf(random, ['\0', '\x01', '\x02', '\xff'])),
  ])
  for (let n = random.below(4); n >= 0; n--) {
    const at = random.below(Math.min(bytes.length, 200) + 1)
    const count = Math.floor((padded.length - at) / (1 + random.below(30)))
    const value = random.chance(0.5) ? int32(count) : new Writer().uvarint(count).finish()
    value.copy(padded, at)
  }
  return padded
}

const mutations: readonly Mutation[] = [
  bitFlips,
  (random, bytes) => bytes.subarray(0, random.below(bytes.length + 1)),
  (random, bytes) => spliced(bytes, random.below(bytes.length + 1), 0, randomBytes(random, 1 + random.below(8))),
  (random, bytes) => spliced(bytes, random.below(bytes.length + 1), 1 + random.below(8), Buffer.alloc(0)),
  // A piece once more, elsewhere: topics, partitions and brokers that come twice.
  (random, bytes) => {
    const from = random.below(bytes.length + 1)
    return spliced(bytes, random.below(bytes.length + 1), 0, bytes.subarray(from, from + random.below(64)))
  },
  replacing(hugeInt16s),
  replacing(hugeInt32s),
  replacing(hugeVarints),
  replacing(longStrings),
  plausibleCounts,
]

/** One hostile reply: random bytes, or a valid reply mutated up to three times, or the beginning of one and the end of another. */
export function hostile(random: Prng, valid: readonly Buffer[]): Buffer {
  const kind = random.below(20)
  if (kind === 0) return randomBytes(random, Math.floor(random.next() ** 3 * 4_096))
  const reply = oneOf(random, valid)
  if (kind === 1) {
    const other = oneOf(random, valid)
    return Buffer.concat([
      reply.subarray(0, random.below(reply.length + 1)),
      other.subarray(random.below(other.length + 1)),
    ])
  }
  let bytes = reply
  for (let n = random.below(3); n >= 0; n--) bytes = oneOf(random, mutations)(random, bytes)
  return bytes
}
