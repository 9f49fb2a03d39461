import type { Instant } from './instant.ts'
import type { Liveness } from './liveness.ts'
import type { Offsets } from './offsets.ts'
import type { Roster } from './roster.ts'
import type { Topology } from './topology.ts'

/** What the sources bring, by the source's name. */
export interface Facts {
  readonly liveness: Liveness
  readonly topology: Topology
  readonly offsets: Offsets
}

export type FactName = keyof Facts

/** A fact and when the look that brought it began: what happened during the look may already be newer. */
export interface Observed<T> {
  readonly value: T
  readonly at: Instant
}

/** The newest of each fact; undefined = never seen, or older than its source's maximum age. */
export type View = { readonly [K in FactName]: Observed<Facts[K]> | undefined } & {
  /** The memory of which brokers there should be; never ages as a whole. */
  readonly roster: Roster
}

export const emptyView: View = { liveness: undefined, topology: undefined, offsets: undefined, roster: new Map() }
