import type { Failure } from './model/result.ts'
import type { View } from './model/view.ts'

/** How often a source looks, how long a look may take, and for how long its fact may be believed. Milliseconds. */
export interface Pace {
  readonly calmMs: number
  readonly alertMs: number
  readonly deadlineMs: number
  readonly maxAgeMs: number
  /** It may compute for one part in so many of the time; a tenth if nothing is said. */
  readonly busyShare?: number
}

/** What a source notes down as it goes, for the exporter's own metrics. */
export interface Notes {
  /** A request leaves for Kafka or ZooKeeper. */
  sent(api: string): void
  /** One target failed; the look goes on with the others. */
  failed(target: string, failure: Failure): void
  /** Milliseconds for which it kept the event loop busy. */
  busy(ms: number): void
}

export interface Look {
  /** Aborted when the look's deadline has passed: its result will be dropped. */
  readonly signal: AbortSignal
  readonly view: View
}

/** One look at one part of the outside world. The next look is the retry. */
export interface Source<Out> {
  readonly name: string
  readonly pace: Pace
  /** The apis it may ask, so that their counters start at 0. */
  readonly apis: readonly string[]
  /** The fact as this look found it; undefined when no target gave anything usable. May throw: the runner counts it. */
  observe(look: Look): Promise<Out | undefined>
  /** The store has taken what the newest look brought. Called before the next look; not waited for past the look's deadline. */
  committed?(): Promise<void>
  /** The last look may still be under way. */
  close?(): void | Promise<void>
}
