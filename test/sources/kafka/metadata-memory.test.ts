import { describe, expect, it, vi } from 'vitest'
import { decodeMetadata } from '../../../src/sources/kafka/metadata.ts'
import { MetadataMemory } from '../../../src/sources/kafka/metadata-memory.ts'
import { metadataBody } from '../../support/replies.ts'
import { failureOf, valueOf } from '../../support/results.ts'

function bodyOf(leader: number): Buffer {
  const topics = [{ name: 't', partitions: [{ partition: 0, leader, replicas: [1, 2], isr: [1, 2] }] }]
  return metadataBody(9, { clusterId: 'abc', controllerId: 1, brokers: [], topics })
}

function counted(version = 9) {
  return vi.fn((reply: Buffer) => decodeMetadata(reply, version))
}

describe('the memory of Metadata replies', () => {
  it('decodes what it has not seen, and the same bytes but for the throttle time not again', () => {
    const memory = new MetadataMemory()
    const decode = counted()
    const throttled = bodyOf(1)
    throttled.writeInt32BE(500, 0)
    const first = memory.decode(bodyOf(1), 9, decode)
    expect(memory.decode(throttled, 9, decode)).toBe(first)
    expect([...valueOf(memory.decode(bodyOf(2), 9, decode)).partitions.leader]).toEqual([2])
    expect(decode).toHaveBeenCalledTimes(2)
  })

  it('tells two stories apart, and forgets the older one for a third', () => {
    const memory = new MetadataMemory()
    const decode = counted()
    for (const leader of [1, 2, 1, 2, 2, 1]) {
      expect([...valueOf(memory.decode(bodyOf(leader), 9, decode)).partitions.leader]).toEqual([leader])
    }
    expect(decode).toHaveBeenCalledTimes(2)
    memory.decode(bodyOf(3), 9, decode)
    memory.decode(bodyOf(1), 9, decode)
    expect(decode).toHaveBeenCalledTimes(3)
    memory.decode(bodyOf(2), 9, decode)
    expect(decode).toHaveBeenCalledTimes(4)
  })

  it('never takes one version for another', () => {
    const memory = new MetadataMemory()
    memory.decode(bodyOf(1), 9, counted())
    const other = counted(11)
    memory.decode(bodyOf(1), 11, other)
    expect(other).toHaveBeenCalledTimes(1)
  })

  it('fails as often as it is asked, and remembers what came before', () => {
    const memory = new MetadataMemory()
    const decode = counted()
    const first = memory.decode(bodyOf(1), 9, decode)
    const cut = bodyOf(1).subarray(0, 20)
    expect(failureOf(memory.decode(cut, 9, decode)).reason).toBe('protocol')
    expect(failureOf(memory.decode(cut, 9, decode)).reason).toBe('protocol')
    expect(failureOf(memory.decode(Buffer.alloc(2), 9, decode)).reason).toBe('protocol')
    expect(memory.decode(bodyOf(1), 9, decode)).toBe(first)
  })
})
