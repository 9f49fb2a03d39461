import { describe, expect, it } from 'vitest'
import type { Result } from '../../../src/model/result.ts'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { apiVersionsCall } from '../../../src/sources/kafka/api-versions.ts'
import { decodeListOffsets, listOffsetsCall } from '../../../src/sources/kafka/list-offsets.ts'
import { decodeMetadata } from '../../../src/sources/kafka/metadata.ts'
import { readRecording, type Exchange } from '../../fixtures/kafka/recording.ts'
import { randomBytes, seeded } from '../../support/random.ts'
import { metadataBody, listOffsetsBody, noTags, unknownTags } from '../../support/replies.ts'
import { parseRequest } from '../../support/requests.ts'
import { failureOf, valueOf } from '../../support/results.ts'
import { layoutOf } from '../../support/views.ts'

type Decode = (reply: Buffer) => Result<unknown>

/** Every decoder in every version, by name. */
const decoders: readonly (readonly [string, Decode])[] = [
  ['ApiVersions v0', (reply) => apiVersionsCall.decode(reply)],
  ...[4, 5, 6, 7, 8, 9, 10, 11, 12].map(
    (v) => [`Metadata v${v}`, (reply: Buffer) => decodeMetadata(reply, v)] as const,
  ),
  ...[1, 2, 3, 4, 5, 6].map((v) => [`ListOffsets v${v}`, (reply: Buffer) => decodeListOffsets(reply, v)] as const),
]
const decoderOf = new Map(decoders)

function decoderFor({ api, version }: Exchange): Decode {
  const decode = decoderOf.get(`${api} v${version}`)
  if (decode === undefined) throw new Error(`no decoder for ${api} v${version}`)
  return decode
}

/** Real replies, each kind in each version once, with the most partitions that were recorded of it. */
const samples = [
  ...new Map(
    ['2.6.0', '3.9.1']
      .flatMap((kafka) => readRecording(kafka).stages)
      .flatMap(({ exchanges }) => exchanges)
      .toSorted((a, b) => a.reply.length - b.reply.length)
      .map((exchange) => [`${exchange.api} v${exchange.version}`, exchange] as const),
  ).values(),
].map((exchange) => {
  const { flexible } = parseRequest(Buffer.from(exchange.request, 'base64').subarray(4))
  const body = Buffer.from(exchange.reply, 'base64').subarray(flexible ? 9 : 8)
  return { name: `${exchange.api} v${exchange.version}`, decode: decoderFor(exchange), body }
})

/** Whatever the bytes are, a decoder gives a value or a protocol failure. */
function outcome(decode: Decode, reply: Buffer): 'value' | 'failure' {
  const result = decode(reply)
  if (!result.ok && result.failure.reason !== 'protocol') throw new Error(`failed with ${result.failure.reason}`)
  return result.ok ? 'value' : 'failure'
}

it('has a real reply for every decoder', () => {
  expect(samples.map(({ name }) => name).toSorted()).toEqual(decoders.map(([name]) => name).toSorted())
})

describe.each(samples)('$name', ({ decode, body }) => {
  it('fails when cut anywhere, unless only what nobody reads is missing', () => {
    const whole = valueOf(decode(body))
    const complete: number[] = []
    for (let length = 0; length < body.length; length++) {
      const result = decode(body.subarray(0, length))
      if (!result.ok) {
        expect(result.failure.reason).toBe('protocol')
        continue
      }
      expect(result.value).toEqual(whole)
      complete.push(length)
    }
    // A reply may end with the cluster's authorized operations (4 bytes) and tagged fields (1 byte).
    expect(complete).toEqual(complete.map((_, i) => body.length - complete.length + i))
    expect(complete.length).toBeLessThanOrEqual(5)
  })

  it('is read as a whole even if a newer broker appends to it', () => {
    expect(decode(Buffer.concat([body, Buffer.from([1, 2, 3])]))).toEqual(decode(body))
  })

  it('survives every count, length and number being huge', () => {
    const replaced = (at: number, bytes: readonly number[]): Buffer => {
      const copy = Buffer.from(body)
      copy.set(bytes.slice(0, body.length - at), at)
      return copy
    }
    const huge = [
      [0x7f, 0xff, 0xff, 0xff],
      [0xff, 0xff, 0xff, 0xff, 0x0f],
      [0x80, 0x00, 0x00, 0x00],
      [0xff, 0xff, 0xff, 0xff, 0x7f],
      [0x00, 0xff, 0xff, 0xff],
    ]
    for (let at = 0; at < body.length; at++) for (const bytes of huge) outcome(decode, replaced(at, bytes))
  })
})

