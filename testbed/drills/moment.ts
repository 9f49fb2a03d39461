import type { Metrics } from './metrics.ts'
import type { Truth } from './truth.ts'
import type { Writes } from './writers.ts'

export interface ActRecord {
  readonly startedAt: number
  /** Undefined while it is under way. */
  readonly endedAt: number | undefined
  /** The newest scrape when it began. */
  readonly metrics?: Metrics | undefined
}

/** A running broker that did not answer in time, or at all. */
export interface Silence {
  readonly broker: number
  readonly at: number
  readonly error: string
}

/** Everything known at one instant. Watches are folds over moments, so that they are tested without a cluster. */
export interface Moment {
  /** ms since the drill began; for a scrape: when its answer was complete. */
  readonly at: number
  /** The same instant by the wall clock, s. */
  readonly unix: number
  /** `side`: a scrape of an exporter inside a node's own network. */
  readonly cause: 'scrape' | 'truth' | 'side'
  readonly truth: Truth
  /** The newest scrape; undefined before the first, and when the newest failed. */
  readonly metrics: Metrics | undefined
  /** Node -> the newest scrape of the exporter that runs inside it. */
  readonly sides: ReadonlyMap<number, Metrics>
  readonly acts: ReadonlyMap<string, ActRecord>
  /** `$name` -> what it stands for: `$controller`, a broker id found while drilling; `$zk1`, a server's address. */
  readonly names: ReadonlyMap<string, number | string>
  /** `topic/partition` -> the drill's own acks=all writes to it. */
  readonly writes: ReadonlyMap<string, Writes>
  readonly silences: readonly Silence[]
}

/** Something about a moment that can be waited for, with the words the timeline prints. */
export interface Condition {
  readonly name: string
  readonly holds: (moment: Moment) => boolean
  /** For the report of a claim. */
  readonly detail?: (moment: Moment) => string
}

/** One asserted thing, in the report. */
export interface Check {
  readonly kind: 'stage' | 'bound' | 'hold' | 'rule' | 'step' | 'logs'
  readonly name: string
  readonly ok: boolean
  /** Measured seconds; absent where none was measured. */
  readonly seconds?: number
  readonly withinS?: number
  readonly detail?: string
}
