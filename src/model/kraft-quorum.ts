import type { FailureReason } from './result.ts'

/** A voter or an observer as the leader of the KRaft quorum describes it (DescribeQuorum). */
export interface Replica {
  readonly id: number
  /** Log end offset; -1 = the leader has not heard from it since its election. */
  readonly logEndOffset: number
  /** Leader's wall clock, ms, at its last fetch; undefined: not known (v0, or never). The leader's own is its now. */
  readonly lastFetchMs: number | undefined
  readonly lastCaughtUpMs: number | undefined
}

/** A good answer to DescribeQuorum. Errors have no body: a controller that does not lead answers leader 0, epoch 0. */
export interface QuorumDescription {
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly highWatermark: number
  readonly voters: readonly Replica[]
  readonly observers: readonly Replica[]
}

/** What one node said when it was last asked for the quorum. */
export type QuorumAnswer =
  | { readonly kind: 'described'; readonly quorum: QuorumDescription }
  /** It answers, but does not lead (NOT_LEADER_OR_FOLLOWER), or knows nobody who does. */
  | { readonly kind: 'not_leader' }
  /** It speaks, but gives no description: not authorised, or too old. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** No answer: `mono` ms since when. */
  | { readonly kind: 'silent'; readonly reason: FailureReason; readonly since: number }

/** The KRaft quorum from both sides. `broker` is what came of asking through a broker, which hangs without a quorum. */
export interface KraftQuorum {
  /** Each of `--kafka.controller` by `host:port`; empty where none is given. */
  readonly controllers: ReadonlyMap<string, QuorumAnswer>
  readonly broker: QuorumAnswer | undefined
  /** Registered but fenced brokers (DescribeCluster v2); undefined where nobody told. */
  readonly fenced: ReadonlySet<number> | undefined
  /** Finalized `metadata.version` level (ApiVersions of a controller or broker); undefined where not told. */
  readonly metadataVersion: string | undefined
}