describe.each(decoders)('%s', (name, decode) => {
  it('survives 700 replies of random bytes', () => {
    const random = seeded(name.length * 31 + name.charCodeAt(name.length - 1))
    for (let i = 0; i < 700; i++) outcome(decode, randomBytes(random, Math.floor(random() * 200)))
  })
})

it('survives 10,000 real replies with a few bytes changed', () => {
  const random = seeded(7)
  const seen = { value: 0, failure: 0 }
  for (let i = 0; i < 10_000; i++) {
    const sample = samples[i % samples.length]
    if (sample === undefined) continue
    const copy = Buffer.from(sample.body)
    for (let n = 0; n <= random() * 3; n++) copy[Math.floor(random() * copy.length)] = Math.floor(random() * 256)
    seen[outcome(sample.decode, copy)]++
  }
  expect(seen.value).toBeGreaterThan(1_000)
  expect(seen.failure).toBeGreaterThan(1_000)
})

describe('a count of 2^31 - 1', () => {
  const cases: readonly (readonly [string, Decode, string])[] = [
    ['api versions', (reply) => apiVersionsCall.decode(reply), '0000 7fffffff'],
    ['brokers', (reply) => decodeMetadata(reply, 4), '00000000 7fffffff'],
    ['brokers, compact', (reply) => decodeMetadata(reply, 12), '00000000 ffffffff07'],
    ['topics', (reply) => decodeMetadata(reply, 4), '00000000 00000000 ffff 00000001 7fffffff'],
    ['topics of offsets', (reply) => decodeListOffsets(reply, 1), '7fffffff'],
    ['partitions of offsets', (reply) => decodeListOffsets(reply, 1), '00000001 0001 61 7fffffff'],
    ['partitions of offsets, compact', (reply) => decodeListOffsets(reply, 6), '00000000 02 02 61 ffffffff0f'],
  ]
  it.each(cases)('of %s is refused without being believed', (_, decode, hex) => {
    const reply = Buffer.concat([Buffer.from(hex.replaceAll(' ', ''), 'hex'), Buffer.alloc(64)])
    expect(decode(reply)).toMatchObject({ ok: false, failure: { reason: 'protocol' } })
  })
})

describe('a reply full of small structures', () => {
  const brokers = (count: number) => ({ clusterId: 'a', controllerId: 1, topics: [], brokers: Array.from({ length: count }, (_, id) => ({ id, host: '', port: 1 })) }) // prettier-ignore
  const topics = (count: number) => ({ clusterId: 'a', controllerId: 1, brokers: [], topics: Array.from({ length: count }, (_, i) => ({ name: String(i), partitions: [] })) }) // prettier-ignore

  it.each([
    ['brokers', metadataBody(9, brokers(10_001)), 'count 10001, at most 10000 expected'],
    ['topics', metadataBody(9, topics(500_001)), 'count 500001, at most 500000 expected'],
  ])('%s is refused when no cluster has as many', (_, body, detail) => {
    expect(decodeMetadata(body, 9)).toMatchObject({ ok: false, failure: { reason: 'protocol' } })
    expect(failureOf(decodeMetadata(body, 9)).detail).toContain(detail)
  })

  it('topics of offsets is refused when fewer were asked for', () => {
    const layout = layoutOf({ a: [0, 1], b: [0] })
    const call = listOffsetsCall(
      new Map([[apiKeys.ListOffsets, { min: 0, max: 6 }]]),
      layout,
      Int32Array.of(0, 1, 2),
      -1,
    )
    const answered = (names: readonly string[]) =>
      call?.decode(listOffsetsBody(6, names.map((topic) => ({ topic, partitions: [] })))) // prettier-ignore
    expect(answered(['a', 'b'])).toMatchObject({ ok: true })
    expect(answered(['a', 'b', 'c'])).toMatchObject({ ok: false, failure: { reason: 'protocol' } })
  })
})

it('reads replies with tagged fields at every level as it reads them without', () => {
  const partition = { partition: 0, leader: 1, replicas: [1, 2], isr: [1] }
  const metadata = {
    clusterId: 'abc',
    controllerId: 1,
    brokers: [{ id: 1, host: 'a', port: 1 }],
    topics: [{ name: 't', partitions: [partition] }],
  }
  for (const version of [9, 10, 11, 12]) {
    expect(decodeMetadata(metadataBody(version, metadata, unknownTags), version)).toEqual(
      decodeMetadata(metadataBody(version, metadata, noTags), version),
    )
  }
  const offsets = [{ topic: 't', partitions: [{ partition: 0, offset: 5n }] }]
  expect(decodeListOffsets(listOffsetsBody(6, offsets, unknownTags), 6)).toEqual(
    decodeListOffsets(listOffsetsBody(6, offsets, noTags), 6),
  )
})
