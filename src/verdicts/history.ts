import type { Configs } from '../model/configs.ts'
import type { Instant } from '../model/instant.ts'
import { modeOf, type Liveness } from '../model/liveness.ts'
import type { Logs } from '../model/logs.ts'
import type { Roster } from '../model/roster.ts'
import { mapRows, type Topology } from '../model/topology.ts'
import type { FactName, View } from '../model/view.ts'
import { judgeBrokers, type BrokerVerdicts } from './brokers.ts'
import { livenessChanged, rosterChanged, topologyChanged, verdictsChanged } from './changes.ts'
import {
  controllerOf,
  countViewDisagreements,
  judgeController,
  nextControllerChanges,
  type Controller,
  type ControllerChanges,
} from './controller.ts'
import { nextDisagreements, noDisagreements, type DisagreementKind, type Disagreements } from './disagreements.ts'
import { withKnownPartitions } from './known-partitions.ts'
import { memo, type Memo } from './memo.ts'
import { eligibleReplicas, noneEligible } from './eligible.ts'
import { countMovements, noMovements, type Movements } from './movements.ts'
import { nextPartitionVerdicts, type PartitionVerdicts } from './partition-verdicts.ts'
import { nextRacks, type Racks } from './racks.ts'
import { countQuorumDisagreements, nextQuorums, noQuorums, quorumsChanged, type Quorums } from './quorums.ts'
import { judgeRisks, type Risk } from './risks.ts'
import { nextRoster } from './roster.ts'
import { nextZnodeDisagreements, noZnodeDisagreements, type ZnodeDisagreements } from './znode-disagreements.ts'
import { nextSessions, noSessions, type SessionHistory } from './sessions.ts'

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
  readonly quorums: Quorums
  /** undefined in KRaft mode as long as the quorum is not known. */
  readonly controller: Controller | undefined
  /** Of the last known topology, against the brokers as they are now. */
  readonly partitions: PartitionVerdicts | undefined
  readonly risks: Memo<readonly Risk[]> | undefined
  readonly movements: Movements
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
    quorums: noQuorums,
    controller: judgeController(new Map(), undefined, new Map(), undefined),
    partitions: undefined,
    risks: undefined,
    movements: noMovements,
    controllerChanges: { last: undefined, count: 0 },
    disagreements: noDisagreements,
    sessions: noSessions(now.mono),
    logs: undefined,
    znodeDisagreements: noZnodeDisagreements,
    changedAt: { liveness: now.mono, topology: now.mono, roster: now.mono, quorum: now.mono },
  }
}

export interface Step {
  readonly view: View
  readonly history: History
}

