import { describe, expect, it } from 'vitest'
import { Reader } from '../../../src/sources/kafka/reader.ts'
import { Writer } from '../../../src/sources/kafka/writer.ts'

const hexOf = (writer: Writer): string => writer.finish().toString('hex')

describe('Writer', () => {
  it('writes integers big-endian', () => {
    expect(hexOf(new Writer().int8(-1).int16(-2).int32(1).int64(-2n))).toBe('fffffe00000001fffffffffffffffe')
  })

  it('writes strings with the length of their bytes', () => {
    expect(hexOf(new Writer().string('é', false).string('é', true))).toBe('0002c3a903c3a9')
    expect(hexOf(new Writer().string(null, false).string(null, true).string('', false).string('', true))).toBe(
      'ffff00000001',
    )
  })

  it('writes counts, null arrays and tags', () => {
    expect(hexOf(new Writer().count(2, false).count(null, false).count(0, false))).toBe('00000002ffffffff00000000')
    expect(hexOf(new Writer().count(2, true).count(null, true).count(0, true))).toBe('030001')
    expect(hexOf(new Writer().tags(true).tags(false))).toBe('00')
  })

  it.each([0, 1, 127, 128, 16_383, 16_384, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1])('varint %d comes back', (value) => {
    expect(new Reader(new Writer().uvarint(value).finish()).uvarint()).toBe(value)
  })

  it.each([255, 256, 257, 511, 513, 5_000, 30_000])('grows to %d bytes without losing any', (size) => {
    const text = 'x'.repeat(size)
    const bytes = new Writer().int32(7).string(text, false).int32(9).finish()
    expect(bytes).toHaveLength(size + 10)
    const reader = new Reader(bytes)
    expect([reader.int32(), reader.string(false), reader.int32()]).toEqual([7, text, 9])
  })
})
