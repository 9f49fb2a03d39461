/** KRaft's quorum loses its active controller, then its majority. Without one Kafka's metadata freezes healthy. */
import type { Bound, Hold, Shown } from '../bound.ts'
import { elapsed, leadsNothing } from '../conditions.ts'
import { quorumLost, serving } from '../coordinators/conditions.ts'
import { quorumsOf } from '../coordinators/quorums.ts'
import type { Scenario, Step } from '../scenario.ts'
import { partitionsBy, type Truth } from '../truth.ts'
import { allWell, BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'
import { controllerElected, sessionRunsOut } from './log-claims.ts'
import { quorumBack } from './quorum-claims.ts'

const leads = (truth: Truth): number => quorumsOf(truth)[0]?.leaders[0] ?? -1
const ledByTheDead = (truth: Truth): number => partitionsBy(truth, 'stopped', 'silent')

const QUORUM_OF_3: Shown = {
  'kafka_ha_quorum_configured_voters{kind="kraft"}': 3,
  'kafka_ha_quorum_majority{kind="kraft"}': 2,
  'kafka_ha_quorum_serving_voters{kind="kraft"}': 3,
  'kafka_ha_quorum_failure_margin{kind="kraft"}': 1,
  'kafka_ha_quorum_available{kind="kraft"}': 1,
  'kafka_ha_quorum_leader_id{kind="kraft"}': leads,
  kafka_ha_controller_id: leads,
  kafka_ha_controller_up: 1,
}

export const QUORUM_OF_2: Shown = {
  ...QUORUM_OF_3,
  'kafka_ha_quorum_serving_voters{kind="kraft"}': 2,
  'kafka_ha_quorum_failure_margin{kind="kraft"}': 0,
}

export const NO_QUORUM: Shown = {
  'kafka_ha_quorum_configured_voters{kind="kraft"}': 3,
  'kafka_ha_quorum_majority{kind="kraft"}': 2,
  'kafka_ha_quorum_failure_margin{kind="kraft"}': '< 0',
  'kafka_ha_quorum_available{kind="kraft"}': 0,
  'kafka_ha_quorum_leader_id{kind="kraft"}': -1,
  kafka_ha_controller_id: -1,
  kafka_ha_controller_up: 0,
}

export const STARTS: readonly Step[] = [
  { until: serving(3), deadlineS: 30 },
  { ...STARTS_HEALTHY, coordinatorFamilies: QUORUM_OF_3 },
  { find: 'controller' },
]

export const ENDS: readonly Step[] = [
  { until: serving(3), deadlineS: 60 },
  ...BACK_TO_HEALTHY.map((step): Step => ('stage' in step ? { ...step, coordinatorFamilies: QUORUM_OF_3 } : step)),
]

const LOST_S = 8

export function lostWithin(act: string): Bound {
  return {
    name: `${act} -> kafka_ha_quorum_available 0, no controller`,
    since: { act },
    withinS: LOST_S,
    shows: NO_QUORUM,
  }
}

/** Somebody else leads, by his own words. Controllers are asked once a second while anything changes: that, and a look. */
const SHOWN_S = 1.5

function electedWithin(act: string): Bound {
  return {
    name: `${act}: a new controller leads -> it is shown`,
    since: { act, truth: serving(2) },
    withinS: SHOWN_S,
    shows: { 'kafka_ha_quorum_leader_id{kind="kraft"}': leads, kafka_ha_controller_id: leads },
  }
}

export const backWithin = (act: string): Bound => quorumBack(act, QUORUM_OF_3)

/** Kafka's own counts stay at nothing wrong; what cannot fail over is told all the same. */
function frozen(act: string, until: string): Hold {
  return {
    name: `${act}: Kafka's metadata has frozen, and no margin is left`,
    since: { act },
    afterS: LOST_S,
    until,
    shows: {
      'kafka_ha_quorum_available{kind="kraft"}': 0,
      kafka_ha_controller_up: 0,
      kafka_ha_leaderless_partitions: 0,
      kafka_ha_unreachable_leader_partitions: ledByTheDead,
      'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': '<= 0',
      'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': '<= 0',
    },
  }
}

/** The active controller, then one more; `verb` and `undo` of both. */
function two(
  verb: 'kill' | 'pause' | 'cut',
  undo: 'start' | 'resume' | 'heal',
  unit: 'kafka' | 'node',
): Pick<Scenario, 'steps' | 'bounds' | 'holds' | 'logs'> {
  const [one, both] = [`${verb} the controller`, `${verb} one more`]
  return {
    steps: [
      ...STARTS,
      { act: verb, on: [`${unit}$controller`], as: one },
      { until: serving(2), deadlineS: 30 },
      { until: leadsNothing('$controller'), deadlineS: 40 },
      { stage: 'a new controller, the broker fenced', kafkaTools: 'none', coordinatorFamilies: QUORUM_OF_2 },
      { act: verb, on: [`${unit}$other`], as: both },
      { until: quorumLost, deadlineS: 20 },
      { until: elapsed(both, 15), deadlineS: 20 },
      // The tools ask the controller, and there is none.
      { stage: 'no quorum', kafkaTools: 'none', coordinatorFamilies: NO_QUORUM },
      { act: undo, on: [`${unit}$controller`, `${unit}$other`], as: 'undo both' },
      ...ENDS,
    ],
    bounds: [electedWithin(one), lostWithin(both), backWithin('undo both'), allWell('undo both')],
    holds: [frozen(both, 'undo both')],
    logs: [
      ...controllerElected(one, both, 15),
      ...sessionRunsOut(one, both),
      { since: both, until: 'undo both', shows: { kraft_raft_prospective: 15 }, never: ['kraft_controller_active'] },
      { since: 'undo both', shows: { kraft_controller_active: 40 } },
    ],
  }
}

export const KRAFT_KILL: Scenario = {
  name: 'KRAFT-KILL',
  title: 'the active controller killed (-9), then one more: each a broker as well',
  plan: 'loopback',
  set: 'wide',
  mode: 'kraft',
  ...two('kill', 'start', 'kafka'),
}

export const KRAFT_PAUSE: Scenario = {
  name: 'KRAFT-PAUSE',
  title: 'the active controller paused (SIGSTOP), then one more',
  plan: 'loopback',
  set: 'wide',
  mode: 'kraft',
  ...two('pause', 'resume', 'kafka'),
}

export const KRAFT_CUT: Scenario = {
  name: 'KRAFT-CUT',
  title: 'the node of the active controller cut off the network, then one more',
  plan: 'namespaces',
  set: 'wide',
  mode: 'kraft',
  ...two('cut', 'heal', 'node'),
}
