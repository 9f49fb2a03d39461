import type { Instant } from '../../model/instant.ts'
import type { LinesSink } from './follower.ts'

/** Thrown out of a step that ended after its turn: what it brought is dropped and asked for again. */
export class TurnOver extends Error {}

/** One call of `read`: its budget, its sink, and its end, after which nothing may be given to the sink any more. */
export class Turn {
  readonly sink: LinesSink
  /** Milliseconds on the clock that never jumps. */
  readonly now: number
  /** Milliseconds since 1970. */
  readonly wallMs: number
  /** Read into by everyone in turn; what is kept of it is copied. */
  readonly buffer: Buffer
  /** Bytes that may still be read, by all and by the one whose turn it is. */
  left: number
  granted = 0
  #isOver = false

  constructor(sink: LinesSink, { mono, wall }: Instant, buffer: Buffer, left: number) {
    this.sink = sink
    this.now = mono
    this.wallMs = wall
    this.buffer = buffer
    this.left = left
  }

  get isOver(): boolean {
    return this.#isOver
  }

  end(): void {
    this.#isOver = true
  }

  grant(bytes: number): void {
    this.granted = Math.min(bytes, this.left)
  }

  spend(bytes: number): void {
    this.granted -= bytes
    this.left -= bytes
  }

  /** A disk may answer minutes later, or never: whoever waits for it goes on only within the turn. */
  async step<T>(step: Promise<T>): Promise<T> {
    try {
      const value = await step
      if (!this.#isOver) return value
    } catch (error) {
      if (!this.#isOver) throw error
    }
    throw new TurnOver()
  }
}
