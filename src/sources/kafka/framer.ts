import { failed, success, type Result } from '../../model/result.ts'

/** What a broker may send before it has said who it is. */
export const unauthenticatedFrameLimit = 1024 * 1024

/** Room for a Metadata reply of several million partitions. */
export const frameLimit = 256 * 1024 * 1024

/**
 * Cuts a byte stream into Kafka's frames (int32 size, then that many bytes). Holds no more than what has arrived, and
 * nothing at all of a frame whose announced size is impossible.
 */
export class Framer {
  limit = unauthenticatedFrameLimit
  #chunks: Buffer[] = []
  #held = 0
  /** Bytes of the frame in progress, -1 while its size has not arrived whole. */
  #size = -1

  /** The frames that are complete with this chunk, in order, without their size. */
  push(chunk: Buffer): Result<readonly Buffer[]> {
    this.#chunks.push(chunk)
    this.#held += chunk.length
    const frames: Buffer[] = []
    for (;;) {
      if (this.#size < 0) {
        if (this.#held < 4) return success(frames)
        const head = this.#take(4)
        this.#size = head.readInt32BE(0)
        if (this.#size < 4 || this.#size > this.limit) return impossible(head, this.limit)
      }
      if (this.#held < this.#size) return success(frames)
      frames.push(this.#take(this.#size))
      this.#size = -1
    }
  }

  #take(size: number): Buffer {
    const first = this.#chunks[0]
    const whole = first !== undefined && first.length >= size ? first : Buffer.concat(this.#chunks)
    const rest = whole.subarray(size)
    if (whole === first) this.#chunks.shift()
    else this.#chunks = []
    if (rest.length > 0) this.#chunks.unshift(rest)
    this.#held -= size
    return whole.subarray(0, size)
  }
}

function impossible(head: Buffer, limit: number): Result<never> {
  const size = head.readInt32BE(0)
  const text = head.toString('latin1')
  if (text === 'HTTP') return failed('protocol', 'an HTTP server answered, not a Kafka broker')
  if (head[0] === 0x15 && head[1] === 3) return failed('tls', 'a TLS alert came: this listener wants TLS')
  return failed('protocol', `not a Kafka broker: frame of ${size} bytes announced, 4 to ${limit} expected`)
}
