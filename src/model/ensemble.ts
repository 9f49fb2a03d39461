import type { Failure } from './result.ts'

/** The values of the label `state` of `kafka_ha_zookeeper_server_state`, one of which every server is in. */
export const serverStates = [
  'leader',
  'follower',
  'observer',
  'standalone',
  'read_only',
  'not_serving',
  'unreachable',
  'hung',
] as const

export type ServerState = (typeof serverStates)[number]

/** Whether clients' sessions can be connected to a server in this state; undefined = nobody knows its state, so they can. */
export function canHoldSessions(state: ServerState | undefined): boolean {
  return state === undefined || !['not_serving', 'unreachable', 'hung'].includes(state)
}

/** What one server of the ensemble said when it was last asked, or why it said nothing. */
export interface EnsembleServer {
  readonly state: ServerState
  /** Why it is `unreachable` or `hung`. */
  readonly failure: Failure | undefined
  /** As the server writes it (`3.8.4-9316c2a7a97e1666d8f4593f34dd6fc36ecc436c`); undefined where no word told it. */
  readonly version: string | undefined
  /** Its own id (`myid`), where `conf` or the AdminServer told it. */
  readonly id: number | undefined
  /** The last transaction that it processed: epoch in the upper 32 bits, counter in the lower. */
  readonly zxid: bigint | undefined
  /** Leader only: followers in sync with it, itself not counted; undefined where `mntr` is refused. */
  readonly syncedFollowers: number | undefined
  /** `zk_peer_state` as the server writes it ("leading - broadcast"), 3.6 and newer. */
  readonly peerState: string | undefined
  /** Every number that `mntr` tells, its key without `zk_`, as the server writes it; where `mntr` is refused, what `srvr` has of them. */
  readonly numbers: ReadonlyMap<string, number>
  /** Numbers that it told beyond as many as are kept. */
  readonly omitted: number
  /** undefined: not asked, or refused. Says `imok` without a quorum: never a sign of health. */
  readonly ruok: boolean | undefined
  /** Words that its whitelist refuses, as far as they were tried. */
  readonly refused: ReadonlySet<string>
}

export interface EnsembleMember {
  readonly id: number
  readonly role: 'participant' | 'observer'
  /** Host of the peers' port. */
  readonly host: string
  /** Where clients reach it, if the configuration says so. */
  readonly client: { readonly host: string; readonly port: number } | undefined
}

/** Who belongs to the ensemble as one of its own says it: `conf`, `voting_view` or `/zookeeper/config`. */
export interface Membership {
  readonly members: readonly EnsembleMember[]
  /** Of the dynamic configuration; undefined where it has none. */
  readonly version: bigint | undefined
  /** Of a source that leaves the observers out (`voting_view`): whoever is missing may be one. */
  readonly votersOnly?: boolean
}

/** The servers given by `--zookeeper.server`, each as it is now. */
export interface Ensemble {
  /** `host:port` of every server given, those that are not judged yet too. */
  readonly given: readonly string[]
  /** `host:port` as given -> its newest word; without those not judged yet, or that execute no word that tells their state. */
  readonly servers: ReadonlyMap<string, EnsembleServer>
  /** `host:port` -> the members it names; only those that could tell (`conf` allowed, or an AdminServer). */
  readonly memberships: ReadonlyMap<string, Membership>
}
