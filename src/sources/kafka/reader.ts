/** Kafka's own limit in every version: a longer one could not be sent back in a request that is not flexible. */
const longestString = 0x7fff

/**
 * Reads Kafka's primitive types from one reply. Never throws: past the end, or at a length that cannot be, it gives zeros
 * and empties and `failure` says where, so a decoder checks once at its end and before it trusts a count.
 */
export class Reader {
  failure: string | undefined
  #at = 0
  readonly #bytes: Buffer
  /** The same bytes: several times faster than Buffer's own methods, which counts for millions of numbers. */
  readonly #view: DataView

  constructor(bytes: Buffer) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  }

  /** Whether everything read so far was there. */
  ok(): boolean {
    return this.failure === undefined
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  /** Where the next byte is read, from 0. */
  get at(): number {
    return this.#at
  }

  /** Back to a place that was passed before. */
  goTo(at: number): void {
    if (this.ok()) this.#at = at
  }

  fail(what: string): void {
    this.failure ??= `${what} at byte ${this.#at} of ${this.#bytes.length}`
    this.#at = this.#bytes.length
  }

  #take(size: number, what: string): number {
    const at = this.#at
    if (size < 0 || at + size > this.#bytes.length) {
      this.fail(`truncated ${what}`)
      return -1
    }
    this.#at = at + size
    return at
  }

  int8(): number {
    const at = this.#take(1, 'int8')
    return at < 0 ? 0 : this.#view.getInt8(at)
  }

  boolean(): boolean {
    return this.int8() !== 0
  }

  int16(): number {
    const at = this.#take(2, 'int16')
    return at < 0 ? 0 : this.#view.getInt16(at)
  }

  int32(): number {
    const at = this.#take(4, 'int32')
    return at < 0 ? 0 : this.#view.getInt32(at)
  }

  /** An int64 as a number: exact to 2^53, which no offset reaches in practice. */
  int64(): number {
    const at = this.#take(8, 'int64')
    return at < 0 ? 0 : this.#view.getInt32(at) * 2 ** 32 + this.#view.getUint32(at + 4)
  }

  uvarint(): number {
    // Lists of replicas and empty tagged fields, which is nearly all of them.
    const first = this.#at < this.#bytes.length ? this.#view.getUint8(this.#at) : 0x80
    if (first < 0x80) {
      this.#at++
      return first
    }
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const at = this.#take(1, 'varint')
      if (at < 0) return 0
      const byte = this.#view.getUint8(at)
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    this.fail('varint of more than 5 bytes')
    return 0
  }

  /**
   * Number of elements that follow, each at least `leastBytes` long; null arrays are 0. More than `most` is a failure: a
   * structure of a few bytes can cost a hundred times as many once it is decoded.
   */
  count(flexible: boolean, leastBytes: number, most = Infinity): number {
    const count = flexible ? this.uvarint() - 1 : this.int32()
    if (count <= 0) return 0
    if (count * leastBytes > this.remaining) {
      this.fail(`count ${count} beyond the end`)
      return 0
    }
    if (count > most) {
      this.fail(`count ${count}, at most ${most} expected,`)
      return 0
    }
    return count
  }

  #text(length: number, what: string): string | undefined {
    if (length < 0) return undefined
    if (length > longestString) this.fail(`${what} of ${length} bytes`)
    const at = this.#take(length, what)
    return at < 0 ? '' : this.#bytes.toString('utf8', at, at + length)
  }

  nullableString(flexible: boolean): string | undefined {
    return this.#text(flexible ? this.uvarint() - 1 : this.int16(), 'string')
  }

  string(flexible: boolean): string {
    return this.nullableString(flexible) ?? ''
  }

  /** Int32-length-prefixed bytes; null is empty. */
  bytes(): Buffer {
    const length = this.int32()
    const at = length < 0 ? -1 : this.#take(length, 'bytes')
    return at < 0 ? Buffer.alloc(0) : this.#bytes.subarray(at, at + length)
  }

  skip(size: number): void {
    this.#take(size, 'field')
  }

  /** Passes an array of int32 and gives its length. */
  skipInts(flexible: boolean): number {
    const count = this.count(flexible, 4)
    this.skip(4 * count)
    return count
  }

  /** An array of int32 into `target` from `start` on, as far as there is room; gives where it ends. */
  ints(flexible: boolean, target: Int32Array, start: number): number {
    const count = this.count(flexible, 4)
    const at = this.#take(4 * count, 'array')
    for (let i = 0; i < count && at >= 0; i++) target[start + i] = this.#view.getInt32(at + 4 * i)
    return start + count
  }

  /** The tagged fields that close every structure of a flexible version; none is of use here. */
  tags(flexible: boolean): void {
    if (!flexible) return
    const fields = this.uvarint()
    for (let i = 0; i < fields && this.ok(); i++) {
      this.uvarint()
      this.skip(this.uvarint())
    }
  }
}
