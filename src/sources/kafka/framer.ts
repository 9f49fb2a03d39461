import { failed, success, type Result } from '../../model/result.ts'

/** What a broker may send before it has said who it is. */
export const unauthenticatedFrameLimit = 1024 * 1024

/** Room for a Metadata reply of several million partitions. */
export const frameLimit = 256 * 1024 * 1024

/** Chunks below this are joined: a buffer object costs more than the few bytes of a broker that trickles. */
const blockSize = 16 * 1024

/**
 * Cuts a byte stream into frames as Kafka and ZooKeeper have them (int32 size, then that many bytes). Holds no more than what has arrived, and
 * nothing at all of a frame whose announced size is impossible.
 */
export class Framer {
  limit: number
  readonly #peer: string
  #chunks: Buffer[] = []
  #held = 0
  /** Bytes of the frame in progress, -1 while its size has not arrived whole. */
  #size = -1

  constructor(peer = 'a Kafka broker', limit = unauthenticatedFrameLimit) {
    this.#peer = peer
    this.limit = limit
  }

  /** The frames that are complete with this chunk, in order, without their size. */
  push(chunk: Buffer): Result<readonly Buffer[]> {
    if (chunk.length > 0) this.#hold(chunk)
    const frames: Buffer[] = []
    for (;;) {
      if (this.#size < 0) {
        if (this.#held < 4) return success(frames)
        const head = this.#take(4)
        this.#size = head.readInt32BE(0)
        if (this.#size < 4 || this.#size > this.limit) {
          this.clear()
          return impossible(head, this.limit, this.#peer)
        }
      }
      if (this.#held < this.#size) return success(frames)
      frames.push(this.#take(this.#size))
      this.#size = -1
    }
  }

  /** Lets go of the frame in progress, for whoever keeps a connection that is over. */
  clear(): void {
    this.#chunks = []
    this.#held = 0
    this.#size = -1
  }

  /**
   * Joins a chunk with those before it that are not longer, like a binary counter: a frame of single bytes is held in a
   * few blocks, and no byte is copied more than some 14 times.
   */
  #hold(chunk: Buffer): void {
    let length = chunk.length
    let at = this.#chunks.length
    for (; at > 0; at--) {
      const before = this.#chunks[at - 1]?.length ?? 0
      if (before > length || before >= blockSize) break
      length += before
    }
    const joins = at < this.#chunks.length
    this.#chunks.push(joins ? Buffer.concat([...this.#chunks.splice(at), chunk], length) : chunk)
    this.#held += chunk.length
  }

  /** Copies only what spans chunks, so that the few bytes behind a large frame do not keep it in memory. */
  #take(size: number): Buffer {
    this.#held -= size
    const first = this.#chunks[0]
    if (first !== undefined && first.length > size) {
      this.#chunks[0] = first.subarray(size)
      return first.subarray(0, size)
    }
    let whole = 0
    let missing = size
    for (const { length } of this.#chunks) {
      if (length > missing) break
      missing -= length
      whole++
    }
    const parts = this.#chunks.splice(0, whole)
    const cut = this.#chunks[0]
    if (cut !== undefined && missing > 0) {
      parts.push(cut.subarray(0, missing))
      this.#chunks[0] = cut.subarray(missing)
    }
    return parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts, size)
  }
}

function impossible(head: Buffer, limit: number, peer: string): Result<never> {
  const size = head.readInt32BE(0)
  const text = head.toString('latin1')
  if (text === 'HTTP') return failed('protocol', `an HTTP server answered, not ${peer}`)
  if (head[0] === 0x15 && head[1] === 3) return failed('tls', 'a TLS alert came: this listener wants TLS')
  return failed('protocol', `not ${peer}: frame of ${size} bytes announced, 4 to ${limit} expected`)
}
