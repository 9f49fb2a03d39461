/**
 * Reads ZooKeeper's jute encoding from one frame. Never throws: past the end, or at a length that cannot be, it gives zeros
 * and empties and `failure` says where, so a decoder checks once at its end.
 */
export class JuteReader {
  failure: string | undefined
  #at = 0
  readonly #bytes: Buffer

  constructor(bytes: Buffer) {
    this.#bytes = bytes
  }

  get remaining(): number {
    return this.#bytes.length - this.#at
  }

  fail(what: string): void {
    this.failure ??= `${what} at byte ${this.#at} of ${this.#bytes.length}`
    this.#at = this.#bytes.length
  }

  #take(size: number, what: string): number {
    const at = this.#at
    if (size < 0 || size > this.remaining) {
      this.fail(`truncated ${what}`)
      return -1
    }
    this.#at = at + size
    return at
  }

  int(): number {
    const at = this.#take(4, 'int')
    return at < 0 ? 0 : this.#bytes.readInt32BE(at)
  }

  long(): bigint {
    const at = this.#take(8, 'long')
    return at < 0 ? 0n : this.#bytes.readBigInt64BE(at)
  }

  boolean(): boolean {
    const at = this.#take(1, 'boolean')
    return at >= 0 && this.#bytes[at] !== 0
  }

  /** A view, not a copy; null is empty. */
  buffer(): Buffer {
    const length = this.int()
    const at = length < 0 ? -1 : this.#take(length, 'buffer')
    return at < 0 ? Buffer.alloc(0) : this.#bytes.subarray(at, at + length)
  }

  string(): string {
    return this.buffer().toString('utf8')
  }

  strings(): readonly string[] {
    const count = this.int()
    // A string is at least its length: a count beyond that is a lie, and would cost memory before it came to light.
    if (count * 4 > this.remaining) this.fail(`count ${count} beyond the end`)
    const strings: string[] = []
    for (let i = 0; i < count && this.failure === undefined; i++) strings.push(this.string())
    return strings
  }
}

/** Builds one frame, its size in front. */
export class JuteWriter {
  readonly #parts: Buffer[] = []

  int(value: number): this {
    const bytes = Buffer.allocUnsafe(4)
    bytes.writeInt32BE(value)
    this.#parts.push(bytes)
    return this
  }

  long(value: bigint): this {
    const bytes = Buffer.allocUnsafe(8)
    bytes.writeBigInt64BE(value)
    this.#parts.push(bytes)
    return this
  }

  boolean(value: boolean): this {
    this.#parts.push(Buffer.from([value ? 1 : 0]))
    return this
  }

  buffer(value: Buffer): this {
    this.int(value.length).#parts.push(value)
    return this
  }

  string(value: string): this {
    return this.buffer(Buffer.from(value, 'utf8'))
  }

  frame(): Buffer {
    const body = Buffer.concat(this.#parts)
    const size = Buffer.allocUnsafe(4)
    size.writeInt32BE(body.length)
    return Buffer.concat([size, body])
  }
}
