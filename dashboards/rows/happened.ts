import { graph, type AnyPanel, type Query } from '../panels.ts'
import { grown, over, select } from '../queries.ts'
import { third } from '../sizes.ts'

export function happened(): readonly AnyPanel[] {
  const events: readonly Query[] = [
    [grown('kafka_ha_controller_changes_total'), 'controller changed'],
    [grown('kafka_ha_quorum_elections_total', 'kind'), '{{kind}} election'],
    [grown('kafka_ha_broker_session_expired_total', 'broker'), 'session of broker {{broker}} expired'],
    [grown('kafka_ha_broker_session_closed_total', 'broker'), 'session of broker {{broker}} closed'],
  ]
  return [
    graph(
      {
        ...third,
        title: 'Leader changes',
        description: 'Partitions seen with another leader. unclean: acknowledged records may be lost.',
        queries: [[grown('kafka_ha_leader_changes_total', 'reason'), '{{reason}}']],
      },
      { min: 0, stacked: true },
    ),
    graph(
      {
        ...third,
        title: 'ISR changes',
        description: 'Partitions whose ISR lost, or gained, a member.',
        queries: [
          [grown('kafka_ha_isr_shrinks_total'), 'shrank'],
          [grown('kafka_ha_isr_expands_total'), 'grew'],
        ],
      },
      { min: 0 },
    ),
    graph(
      {
        ...third,
        title: 'Controllers, elections, sessions',
        description: 'A session that is closed was given back by its broker, one that expired was not.',
        queries: events,
      },
      { min: 0 },
    ),
  ]
}

export function traffic(): readonly AnyPanel[] {
  const written = `deriv(${select('kafka_topic_partition_current_offset')}[$__rate_interval])`
  return [
    graph(
      {
        width: 24,
        height: 8,
        title: 'Records written per second, the 10 busiest topics',
        description:
          'From the growth of the offsets. A partition whose leader does not answer has no offset and so no part in this.',
        queries: [[`topk(10, ${over('sum', ['topic'], over('max', ['topic', 'partition'], written))})`, '{{topic}}']],
      },
      { unit: 'cps', min: 0 },
    ),
  ]
}
