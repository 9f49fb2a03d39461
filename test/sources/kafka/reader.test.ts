import { describe, expect, it } from 'vitest'
import { Reader } from '../../../src/sources/kafka/reader.ts'
import { Writer } from '../../../src/sources/kafka/writer.ts'

const hex = (text: string): Reader => new Reader(Buffer.from(text.replaceAll(' ', ''), 'hex'))

describe('integers', () => {
  const int64s = [
    ['0000000000000000', 0],
    ['ffffffffffffffff', -1],
    ['fffffffffffffffe', -2],
    ['000000007fffffff', 2 ** 31 - 1],
    ['0000000080000000', 2 ** 31],
    ['00000000ffffffff', 2 ** 32 - 1],
    ['0000000100000000', 2 ** 32],
    ['0000000100000001', 2 ** 32 + 1],
    ['001fffffffffffff', 2 ** 53 - 1],
    ['0020000000000000', 2 ** 53],
    ['7fffffffffffffff', 2 ** 63],
    ['8000000000000000', -(2 ** 63)],
    ['ffffffff7fffffff', -(2 ** 31) - 1],
  ] as const
  it.each(int64s)('int64 %s is %d', (bytes, value) => expect(hex(bytes).int64()).toBe(value))

  it('reads signed numbers of every width', () => {
    const reader = hex('ff 8000 80000000 7f 00 02')
    expect([reader.int8(), reader.int16(), reader.int32(), reader.int8()]).toEqual([-1, -32768, -(2 ** 31), 127])
    expect([reader.boolean(), reader.boolean()]).toEqual([false, true])
    expect(reader.remaining).toBe(0)
    expect(reader.ok()).toBe(true)
  })

  const varints = [
    ['00', 0],
    ['7f', 127],
    ['8001', 128],
    ['ac02', 300],
    ['ffffffff0f', 2 ** 32 - 1],
    ['8000', 0],
  ] as const
  it.each(varints)('varint %s is %d', (bytes, value) => expect(hex(bytes).uvarint()).toBe(value))

  it('refuses a varint that does not end', () => {
    const reader = hex('ffffffffffff01')
    expect(reader.uvarint()).toBe(0)
    expect(reader.failure).toBe('varint of more than 5 bytes at byte 5 of 7')
  })
})

describe('past the end', () => {
  const reads: readonly (readonly [string, (reader: Reader) => unknown, unknown])[] = [
    ['int8', (r) => r.int8(), 0],
    ['int16', (r) => r.int16(), 0],
    ['int32', (r) => r.int32(), 0],
    ['int64', (r) => r.int64(), 0],
    ['varint', (r) => r.uvarint(), 0],
    ['boolean', (r) => r.boolean(), false],
    ['string', (r) => r.string(false), ''],
    ['compact string', (r) => r.string(true), ''],
    ['bytes', (r) => r.bytes().length, 0],
    ['count', (r) => r.count(false, 1), 0],
    ['compact count', (r) => r.count(true, 1), 0],
  ]
  it.each(reads)('%s gives nothing and says so', (_, read, nothing) => {
    const reader = hex('')
    expect(read(reader)).toBe(nothing)
    expect(reader.ok()).toBe(false)
  })

  it('remembers the first failure, and reads nothing after it', () => {
    const reader = hex('0001 02')
    expect(reader.int16()).toBe(1)
    expect(reader.int32()).toBe(0)
    expect(reader.int8()).toBe(0)
    expect(reader.remaining).toBe(0)
    expect(reader.failure).toBe('truncated int32 at byte 2 of 3')
  })
})

describe('counts', () => {
  it('takes as many elements as there is room for, and no more', () => {
    expect(hex('00000002 00000000').count(false, 2)).toBe(2)
    const reader = hex('00000003 00000000')
    expect(reader.count(false, 2)).toBe(0)
    expect(reader.failure).toBe('count 3 beyond the end at byte 4 of 8')
  })

  it('refuses more than can be meant, however many bytes follow', () => {
    expect(hex('00000002 00000000').count(false, 1, 2)).toBe(2)
    const reader = hex('00000003 00000000')
    expect(reader.count(false, 1, 2)).toBe(0)
    expect(reader.failure).toBe('count 3, at most 2 expected, at byte 4 of 8')
  })

  it.each(['ffffffff', '80000000', '00000000'])('null or none: %s', (bytes) => {
    const reader = hex(bytes)
    expect(reader.count(false, 4)).toBe(0)
    expect(reader.ok()).toBe(true)
  })

  it.each(['7fffffff', '00010000'])('refuses %s at once', (bytes) => {
    const reader = hex(bytes)
    expect(reader.count(false, 1)).toBe(0)
    expect(reader.ok()).toBe(false)
  })

  it('compact counts are one more than the elements, 0 is null', () => {
    expect(hex('00').count(true, 1)).toBe(0)
    expect(hex('01').count(true, 1)).toBe(0)
    expect(hex('03 0000').count(true, 1)).toBe(2)
    const reader = hex('ffffffff7f')
    expect(reader.count(true, 1)).toBe(0)
    expect(reader.ok()).toBe(false)
  })
})

describe('text and bytes', () => {
  it('reads strings, null strings and bytes', () => {
    const reader = hex('0002 6869 ffff 03 c3a9 00 00000001 aa ffffffff')
    expect(reader.string(false)).toBe('hi')
    expect(reader.nullableString(false)).toBeUndefined()
    expect(reader.string(true)).toBe('é')
    expect(reader.nullableString(true)).toBeUndefined()
    expect([...reader.bytes()]).toEqual([0xaa])
    expect(reader.bytes()).toHaveLength(0)
    expect(reader.ok()).toBe(true)
  })

  it('takes a string as long as Kafka allows and refuses a longer one, which no request could carry back', () => {
    const compact = (length: number): Reader =>
      new Reader(
        new Writer()
          .uvarint(length + 1)
          .raw(Buffer.alloc(length, 'x'))
          .finish(),
      )
    expect(compact(32_767).string(true)).toHaveLength(32_767)
    const reader = compact(32_768)
    expect(reader.string(true)).toHaveLength(0)
    expect(reader.ok()).toBe(false)
  })
})

describe('tagged fields', () => {
  it('skips what it does not know', () => {
    const reader = hex('02 00 00 ac02 03 010203 7f')
    reader.tags(true)
    expect(reader.int8()).toBe(127)
    expect(reader.ok()).toBe(true)
  })

  it('reads none in a version without them', () => {
    const reader = hex('05')
    reader.tags(false)
    expect(reader.remaining).toBe(1)
  })

  it.each(['ffffffff7f', '01 00 ffffffff0f', '7f 00 00', '01'])('ends at the end: %s', (bytes) => {
    const reader = hex(bytes)
    reader.tags(true)
    expect(reader.ok()).toBe(false)
  })
})
