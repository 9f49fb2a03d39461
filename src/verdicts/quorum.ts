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
  /** The leader as a member of `lag` is named; undefined while none is known. */
  readonly leader: string | undefined
  readonly epoch: number | undefined
  /** Member id (KRaft), or id or else `host:port` (ZooKeeper) -> log entries, or transactions, behind the leader. */
  readonly lag: ReadonlyMap<string, number>
}

/** Of the coordinators that are watched. */
export type QuorumVerdicts = ReadonlyMap<QuorumKind, QuorumVerdict>

export const unknownQuorum: QuorumVerdict = {
  configuredVoters: undefined,
  majority: undefined,
  servingVoters: undefined,
  available: undefined,
  leaderId: undefined,
  leader: undefined,
  epoch: undefined,
  lag: new Map(),
}

/** Elections take less: a majority that answers, and that nobody leads for so long, has lost its quorum. */
export const leaderlessMs = 5_000

export function majorityOf(voters: number): number {
  return Math.floor(voters / 2) + 1
}

/** The newest reign that was seen: what leads with an older epoch does not. */
export interface Reign {
  readonly leader: string
  readonly epoch: number | undefined
  /** `mono` ms at which it was last seen. */
  readonly at: number
}

/** Old leaders that wake up believe for a moment that they still lead. Epochs that stay lower are those of an ensemble set up anew. */
const outdatedForMs = 60_000

export function isOutdated(epoch: number | undefined, newest: Reign | undefined, now: number): boolean {
  if (epoch === undefined || newest?.epoch === undefined) return false
  return epoch < newest.epoch && now - newest.at < outdatedForMs
}

/** Who led before the first look is not known; a leader elected anew has another epoch. */
export function isElection(before: Reign | undefined, after: Reign): boolean {
  if (before === undefined) return false
  if (before.epoch === undefined || after.epoch === undefined) return before.leader !== after.leader
  return before.epoch !== after.epoch
}

/** A reading that shows what has to last before it is believed: since when it does, `mono` ms; undefined = it does not. */
export function since(holds: boolean, before: number | undefined, now: number): number | undefined {
  return holds ? (before ?? now) : undefined
}

/** What makes another verdict; lags grow and shrink without that. */
export function sameQuorum(a: QuorumVerdict | undefined, b: QuorumVerdict | undefined): boolean {
  return (
    a?.available === b?.available &&
    a?.servingVoters === b?.servingVoters &&
    a?.configuredVoters === b?.configuredVoters &&
    a?.leader === b?.leader &&
    a?.leaderId === b?.leaderId &&
    a?.epoch === b?.epoch
  )
}
