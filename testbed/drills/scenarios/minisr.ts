import { setTopicConfig } from '../alter.ts'
import type { Bound } from '../bound.ts'
import { elapsed, unregistered } from '../conditions.ts'
import type { Scenario, Step } from '../scenario.ts'
import { allWell, BACK_TO_HEALTHY, FAMILIES_WITHOUT_1, STARTS_HEALTHY, WITHOUT_1 } from './common.ts'

/** An unhealthy topic's configs are read every 15 s. */
const CONFIGS_S = 16

const TWO = {
  kafka_ha_under_min_isr_partitions: 2,
  'kafka_ha_topic_min_insync_replicas{topic="test-topic"}': 2,
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': -1,
  // Replication factor 2 and min ISR 2 tolerate no loss even in health.
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="redundant"}': 1,
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"}': 0,
  'kafka_ha_partition_unhealthy_since_timestamp_seconds{topic="test-topic",partition="1",state="under_min_isr"}':
    'present',
  'kafka_ha_config_risk{scope="topic",name="test-topic",risk="min_isr_equals_rf"}': 1,
} as const

const ONE = {
  kafka_ha_under_min_isr_partitions: 0,
  'kafka_ha_topic_min_insync_replicas{topic="test-topic"}': 1,
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"}': 0,
  'kafka_ha_config_risk{scope="topic",name="test-topic",risk="min_isr_equals_rf"}': 'absent',
} as const

function minIsr(value: string | undefined): Extract<Step, { change: string }>['run'] {
  return (cluster) => setTopicConfig(cluster, 'test-topic', 'min.insync.replicas', value)
}

function configShown(act: string, shows: Bound['shows']): Bound {
  return { name: `${act} -> shown`, since: { act, edge: 'end' }, withinS: CONFIGS_S, shows }
}

export const MINISR: Scenario = {
  name: 'MINISR',
  title: 'min.insync.replicas changed while a broker is away: acks=all writes are refused',
  plan: 'loopback',
  set: 'wide',
  steps: [
    STARTS_HEALTHY,
    { act: 'stop', on: ['kafka1'] },
    { until: unregistered(1), deadlineS: 30 },
    { change: 'min ISR 2', run: minIsr('2') },
    { until: elapsed('min ISR 2', CONFIGS_S + 2), deadlineS: 30 },
    { stage: 'two partitions below their min ISR', kafkaTools: WITHOUT_1, kafkaFamilies: TWO },
    { change: 'min ISR back', run: minIsr(undefined) },
    { until: elapsed('min ISR back', CONFIGS_S + 2), deadlineS: 30 },
    { stage: 'at their min ISR', kafkaTools: WITHOUT_1, kafkaFamilies: { ...FAMILIES_WITHOUT_1, ...ONE } },
    { act: 'start', on: ['kafka1'] },
    ...BACK_TO_HEALTHY,
  ],
  bounds: [configShown('min ISR 2', TWO), configShown('min ISR back', ONE), allWell('start kafka1')],
}
