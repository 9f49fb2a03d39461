/** Scenarios F to H, and a leader that is woken: what happens to a whole node happens to its ZooKeeper server and to its broker. */
import type { Bound } from '../bound.ts'
import { elapsed, leadsNothing, unregistered } from '../conditions.ts'
import { serving, sessionGone } from '../coordinators/conditions.ts'
import type { Scenario, Step } from '../scenario.ts'
import { allWell, downAfterSilence, FAMILIES_WITHOUT_1, upAgain, WITHOUT_1 } from './common.ts'
import { AT_ONCE_S, brokerStarts, followerGone, serverGone, sessionRunsOut, stoppedCleanly } from './log-claims.ts'
import {
  backWith3,
  ends,
  NONE_ENDED,
  quorumBack,
  QUORUM_OF_3,
  servers,
  TWO_VOTERS,
  STARTS_WITH_3,
} from './quorum-claims.ts'

const ZK1_GONE = { ...TWO_VOTERS, ...servers({ 1: 'unreachable' }) }
const NO_SESSION_1 = { 'kafka_ha_broker_session{broker="1"}': 'absent' } as const

/** The session lives in the ensemble: a new leader would start its time anew, so that node 1 must not have the old one. */
const FOLLOWER_FIRST: readonly Step[] = [{ follower: 1 }, STARTS_WITH_3]

function quorumGoesFirst(act: string, withinS: number): Bound {
  return {
    name: `${act} -> one voter less, margin 0, its server unreachable: long before Kafka fails over`,
    since: { act },
    withinS,
    shows: { ...ZK1_GONE, 'kafka_ha_broker_registered{broker="1"}': 1 },
  }
}

/** Node 1 is gone, and Kafka has failed over. */
function failedOver(stage: string, counted: { closed: number; expired: number }): readonly Step[] {
  return [
    { until: leadsNothing('1'), deadlineS: 60 },
    { until: sessionGone(1), deadlineS: 30 },
    {
      stage,
      kafkaTools: WITHOUT_1,
      kafkaFamilies: FAMILIES_WITHOUT_1,
      coordinatorFamilies: {
        ...ZK1_GONE,
        kafka_ha_controller_up: 1,
        ...NO_SESSION_1,
        ...ends(1, counted),
        ...ends(2, NONE_ENDED),
        ...ends(3, NONE_ENDED),
      },
    },
  ]
}

const CLOSED = { closed: 1, expired: 0 }
const EXPIRED = { closed: 0, expired: 1 }

export const F: Scenario = {
  name: 'F',
  title: 'node 1 stopped, its broker, then its ZooKeeper server: the session is closed, nobody waits for it',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_WITH_3,
    { act: 'stop', on: ['node1'] },
    { until: unregistered(1), deadlineS: 30 },
    { until: serving(2), deadlineS: 30 },
    ...failedOver('node 1 stopped', CLOSED),
    { act: 'start', on: ['node1'] },
    ...backWith3(ends(1, CLOSED)),
  ],
  bounds: [
    downAfterSilence('stop node1', 1),
    {
      name: 'stop node1: two voters are left -> margin 0',
      since: { act: 'stop node1', edge: 'end', truth: serving(2) },
      withinS: 2,
      shows: ZK1_GONE,
    },
    upAgain('start node1', 1),
    quorumBack('start node1'),
    allWell('start node1'),
  ],
  // Its broker first, then its ZooKeeper server.
  logs: [
    ...stoppedCleanly('stop node1', 'start node1'),
    ...serverGone('stop node1', 'start node1', 30),
    ...brokerStarts('start node1'),
  ],
}

