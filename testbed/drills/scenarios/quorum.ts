/** Scenarios D and E: the ensemble loses one server, then its majority; Kafka goes on serving, and nothing fails over. */
import type { Bound, Hold } from '../bound.ts'
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

/** Server 1 goes by `act`, then 2; `forS`: how long there is no quorum. */
function oneThenTwo(
  act: 'stop' | 'kill',
  forS: number,
  tells: { readonly oneGone: Bound; readonly quorumLost: Bound },
): Pick<Scenario, 'steps' | 'bounds' | 'holds' | 'logs'> {
  const [one, two] = [`${act} zk1`, `${act} zk2`]
  return {
    steps: [
      STARTS_WITH_3,
      { act, on: ['zk1'] },
      { until: serving(2), deadlineS: 30 },
      {
        stage: `one server ${act === 'stop' ? 'down' : 'dead'}`,
        kafkaTools: STARTS_HEALTHY.kafkaTools ?? {},
        kafkaFamilies: DATA_PLANE,
        coordinatorFamilies: WITHOUT_ZK1,
      },
      { act, on: ['zk2'] },
      ...withoutQuorum('unreachable', forS, two),
      { act: 'start', on: ['zk1', 'zk2'], as: 'start both' },
      ...backWith3(),
    ],
    bounds: [tells.oneGone, tells.quorumLost, quorumBack('start both'), allWell('start both')],
    holds: [dataPlaneStays(one, 'start both'), nothingMoves(one)],
    logs: [...serverGone(one, two), ...ensembleLost(two, 'start both', forS), ...ensembleBack('start both')],
  }
}

export const D: Scenario = {
  name: 'D',
  title: 'ZooKeeper server 1, then 2 stopped: the margin goes first, then the quorum; Kafka serves on',
  plan: 'loopback',
  set: 'wide',
  ...oneThenTwo('stop', 15, {
    oneGone: {
      name: 'stop zk1: two voters are left -> margin 0, and which server it is',
      since: { act: 'stop zk1', truth: serving(2) },
      withinS: 2,
      shows: WITHOUT_ZK1,
    },
    quorumLost: quorumLostTold('stop zk2'),
  }),
}

export const E: Scenario = {
  name: 'E',
  title: 'ZooKeeper server 1, then 2 killed (-9): seen at once, and Kafka serves on without a quorum',
  plan: 'loopback',
  set: 'core',
  ...oneThenTwo('kill', 10, {
    oneGone: {
      name: 'kill zk1 -> margin 0, and which server it is',
      since: { act: 'kill zk1' },
      withinS: 2,
      shows: WITHOUT_ZK1,
    },
    quorumLost: quorumLostWithin('kill zk2', 2),
  }),
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
