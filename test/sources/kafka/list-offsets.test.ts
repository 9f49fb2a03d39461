import { describe, expect, it } from 'vitest'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { apiVersionsCall } from '../../../src/sources/kafka/api-versions.ts'
import { decodeListOffsets, earliest, latest, listOffsetsCall } from '../../../src/sources/kafka/list-offsets.ts'
import { apiVersionsBody, listOffsetsBody, noTags, unknownTags } from '../../support/replies.ts'
import { offsetsAsked } from '../../support/requests.ts'
import { topicsOf } from '../../support/told-offsets.ts'
import { failureOf, valueOf } from '../../support/results.ts'
import { layoutOf } from '../../support/views.ts'

const versions = [1, 2, 3, 4, 5, 6]

describe.each(versions)('ListOffsets v%d', (version) => {
  const offsets: readonly (readonly [bigint, number])[] = [
    [0n, 0],
    [2n ** 31n - 1n, 2 ** 31 - 1],
    [2n ** 31n, 2 ** 31],
    [2n ** 32n - 1n, 2 ** 32 - 1],
    [2n ** 32n, 2 ** 32],
    [2n ** 53n - 1n, 2 ** 53 - 1],
    [2n ** 53n, 2 ** 53],
    [2n ** 63n - 1n, 2 ** 63],
    [-1n, Number.NaN],
    [-(2n ** 63n), Number.NaN],
  ]
  it.each([
    ['without tagged fields', noTags],
    ['with tagged fields nobody knows', unknownTags],
  ])('%s: offsets of every size', (_, tags) => {
    const partitions = offsets.map(([offset], partition) => ({ partition, offset }))
    const reply = listOffsetsBody(version, [{ topic: 'a', partitions }, { topic: 'b', partitions: [] }], tags) // prettier-ignore
    const [a, b] = topicsOf(valueOf(decodeListOffsets(reply, version)))
    expect(a?.topic).toBe('a')
    expect(a?.partitions).toEqual(offsets.map((_, partition) => partition))
    expect(a?.offsets).toEqual(offsets.map(([, value]) => value))
    expect(a?.errors).toEqual(offsets.map(() => 0))
    expect(b).toEqual({ topic: 'b', partitions: [], offsets: [], errors: [] })
  })

  it('believes no offset beside an error', () => {
    const partitions = [6, 3, 78, -1].map((error, partition) => ({ partition, offset: 5n, error }))
    const [topic] = topicsOf(
      valueOf(decodeListOffsets(listOffsetsBody(version, [{ topic: 'a', partitions }]), version)),
    )
    expect(topic?.offsets).toEqual([Number.NaN, Number.NaN, Number.NaN, Number.NaN])
    expect(topic?.errors).toEqual([6, 3, 78, -1])
  })

  it('asks for exactly the rows it is given, as an ordinary consumer that reads to the high watermark', () => {
    const layout = layoutOf({ a: [0, 1, 2], b: [0], c: [0, 5] })
    const offered = new Map([[apiKeys.ListOffsets, { min: version, max: version }]])
    for (const timestamp of [latest, earliest] as const) {
      const call = listOffsetsCall(offered, layout, Int32Array.of(0, 2, 5), timestamp)
      if (call === undefined) throw new Error('no common version')
      expect(call.version).toBe(version)
      expect(offsetsAsked(call)).toEqual([
        { topic: 'a', partition: 0, timestamp },
        { topic: 'a', partition: 2, timestamp },
        { topic: 'c', partition: 5, timestamp },
      ])
    }
  })

  it('asks for nothing when there are no rows', () => {
    const offered = new Map([[apiKeys.ListOffsets, { min: version, max: version }]])
    const call = listOffsetsCall(offered, layoutOf({ a: [0] }), new Int32Array(), latest)
    expect(call && offsetsAsked(call)).toEqual([])
  })
})

describe('the version of ListOffsets', () => {
  const table = [
    [0, 9, 6],
    [0, 5, 5],
    [0, 0, undefined],
    [7, 9, undefined],
  ] as const
  it.each(table)('broker %d to %d: %s', (min, max, version) => {
    const offered = new Map([[apiKeys.ListOffsets, { min, max }]])
    expect(listOffsetsCall(offered, layoutOf({ a: [0] }), Int32Array.of(0), latest)?.version).toBe(version)
  })
})

describe('ApiVersions', () => {
  it('reads what a broker offers', () => {
    const versions = valueOf(apiVersionsCall.decode(apiVersionsBody({ 2: [0, 7], 3: [0, 12], 18: [0, 3] })))
    expect(versions).toEqual(new Map([[2, { min: 0, max: 7 }], [3, { min: 0, max: 12 }], [18, { min: 0, max: 3 }]])) // prettier-ignore
  })

  it('fails on an error code', () => {
    expect(failureOf(apiVersionsCall.decode(apiVersionsBody({}, 35)))).toEqual({
      reason: 'protocol',
      detail: 'ApiVersions refused with error 35',
    })
  })
})
