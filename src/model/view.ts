import type { Configs } from './configs.ts'
import type { Elr } from './elr.ts'
import type { Ensemble } from './ensemble.ts'
import type { Instant } from './instant.ts'
import type { KraftQuorum } from './kraft-quorum.ts'
import type { Liveness } from './liveness.ts'
import type { Logs } from './logs.ts'
import type { Offsets } from './offsets.ts'
import type { Reassignments } from './reassignments.ts'
import type { Roster } from './roster.ts'
import type { Sessions } from './sessions.ts'
import type { Topology } from './topology.ts'
import type { Znodes } from './znodes.ts'

/** What the sources bring, by the source's name. */
export interface Facts {
  readonly liveness: Liveness
  readonly topology: Topology
  readonly offsets: Offsets
  readonly reassignments: Reassignments
  readonly configs: Configs
  /** KRaft's. */
  readonly quorum: KraftQuorum
  readonly elr: Elr
  readonly zookeeper: Ensemble
  readonly sessions: Sessions
  readonly znodes: Znodes
  readonly logs: Logs
}

export const factNames = [
  'liveness',
  'topology',
  'offsets',
  'reassignments',
  'configs',
  'quorum',
  'elr',
  'zookeeper',
  'sessions',
  'znodes',
  'logs',
] as const satisfies readonly (keyof Facts)[]

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

export const emptyView: View = {
  liveness: undefined,
  topology: undefined,
  offsets: undefined,
  reassignments: undefined,
  configs: undefined,
  quorum: undefined,
  elr: undefined,
  zookeeper: undefined,
  sessions: undefined,
  znodes: undefined,
  logs: undefined,
  roster: new Map(),
}
