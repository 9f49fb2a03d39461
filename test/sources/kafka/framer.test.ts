import { describe, expect, it } from 'vitest'
import { frameLimit, Framer, unauthenticatedFrameLimit } from '../../../src/sources/kafka/framer.ts'
import { randomBytes, seeded } from '../../support/random.ts'
import { failureOf, valueOf } from '../../support/results.ts'

function sized(body: Buffer): Buffer {
  return Buffer.concat([sizeOf(body.length), body])
}

function sizeOf(size: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(size)
  return bytes
}

/** All frames that come of the stream when it arrives in these chunks. */
function framesOf(chunks: readonly Buffer[], framer = new Framer()): readonly Buffer[] {
  return chunks.flatMap((chunk) => valueOf(framer.push(chunk)))
}

const random = seeded(1)
const bodies = [4, 5, 11, 4, 300, 70_000, 4, 6].map((length) => randomBytes(random, length))
const stream = Buffer.concat(bodies.map(sized))

describe('frames', () => {
  it('come out of a single chunk, in order', () => {
    const frames = framesOf([stream])
    expect(frames).toHaveLength(bodies.length)
    expect(Buffer.concat(frames.map(sized)).equals(stream)).toBe(true)
  })

  it('come out of single bytes', () => {
    const short = bodies.filter((body) => body.length < 1_000)
    const bytes = Buffer.concat(short.map(sized))
    expect(framesOf(Array.from(bytes, (byte) => Buffer.from([byte])))).toEqual(short)
  })

  it('come out of a stream split in two anywhere', () => {
    const short = bodies.filter((body) => body.length < 100)
    const bytes = Buffer.concat(short.map(sized))
    for (let at = 0; at <= bytes.length; at++) {
      expect(framesOf([bytes.subarray(0, at), bytes.subarray(at)])).toEqual(short)
    }
  })

  it('come out of a stream split at random', () => {
    for (let round = 0; round < 50; round++) {
      const chunks: Buffer[] = []
      for (let at = 0; at < stream.length;) {
        const length = Math.floor(random() ** 4 * 20_000)
        chunks.push(stream.subarray(at, at + length))
        at += length
      }
      // Compared as bytes: matchers look at each of the 70,000 on its own.
      const frames = framesOf(chunks)
      expect(frames.map(({ length }) => length)).toEqual(bodies.map(({ length }) => length))
      expect(Buffer.concat(frames.map(sized)).equals(stream)).toBe(true)
    }
  })

  it('come as soon as their last byte, and not before', () => {
    const framer = new Framer()
    const bytes = sized(Buffer.from('abcd'))
    expect(valueOf(framer.push(bytes.subarray(0, 7)))).toEqual([])
    expect(valueOf(framer.push(bytes.subarray(7)))).toEqual([Buffer.from('abcd')])
    expect(valueOf(framer.push(Buffer.alloc(0)))).toEqual([])
  })
})

describe('sizes that cannot be', () => {
  it.each([0, 1, 2, 3, -1, -4, -(2 ** 31), 2 ** 31 - 1, unauthenticatedFrameLimit + 1])('%d', (size) => {
    const failure = failureOf(new Framer().push(sizeOf(size)))
    expect(failure).toEqual({
      reason: 'protocol',
      detail: `not a Kafka broker: frame of ${size} bytes announced, 4 to ${unauthenticatedFrameLimit} expected`,
    })
  })

  it('are seen with their fourth byte, after good frames too', () => {
    const framer = new Framer()
    expect(valueOf(framer.push(Buffer.concat([sized(Buffer.from('abcd')), Buffer.from([0x7f, 0xff])])))).toHaveLength(1)
    expect(valueOf(framer.push(Buffer.from([0xff])))).toEqual([])
    expect(failureOf(framer.push(Buffer.from([0xff]))).reason).toBe('protocol')
  })

  it('depend on whether the broker has said who it is', () => {
    const framer = new Framer()
    expect(framer.push(sizeOf(unauthenticatedFrameLimit)).ok).toBe(true)
    const trusted = new Framer()
    trusted.limit = frameLimit
    expect(trusted.push(sizeOf(unauthenticatedFrameLimit + 1)).ok).toBe(true)
    const greedy = new Framer()
    greedy.limit = frameLimit
    expect(failureOf(greedy.push(sizeOf(frameLimit + 1))).detail).toContain(`4 to ${frameLimit} expected`)
  })
})

