import type { Bound, Hold } from '../bound.ts'
import { elapsed, leadsNothing } from '../conditions.ts'
import { unreachableIsrs } from '../truth.ts'
import { flowsAgain, stalled, writesQuick } from '../writing.ts'
import type { Scenario } from '../scenario.ts'
import { allWell, BACK_TO_HEALTHY, FAMILIES_WITHOUT_1, STARTS_HEALTHY, upAgain, WITHOUT_1 } from './common.ts'
import { brokerStarts, sessionRunsOut } from './log-claims.ts'

/** Led by brokers 2 and 3; broker 1 is only a follower there, and in the ISR. */
const FOLLOWED = ['three-replicas/1', 'three-replicas/2'] as const

const HUNG = {
  'kafka_ha_broker_up{broker="1"}': 0,
  'kafka_ha_broker_down_reason{broker="1",reason="hung"}': 1,
} as const

const hungWithin5: Bound = {
  name: 'pause kafka1 -> kafka_ha_broker_up 0, hung',
  since: { act: 'pause kafka1' },
  withinS: 5,
  shows: HUNG,
}

function staysHung(until: string): Hold {
  return { name: 'it stays hung', since: { act: 'pause kafka1' }, afterS: 5, until, shows: HUNG }
}

export const PAUSE: Scenario = {
  name: 'PAUSE',
  title: 'broker 1 paused (SIGSTOP) for 25 s: it never answers, and acks=all writes to what it only follows stall',
  plan: 'loopback',
  set: 'core',
  steps: [
    STARTS_HEALTHY,
    { writes: FOLLOWED },
    { seconds: 1, why: 'a few writes as they should be' },
    { claim: writesQuick('writes', 3) },
    { act: 'pause', on: ['kafka1'] },
    { until: stalled(...FOLLOWED), deadlineS: 10 },
    { until: flowsAgain(...FOLLOWED), deadlineS: 60 },
    { writes: 'end' },
    { until: leadsNothing('1'), deadlineS: 60 },
    {
      stage: 'broker 1 hung, Kafka has failed over',
      kafkaTools: WITHOUT_1,
      kafkaFamilies: { ...FAMILIES_WITHOUT_1, ...HUNG },
    },
    { until: elapsed('pause kafka1', 25), deadlineS: 30 },
    { act: 'resume', on: ['kafka1'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    hungWithin5,
    {
      name: 'pause kafka1 -> the ISRs that name it are unreachable, while every leader there is well',
      since: { act: 'pause kafka1' },
      withinS: 5,
      shows: { kafka_ha_unreachable_isr_partitions: unreachableIsrs },
    },
    {
      name: 'stalled writes -> kafka_ha_unreachable_isr_partitions',
      since: { act: 'pause kafka1', truth: stalled(...FOLLOWED) },
      withinS: 5,
      shows: { kafka_ha_unreachable_isr_partitions: '> 0' },
    },
    {
      name: 'the first writes are through -> no ISR is unreachable any more',
      since: { act: 'pause kafka1', truth: flowsAgain(...FOLLOWED) },
      withinS: 2,
      shows: { kafka_ha_unreachable_isr_partitions: 0 },
    },
    {
      name: 'resume kafka1 -> kafka_ha_broker_up 1',
      since: { act: 'resume kafka1' },
      withinS: 1.5,
      shows: { 'kafka_ha_broker_up{broker="1"}': 1 },
    },
    allWell('resume kafka1'),
  ],
  holds: [staysHung('resume kafka1')],
  logs: [
    ...sessionRunsOut('pause kafka1', 'resume kafka1'),
    { since: 'resume kafka1', only: 'zookeeper', shows: { zkc_session_expired: 20, kafka_broker_registered: 20 } },
  ],
}

export const PAUSE_KILL: Scenario = {
  name: 'PAUSE-KILL',
  title: 'broker 1 paused, then killed: hung becomes refused at once',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { act: 'pause', on: ['kafka1'] },
    { until: elapsed('pause kafka1', 12), deadlineS: 15 },
    { act: 'kill', on: ['kafka1'] },
    { until: leadsNothing('1'), deadlineS: 60 },
    { stage: 'broker 1 dead', kafkaTools: WITHOUT_1, kafkaFamilies: FAMILIES_WITHOUT_1 },
    { act: 'start', on: ['kafka1'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [
    hungWithin5,
    {
      name: 'kill kafka1 -> refused',
      since: { act: 'kill kafka1' },
      withinS: 1,
      shows: { 'kafka_ha_broker_down_reason{broker="1",reason="refused"}': 1 },
    },
    upAgain('start kafka1', 1),
    allWell('start kafka1'),
  ],
  holds: [staysHung('kill kafka1')],
  logs: [...sessionRunsOut('pause kafka1', 'start kafka1'), ...brokerStarts('start kafka1')],
}
