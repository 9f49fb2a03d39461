import type { Metrics } from './metrics.ts'
import type { Truth } from './truth.ts'

export interface ActRecord {
  readonly startedAt: number
  /** Undefined while it is under way. */
  readonly endedAt: number | undefined
}

/** Everything known at one instant. Watches are folds over moments, so that they are tested without a cluster. */
export interface Moment {
  /** ms since the drill began; for a scrape: when its answer was complete. */
  readonly at: number
  readonly cause: 'scrape' | 'truth'
  readonly truth: Truth
  /** The newest scrape; undefined before the first, and when the newest failed. */
  readonly metrics: Metrics | undefined
  readonly acts: ReadonlyMap<string, ActRecord>
  /** `$name` -> broker id, for acts whose target is found while drilling: `$controller`. */
  readonly names: ReadonlyMap<string, number>
}

/** Something about a moment that can be waited for, with the words the timeline prints. */
export interface Condition {
  readonly name: string
  readonly holds: (moment: Moment) => boolean
}

/** One asserted thing, in the report. */
export interface Check {
  readonly kind: 'stage' | 'bound' | 'hold' | 'rule' | 'step'
  readonly name: string
  readonly ok: boolean
  /** Measured seconds; absent where none was measured. */
  readonly seconds?: number
  readonly withinS?: number
  readonly detail?: string
}
