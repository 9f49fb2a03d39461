import type { Bound, Hold } from '../bound.ts'
import { elapsed, leadsNothing } from '../conditions.ts'
import type { Scenario } from '../scenario.ts'
import { allWell, BACK_TO_HEALTHY, FAMILIES_WITHOUT_1, STARTS_HEALTHY, upAgain, WITHOUT_1 } from './common.ts'

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
  title: 'broker 1 paused (SIGSTOP) for 25 s: it accepts connections and never answers',
  plan: 'loopback',
  set: 'core',
  steps: [
    STARTS_HEALTHY,
    { act: 'pause', on: ['kafka1'] },
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
      name: 'resume kafka1 -> kafka_ha_broker_up 1',
      since: { act: 'resume kafka1' },
      withinS: 1.5,
      shows: { 'kafka_ha_broker_up{broker="1"}': 1 },
    },
    allWell('resume kafka1'),
  ],
  holds: [staysHung('resume kafka1')],
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
}
