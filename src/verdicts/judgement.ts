import type { Instant } from '../model/instant.ts'
import { answersOf } from '../model/liveness.ts'
import type { View } from '../model/view.ts'
import { judgeAccess, type Access } from './access.ts'
import type { BrokerVerdicts } from './brokers.ts'
import type { Controller } from './controller.ts'
import { settledCount, type DisagreementKind } from './disagreements.ts'
import type { History } from './history.ts'
import type { Margins } from './margins.ts'
import type { PartitionHealth } from './partition-health.ts'
import type { QuorumVerdicts } from './quorum.ts'
import { judgeQuorums } from './quorums.ts'
import type { Replication } from './replication.ts'
import type { Risk } from './risks.ts'
import { shownSessions, type ShownSessions } from './shown-sessions.ts'
import { settledZnodes } from './znode-disagreements.ts'

/** What the facts and the history come to at one moment. undefined = nobody can say. */
export interface Judgement {
  /** Any broker or seed answered its last probe. */
  readonly reachable: boolean
  readonly brokers: BrokerVerdicts
  /** Of the coordinators that are watched. */
  readonly quorums: QuorumVerdicts
  /** undefined in KRaft mode as long as the quorum is not known. */
  readonly controller: Controller | undefined
  /** Of the last known topology, however old; undefined before the first. */
  readonly health: PartitionHealth | undefined
  /** These are of a topology that is not too old. */
  readonly replication: Replication | undefined
  /** Apart from `replication`: until reassignments were looked for, nobody can say which replicas are only being added. */
  readonly underReplicated: number | undefined
  readonly margins: Margins | undefined
  /** Broker -> leaderless partitions that wait for it. */
  readonly awaited: ReadonlyMap<number, number> | undefined
  readonly risks: readonly Risk[] | undefined
  readonly access: Access
  /** Broker -> its live ZooKeeper session. */
  readonly sessions: ShownSessions
  readonly disagreements: ReadonlyMap<DisagreementKind, number>
}

/** A look at the reassignments has ended by then, or failed twice. */
const firstReassignmentsMs = 11_000

export function judge(view: View, history: History, now: Instant): Judgement {
  const { liveness, brokers, controller, disagreements, znodeDisagreements, topologyAt } = history
  const reachable = answersOf(liveness).size > 0
  const kinds: readonly DisagreementKind[] = [
    ...(view.topology === undefined ? [] : (['leader', 'topics'] as const)),
    ...(view.zookeeper === undefined && view.quorum === undefined ? [] : (['quorum'] as const)),
    // Where nobody answers, nobody contradicts anybody, and nobody agrees either.
    ...(view.liveness === undefined || !reachable ? [] : (['controller', 'registration'] as const)),
  ]
  const counts = kinds.flatMap((kind): [DisagreementKind, number][] => {
    const count = settledCount(disagreements[kind], now.mono)
    const inZookeeper = view.znodes === undefined ? 0 : settledZnodes(znodeDisagreements, kind, now.mono)
    return count === undefined ? [] : [[kind, count + inZookeeper]]
  })
  // Where no topic may be seen though there are some, "0 leaderless" would be a guess.
  const isBlind = history.partitions?.partitions.leader.length === 0 && history.topology?.refusedTopics.length !== 0
  const known = isBlind ? undefined : history.partitions
  const fresh = view.topology && known
  const lookedForReassignments =
    view.reassignments !== undefined || now.mono - (topologyAt?.first ?? now.mono) >= firstReassignmentsMs
  return {
    reachable,
    brokers,
    quorums: judgeQuorums(history.quorums, view, liveness, now.mono),
    controller,
    health: known?.health.value,
    replication: fresh?.replication.value,
    underReplicated: lookedForReassignments ? fresh?.replication.value.underReplicated : undefined,
    margins: fresh?.margins.value,
    awaited: fresh?.awaited.value,
    risks: view.topology && history.risks?.value,
    access: judgeAccess(view),
    sessions: shownSessions(history.sessions, view, brokers, now),
    disagreements: new Map(counts),
  }
}
