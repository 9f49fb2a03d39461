import { healthy, unregistered } from '../conditions.ts'
import type { Scenario, Step } from '../scenario.ts'
import { BACK_TO_HEALTHY, STARTS_HEALTHY } from './common.ts'

function restarted(id: 1 | 2 | 3): readonly Step[] {
  return [
    { act: 'stop', on: [`kafka${id}`] },
    { until: unregistered(id), deadlineS: 30 },
    { seconds: 4, why: 'long enough for the rules on a steady state to look at it' },
    { act: 'start', on: [`kafka${id}`] },
    { until: healthy, deadlineS: 60 },
    { seconds: 3, why: 'as an operator waits before the next one' },
  ]
}

export const ROLLING: Scenario = {
  name: 'ROLLING',
  title: 'every broker restarted, one after the other: no margin is ever below what is left',
  plan: 'loopback',
  set: 'wide',
  steps: [STARTS_HEALTHY, ...restarted(1), ...restarted(2), ...restarted(3), ...BACK_TO_HEALTHY],
  bounds: [],
  holds: [
    {
      name: 'every partition keeps a leader or a replica that can lead, and nothing is called lost',
      since: { act: 'stop kafka1' },
      afterS: 0,
      shows: {
        'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': '>= 0',
        'kafka_ha_broker_failure_margin{guarantee="leader",scope="redundant"}': '>= 0',
        'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': '>= 0',
        kafka_ha_leaderless_partitions: 0,
        kafka_ha_under_min_isr_partitions: 0,
        'kafka_ha_leader_changes_total{reason="unclean"}': 0,
        'kafka_ha_broker_awaited_partitions{broker="1"}': 0,
      },
    },
  ],
}