export const G: Scenario = {
  name: 'G',
  title:
    'node 1 killed (-9), its ZooKeeper server a follower: ZooKeeper notices at once, Kafka when the session expires',
  plan: 'loopback',
  set: 'wide',
  steps: [
    ...FOLLOWER_FIRST,
    { act: 'kill', on: ['node1'] },
    ...failedOver('node 1 dead, Kafka has failed over', EXPIRED),
    { act: 'start', on: ['node1'] },
    ...backWith3(ends(1, EXPIRED)),
  ],
  bounds: [
    quorumGoesFirst('kill node1', 2),
    {
      name: 'kill node1 -> kafka_ha_broker_up 0, refused',
      since: { act: 'kill node1' },
      withinS: 1,
      shows: { 'kafka_ha_broker_up{broker="1"}': 0, 'kafka_ha_broker_down_reason{broker="1",reason="refused"}': 1 },
    },
    upAgain('start node1', 1),
    quorumBack('start node1'),
    allWell('start node1'),
  ],
  announced: [{ broker: 1, act: 'kill node1' }],
  logs: [
    ...followerGone('kill node1', 'start node1'),
    // Broker 1 may have held its session with server 1: then no other server misses its connection.
    { since: 'kill node1', until: 'start node1', shows: { kafka_fetch_session_error: AT_ONCE_S } },
    ...sessionRunsOut('kill node1', 'start node1'),
    ...brokerStarts('start node1'),
  ],
}

export const H: Scenario = {
  name: 'H',
  title: 'node 1 cut off the network, its ZooKeeper server a follower: nothing answers, nothing refuses',
  plan: 'namespaces',
  set: 'wide',
  steps: [
    ...FOLLOWER_FIRST,
    { act: 'cut', on: ['node1'] },
    ...failedOver('node 1 cut off, Kafka has failed over', EXPIRED),
    { until: elapsed('cut node1', 30), deadlineS: 35 },
    { act: 'heal', on: ['node1'] },
    ...backWith3(ends(1, EXPIRED)),
  ],
  bounds: [
    {
      name: 'cut node1 -> kafka_ha_broker_up 0, its partitions unavailable',
      since: { act: 'cut node1' },
      withinS: 5,
      shows: { 'kafka_ha_broker_up{broker="1"}': 0, kafka_ha_unavailable_partitions: '> 0' },
    },
    quorumGoesFirst('cut node1', 10),
    upAgain('heal node1', 1),
    quorumBack('heal node1'),
    allWell('heal node1'),
  ],
  holds: [
    {
      name: 'it stays down',
      since: { act: 'cut node1' },
      afterS: 5,
      until: 'heal node1',
      shows: { 'kafka_ha_broker_up{broker="1"}': 0, ...servers({ 1: 'unreachable' }) },
    },
  ],
  announced: [{ broker: 1, act: 'cut node1' }],
  logs: [
    // syncLimit, two ticks, is what the leader waits.
    ...followerGone('cut node1', 'heal node1', 12),
    ...sessionRunsOut('cut node1', 'heal node1'),
    // Its own session times out with another node's server; with that of its own, which closes the connection, it need not.
    { since: 'cut node1', until: 'heal node1', shows: { kafka_group_unloaded: 'expiry' } },
    { since: 'heal node1', shows: { zkc_session_expired: 40, kafka_broker_registered: 40 } },
  ],
}

export const WOKEN: Scenario = {
  name: 'WOKEN',
  title:
    'broker 1 killed, then the leader of the ensemble paused and woken: sessions get their time anew, none ends twice',
  plan: 'loopback',
  set: 'wide',
  // With less, a broker whose server is paused may lose its own session before it finds another one.
  sessionTimeoutMs: 12_000,
  steps: [
    STARTS_WITH_3,
    { find: 'leader' },
    { act: 'kill', on: ['kafka1'] },
    { seconds: 1, why: 'its session runs down' },
    { act: 'pause', on: ['zk$leader'], as: 'pause the leader' },
    { until: serving(2), deadlineS: 30 },
    { seconds: 3, why: 'the others lead while it sleeps' },
    { act: 'resume', on: ['zk$leader'], as: 'resume the leader' },
    { until: serving(3), deadlineS: 30 },
    { until: leadsNothing('1'), deadlineS: 60 },
    { until: sessionGone(1), deadlineS: 30 },
    {
      stage: 'broker 1 is out, and the old leader follows',
      kafkaTools: WITHOUT_1,
      kafkaFamilies: FAMILIES_WITHOUT_1,
      coordinatorFamilies: {
        ...QUORUM_OF_3,
        ...NO_SESSION_1,
        ...ends(1, EXPIRED),
        ...ends(2, NONE_ENDED),
        ...ends(3, NONE_ENDED),
      },
    },
    { act: 'start', on: ['kafka1'] },
    ...backWith3(ends(1, EXPIRED)),
  ],
  bounds: [upAgain('start kafka1', 1), allWell('start kafka1')],
}