describe('hints', () => {
  const hints: readonly (readonly [string, Buffer, string, string])[] = [
    ['HTTP', Buffer.from('HTTP/1.1 400 Bad Request\r\n'), 'protocol', 'an HTTP server answered, not a Kafka broker'],
    ['a TLS alert', Buffer.from('15030300020246', 'hex'), 'tls', 'a TLS alert came: this listener wants TLS'],
    ['SSH', Buffer.from('SSH-2.0-OpenSSH'), 'protocol', 'not a Kafka broker: frame of 1397966893 bytes announced'],
    ['SMTP', Buffer.from('220 mail'), 'protocol', 'not a Kafka broker'],
  ]
  it.each(hints)('%s', (_, bytes, reason, detail) => {
    const failure = failureOf(new Framer().push(bytes))
    expect(failure.reason).toBe(reason)
    expect(failure.detail).toContain(detail)
  })

  it('an HTTP server that trickles is known by its first four bytes', () => {
    const framer = new Framer()
    for (const byte of Buffer.from('HTT')) expect(framer.push(Buffer.from([byte])).ok).toBe(true)
    expect(failureOf(framer.push(Buffer.from('P'))).detail).toContain('HTTP server')
  })
})

describe('memory', () => {
  const arrayBuffers = (): number => process.memoryUsage().arrayBuffers

  it('is not reserved for what was only announced', () => {
    const before = arrayBuffers()
    const framers = Array.from({ length: 100 }, () => {
      const framer = new Framer()
      framer.limit = frameLimit
      framer.push(sizeOf(frameLimit))
      return framer
    })
    expect(framers).toHaveLength(100)
    expect(arrayBuffers() - before).toBeLessThan(16 * 1024 * 1024)
  })

  it('of a frame that came in single bytes is that of the frame, not of a million buffers', () => {
    const framer = new Framer()
    const before = process.memoryUsage()
    framer.push(sizeOf(unauthenticatedFrameLimit))
    // As a socket gives them: each a piece of memory of its own.
    for (let i = 1; i < unauthenticatedFrameLimit; i++) framer.push(Buffer.from(new Uint8Array([i])))
    const after = process.memoryUsage()
    // 1 MiB held, and what the collector has not come to yet; a buffer object for each byte takes 250 MiB of heap.
    expect(after.heapUsed - before.heapUsed).toBeLessThan(100 * 1024 * 1024)
    const [frame] = valueOf(framer.push(Buffer.from([0])))
    expect(frame).toHaveLength(unauthenticatedFrameLimit)
    expect(frame?.subarray(0, 4)).toEqual(Buffer.from([1, 2, 3, 4]))
  })

  it('of a large frame goes with it, though the first bytes of the next one have come', () => {
    const framer = new Framer()
    framer.push(sizeOf(unauthenticatedFrameLimit))
    framer.push(Buffer.alloc(unauthenticatedFrameLimit - 1))
    const [frame, next] = valueOf(framer.push(Buffer.concat([Buffer.alloc(1), sized(Buffer.from('abcd'))])))
    expect([frame?.length, next]).toEqual([unauthenticatedFrameLimit, Buffer.from('abcd')])
    expect(next?.buffer).not.toBe(frame?.buffer)
  })

  it('is let go by clear, and the next bytes begin a frame', () => {
    const framer = new Framer()
    framer.push(Buffer.concat([sizeOf(100), Buffer.alloc(50)]))
    framer.clear()
    expect(valueOf(framer.push(sized(Buffer.from('abcd'))))).toEqual([Buffer.from('abcd')])
  })

  it('of a large frame in many chunks takes time that grows with its size only', () => {
    const framer = new Framer()
    framer.limit = frameLimit
    const chunk = Buffer.alloc(1_024)
    framer.push(sizeOf(64 * 1024 * 1024))
    let frames: readonly Buffer[] = []
    // Copying everything held at each chunk would move 2 TB.
    for (let i = 0; i < 64 * 1024; i++) frames = valueOf(framer.push(chunk))
    expect(frames.map((frame) => frame.length)).toEqual([64 * 1024 * 1024])
  })
})
