import type { IntLists } from '../../model/int-lists.ts'
import type { Reader } from './reader.ts'

/** Most replies are those of probes, which hold no partitions at all. */
const nothing = new Int32Array(0)

/** An Int32Array that grows by doubling: replies do not say in advance how many partitions they hold. */
export class GrowingInts {
  length = 0
  #values = nothing

  push(value: number): void {
    if (this.length === this.#values.length) {
      const larger = new Int32Array(Math.max(64, this.length * 2))
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.length++] = value
  }

  finish(): Int32Array {
    return this.#values.slice(0, this.length)
  }
}

/** Builds IntLists row by row, straight from a reply. */
export class GrowingLists {
  readonly #starts = new GrowingInts()
  readonly #values = new GrowingInts()

  constructor() {
    this.#starts.push(0)
  }

  row(reader: Reader, flexible: boolean): void {
    const count = reader.count(flexible, 4)
    for (let i = 0; i < count; i++) this.#values.push(reader.int32())
    this.#starts.push(this.#values.length)
  }

  empty(): void {
    this.#starts.push(this.#values.length)
  }

  finish(): IntLists {
    return { starts: this.#starts.finish(), values: this.#values.finish() }
  }
}
