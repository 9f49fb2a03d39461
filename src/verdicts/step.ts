import type { Configs } from '../model/configs.ts'
import type { Instant } from '../model/instant.ts'
import { hasZookeeperBrokers, modeOf } from '../model/liveness.ts'
import type { Roster } from '../model/roster.ts'
import { mapRows, type Topology } from '../model/topology.ts'
import type { FactName, View } from '../model/view.ts'
import { isKraftInZookeeper } from '../model/znodes.ts'
import { judgeBrokers, type BrokerVerdicts } from './brokers.ts'
import { livenessChanged, rosterChanged, topologyChanged, verdictsChanged } from './changes.ts'
import { controllerOf, countViewDisagreements, judgeController, nextControllerChanges } from './controller.ts'
import { nextDisagreements, type DisagreementKind } from './disagreements.ts'
import { withKnownPartitions } from './known-partitions.ts'
import { memo } from './memo.ts'
import { eligibleReplicas, noneEligible, rememberEligible, type EligibleMemory } from './eligible.ts'
import { countMovements, type Movements } from './movements.ts'
import { nextPartitionVerdicts, type PartitionVerdicts } from './partition-verdicts.ts'
import { nextRacks, type Racks } from './racks.ts'
import { countQuorumDisagreements, nextQuorums, quorumsChanged } from './quorums.ts'
import { judgeRisks } from './risks.ts'
import { nextRoster } from './roster.ts'
import { nextZnodeDisagreements } from './znode-disagreements.ts'
import { nextSessions } from './sessions.ts'
import type { History } from './history.ts'

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
  const isMigrating = isKraftInZookeeper(history.isMigrating, view.znodes?.value)
  const coordinator = isMigrating ? 'kraft' : mode
  const isDualWrite = isMigrating && hasZookeeperBrokers(history.isDualWrite, liveness)
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
  const quorums = nextQuorums(history.quorums, view, arrived, { mode, coordinator, liveness, isAnew }, now.mono)
  const named = judgeController(roster, liveness, judged, topology?.controllerId)
  const controls = controllerOf(
    coordinator,
    coordinator === 'kraft' ? undefined : named,
    quorums,
    view,
    liveness,
    now.mono,
  )
  const isStuck = isDualWrite && quorums.lost.has('zookeeper')
  const controller = controls && { ...controls, up: controls.up && !isStuck }
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
    isMigrating,
    coordinator,
    isDualWrite,
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
          failsOver: controller?.up ?? !isStuck,
        },
        now,
      ),
    risks: topology && risksOf(history, racks, topology, view.configs?.value),
    movements: arrived === 'topology' ? nextMovements(history, past, view, reach, now.mono) : history.movements,
    eligible: nextEligible(history, view, arrived),
    controllerChanges: nextControllerChanges(history.controllerChanges, controller, isAnew),
    disagreements: history.disagreements,
    znodeDisagreements: nextZnodeDisagreements(
      history.znodeDisagreements,
      view,
      roster,
      coordinator === 'kraft' ? undefined : controller,
      now.mono,
    ),
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

function nextEligible({ eligible }: History, { elr }: View, arrived: FactName): EligibleMemory {
  if (elr === undefined) return new Map()
  return arrived === 'elr' ? rememberEligible(eligible, elr) : eligible
}

function nextMovements(
  { movements, topologyAt, mode, eligible }: History,
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
    eligible:
      mode === 'kraft' ? eligibleReplicas(past, elr === undefined ? new Map() : eligible, nowMs) : () => noneEligible,
    isUp: (broker) => registered.has(broker) && reach.get(broker)?.state === 'up',
  })
}

/** The kinds of disagreement that the newly arrived fact tells of. */
function count(
  arrived: FactName,
  { liveness, topology, partitions, controller, coordinator, quorums }: History,
  roster: Roster,
): Partial<Record<DisagreementKind, number>> {
  if (arrived === 'topology' && topology !== undefined) {
    const leader = topology.leaderDisagreements + (partitions?.replication.value.leaderNotReplica ?? 0)
    return { leader, topics: topology.topicDisagreements }
  }
  if (arrived === 'liveness' && liveness !== undefined) {
    return countViewDisagreements(roster, liveness, coordinator === 'kraft' ? undefined : controller)
  }
  if (arrived === 'zookeeper' || arrived === 'znodes' || arrived === 'quorum') {
    return { quorum: countQuorumDisagreements(quorums) }
  }
  return {}
}
