/** Scenarios D and E: the ensemble loses one server, then its majority; Kafka goes on serving, and nothing fails over. */
import type { Hold } from '../bound.ts'
import { elapsed } from '../conditions.ts'
import { quorumLost, serving } from '../coordinators/conditions.ts'
import type { Scenario, Step } from '../scenario.ts'
import { allWell, STARTS_HEALTHY } from './common.ts'
import { ensembleBack, ensembleLost, serverGone } from './log-claims.ts'
import {
  backWith3,
  dataPlaneStays,
  DATA_PLANE,
  ends,
  NONE_ENDED,
  NO_MARGIN,
  NO_QUORUM,
  quorumBack,
  quorumLostTold,
  quorumLostWithin,
  QUORUM_OF_2,
  servers,
  STARTS_WITH_3,
} from './quorum-claims.ts'

const WITHOUT_ZK1 = { ...QUORUM_OF_2, ...servers({ 1: 'unreachable' }) }

/** Kafka's tools read topic configs, which brokers fetch from ZooKeeper: without it they hang, and raw metadata has to do. */
function withoutQuorum(state: string, forS: number, since: string): readonly Step[] {
  return [
    { until: quorumLost, deadlineS: 30 },
    { until: elapsed(since, forS), deadlineS: forS + 5 },
    {
      stage: 'no quorum, all served',
      kafkaTools: 'none',
      kafkaFamilies: DATA_PLANE,
      coordinatorFamilies: { ...NO_QUORUM, ...NO_MARGIN, ...servers({ 1: state, 2: state, 3: 'not_serving' }) },
    },
  ]
}

/** Nobody can end a session, and nobody can elect a leader. */
function nothingMoves(act: string): Hold {
  return {
    name: `${act}: no partition changes its leader, no session is called ended`,
    since: { act },
    afterS: 0,
    shows: {
      'kafka_ha_leader_changes_total{reason="failover"}': 0,
      'kafka_ha_leader_changes_total{reason="unclean"}': 0,
      ...ends(1, NONE_ENDED),
      ...ends(2, NONE_ENDED),
      ...ends(3, NONE_ENDED),
    },
  }
}

export const D: Scenario = {
  name: 'D',
  title: 'ZooKeeper server 1, then 2 stopped: the margin goes first, then the quorum; Kafka serves on',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_WITH_3,
    { act: 'stop', on: ['zk1'] },
    { until: serving(2), deadlineS: 30 },
    {
      stage: 'one server down',
      kafkaTools: STARTS_HEALTHY.kafkaTools ?? {},
      kafkaFamilies: DATA_PLANE,
      coordinatorFamilies: WITHOUT_ZK1,
    },
    { act: 'stop', on: ['zk2'] },
    ...withoutQuorum('unreachable', 15, 'stop zk2'),
    { act: 'start', on: ['zk1', 'zk2'], as: 'start both' },
    ...backWith3(),
  ],
  bounds: [
    {
      name: 'stop zk1: two voters are left -> margin 0, and which server it is',
      since: { act: 'stop zk1', truth: serving(2) },
      withinS: 2,
      shows: WITHOUT_ZK1,
    },
    quorumLostTold('stop zk2'),
    quorumBack('start both'),
    allWell('start both'),
  ],
  holds: [dataPlaneStays('stop zk1', 'start both'), nothingMoves('stop zk1')],
  logs: [
    ...serverGone('stop zk1', 'stop zk2'),
    ...ensembleLost('stop zk2', 'start both', 15),
    ...ensembleBack('start both'),
  ],
}

export const E: Scenario = {
  name: 'E',
  title: 'ZooKeeper server 1, then 2 killed (-9): seen at once, and Kafka serves on without a quorum',
  plan: 'loopback',
  set: 'core',
  steps: [
    STARTS_WITH_3,
    { act: 'kill', on: ['zk1'] },
    { until: serving(2), deadlineS: 30 },
    {
      stage: 'one server dead',
      kafkaTools: STARTS_HEALTHY.kafkaTools ?? {},
      kafkaFamilies: DATA_PLANE,
      coordinatorFamilies: WITHOUT_ZK1,
    },
    { act: 'kill', on: ['zk2'] },
    ...withoutQuorum('unreachable', 10, 'kill zk2'),
    { act: 'start', on: ['zk1', 'zk2'], as: 'start both' },
    ...backWith3(),
  ],
  bounds: [
    {
      name: 'kill zk1 -> margin 0, and which server it is',
      since: { act: 'kill zk1' },
      withinS: 2,
      shows: WITHOUT_ZK1,
    },
    quorumLostWithin('kill zk2', 2),
    quorumBack('start both'),
    allWell('start both'),
  ],
  holds: [dataPlaneStays('kill zk1', 'start both'), nothingMoves('kill zk1')],
  logs: [
    ...serverGone('kill zk1', 'kill zk2'),
    ...ensembleLost('kill zk2', 'start both', 10),
    ...ensembleBack('start both'),
  ],
}

export const E_PAUSE: Scenario = {
  name: 'E-PAUSE',
  title: 'ZooKeeper servers 1 and 2 paused (SIGSTOP): they accept connections and answer nothing',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_WITH_3,
    { act: 'pause', on: ['zk1', 'zk2'], as: 'pause two' },
    ...withoutQuorum('hung', 20, 'pause two'),
    { act: 'resume', on: ['zk1', 'zk2'], as: 'resume two' },
    ...backWith3(),
  ],
  bounds: [
    quorumLostWithin('pause two', 8),
    {
      name: 'pause two -> both are hung',
      since: { act: 'pause two' },
      withinS: 5,
      shows: servers({ 1: 'hung', 2: 'hung' }),
    },
    quorumBack('resume two'),
    allWell('resume two'),
  ],
  holds: [dataPlaneStays('pause two', 'resume two'), nothingMoves('pause two')],
}