/** One new fact, of the source that is named, taken into the roster and the history. */
export function step(
  history: History,
  arrivedView: View,
  arrived: FactName,
  now: Instant,
  options: { readonly brokerRetentionMs: number },
): Step {
  const said = arrived === 'topology' ? withKnownPartitions(arrivedView, history.topology) : arrivedView
  const liveness = arrived === 'liveness' ? said.liveness?.value : history.liveness
  const topology = arrived === 'topology' ? said.topology?.value : history.topology
  // A cluster that was set up anew has nothing to do with the brokers of the one before.
  const isAnew = history.topology !== undefined && topology?.clusterId !== history.topology.clusterId
  const past = isAnew ? undefined : history.partitions
  const view = isAnew
    ? { ...said, offsets: undefined, reassignments: undefined, configs: undefined, elr: undefined, quorum: undefined }
    : said
  const mode = modeOf(liveness) ?? history.mode
  const roster =
    arrived === 'topology' && topology !== undefined
      ? nextRoster(isAnew ? new Map() : view.roster, topology, now.mono, options.brokerRetentionMs)
      : view.roster
  const judged = judgeBrokers(roster, liveness, history.brokers)
  const verdictsMoved = verdictsChanged(history.brokers, judged)
  const livenessMoved =
    liveness !== history.liveness && liveness !== undefined && livenessChanged(history.liveness, liveness)
  const topologyMoved =
    topology !== history.topology && topology !== undefined && topologyChanged(history.topology, topology)
  const quorums = nextQuorums(history.quorums, view, arrived, { mode, liveness, isAnew }, now.mono)
  const named = judgeController(roster, liveness, judged, topology?.controllerId)
  const controller = controllerOf(mode, mode === 'kraft' ? undefined : named, quorums, view, liveness, now.mono)
  const reach = verdictsMoved ? judged : history.reach
  const racks = topology === undefined ? history.racks : nextRacks(history.racks, topology.brokers, roster)
  const topologyAt = topologyTimes(history, view, arrived, isAnew)
  const { changedAt } = history
  const next: History = {
    liveness,
    topology,
    topologyAt,
    brokers: judged,
    reach,
    racks,
    mode,
    quorums,
    controller,
    partitions:
      topology &&
      nextPartitionVerdicts(
        past,
        {
          partitions: topology.partitions,
          topologyAt: topologyAt?.last ?? now.mono,
          brokers: reach,
          configs: view.configs,
          reassignments: view.reassignments,
          elr: view.elr?.value,
          // Without evidence to the contrary somebody elects.
          failsOver: controller?.up ?? true,
        },
        now,
      ),
    risks: topology && risksOf(history, racks, topology, view.configs?.value),
    movements: arrived === 'topology' ? nextMovements(history, past, view, reach, now.mono) : history.movements,
    controllerChanges: nextControllerChanges(history.controllerChanges, controller, isAnew),
    disagreements: history.disagreements,
    znodeDisagreements: nextZnodeDisagreements(history.znodeDisagreements, view, roster, controller, now.mono),
    sessions: nextSessions(history.sessions, arrived, { view, brokers: judged, brokersBefore: history.brokers, now }),
    logs: view.logs?.value ?? history.logs,
    changedAt: {
      liveness: livenessMoved || verdictsMoved ? now.mono : changedAt.liveness,
      topology: topologyMoved ? now.mono : changedAt.topology,
      roster: rosterChanged(view.roster, roster) ? now.mono : changedAt.roster,
      quorum: quorumsChanged(history.quorums, quorums) ? now.mono : changedAt.quorum,
    },
  }
  const disagreements = nextDisagreements(history.disagreements, count(arrived, next, roster), now.mono)
  return { view: { ...view, roster }, history: { ...next, disagreements } }
}

function topologyTimes(history: History, view: View, arrived: FactName, isAnew: boolean): History['topologyAt'] {
  const at = view.topology?.at.mono
  if (arrived !== 'topology' || at === undefined) return history.topologyAt
  return { first: isAnew ? at : (history.topologyAt?.first ?? at), last: at }
}

function risksOf(
  { risks }: History,
  racks: Racks,
  { partitions }: Topology,
  configs: Configs | undefined,
): History['risks'] {
  return memo(risks, [racks, partitions, configs], () => judgeRisks(racks, partitions, configs))
}

function nextMovements(
  { movements, topologyAt, mode }: History,
  past: PartitionVerdicts | undefined,
  { topology, elr }: View,
  reach: BrokerVerdicts,
  nowMs: number,
): Movements {
  const now = topology?.value.partitions
  if (past === undefined || now === undefined || topologyAt === undefined || now === past.partitions) return movements
  const registered = new Set(topology?.value.brokers.map(({ id }) => id))
  return countMovements(movements, {
    now,
    rows: mapRows(past.memory.layout, now.layout),
    memory: past.memory,
    // From the start of the last look to the end of this one.
    ageMs: nowMs - topologyAt.last,
    atMs: nowMs,
    eligible: mode === 'kraft' ? eligibleReplicas(past, elr, nowMs) : () => noneEligible,
    isUp: (broker) => registered.has(broker) && reach.get(broker)?.state === 'up',
  })
}

/** The kinds of disagreement that the newly arrived fact tells of. */
function count(
  arrived: FactName,
  { liveness, topology, partitions, controller, mode, quorums }: History,
  roster: Roster,
): Partial<Record<DisagreementKind, number>> {
  if (arrived === 'topology' && topology !== undefined) {
    const leader = topology.leaderDisagreements + (partitions?.replication.value.leaderNotReplica ?? 0)
    return { leader, topics: topology.topicDisagreements }
  }
  if (arrived === 'liveness' && liveness !== undefined) {
    return countViewDisagreements(roster, liveness, mode === 'kraft' ? undefined : controller)
  }
  if (arrived === 'zookeeper' || arrived === 'znodes' || arrived === 'quorum') {
    return { quorum: countQuorumDisagreements(quorums) }
  }
  return {}
}
