import type { Instant } from '../model/instant.ts'
import type { modeOf, Liveness } from '../model/liveness.ts'
import type { Logs } from '../model/logs.ts'
import type { Topology } from '../model/topology.ts'
import type { BrokerVerdicts } from './brokers.ts'
import { judgeController, type Controller, type ControllerChanges } from './controller.ts'
import { noDisagreements, type Disagreements } from './disagreements.ts'
import type { Memo } from './memo.ts'
import type { EligibleMemory } from './eligible.ts'
import { noMovements, type Movements } from './movements.ts'
import type { PartitionVerdicts } from './partition-verdicts.ts'
import type { Racks } from './racks.ts'
import { noQuorums, type Quorums } from './quorums.ts'
import type { Risk } from './risks.ts'
import { noZnodeDisagreements, type ZnodeDisagreements } from './znode-disagreements.ts'
import { noSessions, type SessionHistory } from './sessions.ts'

/** What must be remembered from look to look. Immutable: every step makes a new one. */
export interface History {
  /** The newest of each, however old: in a total outage they are all that is known. */
  readonly liveness: Liveness | undefined
  readonly topology: Topology | undefined
  /** `mono` ms at which the look began that brought the topology, and the first one. */
  readonly topologyAt: { readonly first: number; readonly last: number } | undefined
  readonly brokers: BrokerVerdicts
  /** The same verdicts, another object only when one of them is another: reasons come and go without that. */
  readonly reach: BrokerVerdicts
  /** Racks of the expected brokers as last registered: a broker that is down has not moved. */
  readonly racks: Racks
  /** The last that was known. */
  readonly mode: ReturnType<typeof modeOf>
  /** A controller of KRaft stands in ZooKeeper, as last told. */
  readonly isMigrating: boolean
  /** Whose quorum decides whether Kafka fails over: KRaft's once a migration has begun, though brokers are in ZooKeeper mode. */
  readonly coordinator: ReturnType<typeof modeOf>
  /**
   * A controller of KRaft stands in ZooKeeper and brokers in ZooKeeper mode follow it. It tells them of nothing that it has not written to
   * ZooKeeper before, so that neither quorum may be missing.
   */
  readonly isDualWrite: boolean
  readonly quorums: Quorums
  /** undefined in KRaft mode as long as the quorum is not known. */
  readonly controller: Controller | undefined
  /** Of the last known topology, against the brokers as they are now. */
  readonly partitions: PartitionVerdicts | undefined
  readonly risks: Memo<readonly Risk[]> | undefined
  readonly movements: Movements
  /** Empty once the newest answer is too old. */
  readonly eligible: EligibleMemory
  readonly controllerChanges: ControllerChanges
  readonly disagreements: Disagreements
  readonly znodeDisagreements: ZnodeDisagreements
  readonly sessions: SessionHistory
  /** The newest, however old: what was counted stays counted while a disk hangs. */
  readonly logs: Logs | undefined
  /** `mono` ms of the newest change of each kind. */
  readonly changedAt: {
    readonly liveness: number
    readonly topology: number
    readonly roster: number
    readonly quorum: number
  }
}

export function firstHistory(now: Instant): History {
  return {
    liveness: undefined,
    topology: undefined,
    topologyAt: undefined,
    brokers: new Map(),
    reach: new Map(),
    racks: new Map(),
    mode: undefined,
    isMigrating: false,
    coordinator: undefined,
    isDualWrite: false,
    quorums: noQuorums,
    controller: judgeController(new Map(), undefined, new Map(), undefined),
    partitions: undefined,
    risks: undefined,
    movements: noMovements,
    eligible: new Map(),
    controllerChanges: { last: undefined, count: 0 },
    disagreements: noDisagreements,
    sessions: noSessions(now.mono),
    logs: undefined,
    znodeDisagreements: noZnodeDisagreements,
    changedAt: { liveness: now.mono, topology: now.mono, roster: now.mono, quorum: now.mono },
  }
}
