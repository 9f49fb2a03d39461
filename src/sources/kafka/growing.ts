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

  /** What was pushed so far; not to be pushed to any more. */
  finish(): Int32Array {
    return this.#values.subarray(0, this.length)
  }
}
