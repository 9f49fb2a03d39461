export type QuorumKind = 'zookeeper' | 'kraft'

/** What a coordinator's ensemble can still do. undefined = nobody can say. */
export interface QuorumVerdict {
  readonly configuredVoters: number | undefined
  /** floor(configuredVoters / 2) + 1. */
  readonly majority: number | undefined
  /** Voters that take part now: ZooKeeper's leader and the followers in sync with it; KRaft's leader and voters with a recent fetch. */
  readonly servingVoters: number | undefined
  /** On positive evidence only. */
  readonly available: boolean | undefined
  /** -1: nobody leads. */
  readonly leaderId: number | undefined
  readonly epoch: number | undefined
  /** Member id (KRaft), or id or else `host:port` (ZooKeeper) -> log entries, or transactions, behind the leader. */
  readonly lag: ReadonlyMap<string, number>
}
