const minus = 0x2d
const zero = 0x30

/** More than any number takes as text. */
export const longestNumber = 25

/** Copies go by four bytes, so that up to three more are touched than were meant. */
const slack = 3

/** UTF-8 that is copied from again and again. */
export class Source {
  readonly length: number
  /** Of `length` bytes and some slack. */
  readonly view: DataView

  constructor(text: string) {
    const bytes = Buffer.from(text)
    const padded = new Uint8Array(bytes.length + slack)
    padded.set(bytes)
    this.length = bytes.length
    this.view = new DataView(padded.buffer)
  }
}

/** Text written as UTF-8 into a buffer of fixed size. Whoever writes knows that it fits. */
export class Bytes {
  readonly #buffer: Buffer
  readonly #view: DataView
  #length = 0

  constructor(capacity: number) {
    this.#buffer = Buffer.allocUnsafeSlow(capacity + slack)
    this.#view = new DataView(this.#buffer.buffer)
  }

  get length(): number {
    return this.#length
  }

  get room(): number {
    return this.#buffer.length - slack - this.#length
  }

  /** What was written so far; a view, which nothing written later changes. */
  get written(): Buffer {
    return this.#buffer.subarray(0, this.#length)
  }

  text(text: string): void {
    this.#length += this.#buffer.write(text, this.#length)
  }

  byte(code: number): void {
    this.#buffer[this.#length++] = code
  }

  /** `from[start .. end)`. For tens of bytes this is several times faster than a loop over bytes or any call that copies. */
  copy({ view: from }: Source, start: number, end: number): void {
    const to = this.#view
    let at = this.#length
    for (let i = start; i < end; i += 4, at += 4) to.setInt32(at, from.getInt32(i, true), true)
    this.#length += end - start
  }

  /** As `String(value)`. */
  number(value: number): void {
    if (!Number.isSafeInteger(value)) {
      this.text(String(value))
      return
    }
    if (value < 0) this.byte(minus)
    const rest = Math.abs(value)
    if (rest < 1e9) {
      this.#digits(rest, digitsOf(rest))
    } else {
      const high = Math.floor(rest / 1e9)
      this.#digits(high, digitsOf(high))
      this.#digits(rest - high * 1e9, 9)
    }
  }

  /** The last `count` digits of an integer below 2^31. */
  #digits(value: number, count: number): void {
    const buffer = this.#buffer
    const start = this.#length
    let rest = value | 0
    for (let at = start + count - 1; at >= start; at--) {
      const tens = (rest / 10) | 0
      buffer[at] = zero + rest - tens * 10
      rest = tens
    }
    this.#length = start + count
  }
}

function digitsOf(value: number): number {
  let count = 1
  for (let limit = 10; value >= limit; limit *= 10) count++
  return count
}
