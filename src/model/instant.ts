/** One moment on two clocks. Ages are differences of `mono`; only what leaves the process as a date uses `wall`. */
export interface Instant {
  /** Milliseconds on a clock that never jumps. */
  readonly mono: number
  /** Milliseconds since 1970 as the machine believes now. */
  readonly wall: number
}

export type Clock = () => Instant

export const systemClock: Clock = () => ({ mono: performance.now(), wall: Date.now() })
