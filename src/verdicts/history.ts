import type { Instant } from '../model/instant.ts'
import type { Liveness } from '../model/liveness.ts'
import type { Roster } from '../model/roster.ts'
import { mapRows, type Topology } from '../model/topology.ts'
import type { FactName, View } from '../model/view.ts'
import { judgeBrokers, type BrokerVerdicts } from './brokers.ts'
import { livenessChanged, rosterChanged, topologyChanged, verdictsChanged } from './changes.ts'
import { judgeController, countViewDisagreements } from './controller.ts'
import { noDisagreements, nextDisagreements, type DisagreementKind, type Disagreements } from './disagreements.ts'
import { judgePartitions, type PartitionHealth } from './partition-health.ts'
import { judgeReplication } from './replication.ts'
import { nextRoster } from './roster.ts'

/** What must be remembered from look to look. Immutable: every step makes a new one. */
export interface History {
  /** The newest of each, however old: in a total outage they are all that is known. */
  readonly liveness: Liveness | undefined
  readonly topology: Topology | undefined
  readonly brokers: BrokerVerdicts
  /** Of the last known topology, against the brokers as they are now. */
  readonly health: PartitionHealth | undefined
  readonly disagreements: Disagreements
  /** `mono` ms of the newest change of each kind. */
  readonly changedAt: { readonly liveness: number; readonly topology: number; readonly roster: number }
}

export function firstHistory(now: Instant): History {
  return {
    liveness: undefined,
    topology: undefined,
    brokers: new Map(),
    health: undefined,
    disagreements: noDisagreements,
    changedAt: { liveness: now.mono, topology: now.mono, roster: now.mono },
  }
}

export interface Step {
  readonly view: View
  readonly history: History
}

/** One new fact, of the source that is named, taken into the roster and the history. */
export function step(
  history: History,
  view: View,
  arrived: FactName,
  now: Instant,
  options: { readonly brokerRetentionMs: number },
): Step {
  const liveness = arrived === 'liveness' ? view.liveness?.value : history.liveness
  const topology = arrived === 'topology' ? view.topology?.value : history.topology
  // A cluster that was set up anew has nothing to do with the brokers of the one before.
  const isAnew = history.topology !== undefined && topology?.clusterId !== history.topology.clusterId
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
  const { changedAt } = history
  return {
    view: { ...view, roster },
    history: {
      liveness,
      topology,
      brokers: judged,
      health:
        verdictsMoved || topology !== history.topology ? nextHealth(history, topology, judged, now) : history.health,
      disagreements: nextDisagreements(
        history.disagreements,
        count(arrived, liveness, topology, roster, judged),
        now.mono,
      ),
      changedAt: {
        liveness: livenessMoved || verdictsMoved ? now.mono : changedAt.liveness,
        topology: topologyMoved ? now.mono : changedAt.topology,
        roster: rosterChanged(view.roster, roster) ? now.mono : changedAt.roster,
      },
    },
  }
}

function nextHealth(
  history: History,
  topology: Topology | undefined,
  brokers: BrokerVerdicts,
  now: Instant,
): PartitionHealth | undefined {
  if (topology === undefined) return undefined
  const before = history.health
  const rowsBefore = before && mapRows(before.layout, topology.partitions.layout)
  return judgePartitions(topology, brokers, before, rowsBefore, now.wall)
}

/** The kinds of disagreement that the newly arrived fact tells of. */
function count(
  arrived: FactName,
  liveness: Liveness | undefined,
  topology: Topology | undefined,
  roster: Roster,
  brokers: BrokerVerdicts,
): Partial<Record<DisagreementKind, number>> {
  if (arrived === 'topology' && topology !== undefined) {
    const leader = topology.leaderDisagreements + judgeReplication(topology).leaderNotReplica
    return { leader, topics: topology.topicDisagreements }
  }
  if (arrived === 'liveness' && liveness !== undefined) {
    const controller = judgeController(roster, liveness, brokers, topology?.controllerId)
    return countViewDisagreements(roster, liveness, controller)
  }
  return {}
}
