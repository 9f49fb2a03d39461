import type { Layout } from './topology.ts'

/** Log end and start of each partition as its leader told them, in columns over `layout`. */
export interface Offsets {
  readonly layout: Layout
  /** High watermark; NaN where unknown. */
  readonly latest: Float64Array
  /** Log start offset; NaN where unknown. */
  readonly earliest: Float64Array
  /** Broker that gave the row's values, -1 where none did: they hold only while that broker leads and answers. */
  readonly answeredBy: Int32Array
  /** `mono` ms of that answer. */
  readonly observedAt: Float64Array
}
