import { graph, list, states, upOrDown, type AnyPanel } from '../panels.ts'
import { least, most, over, select, sinceThen } from '../queries.ts'
import { half } from '../sizes.ts'

export function brokers(): readonly AnyPanel[] {
  return [
    states(
      {
        ...half,
        title: 'Brokers that answer',
        description: 'Whether each expected broker answers any exporter; Kafka itself may still call it registered.',
        queries: [[most('kafka_ha_broker_up', 'broker'), 'broker {{broker}}']],
      },
      upOrDown,
    ),
    list({
      ...half,
      title: 'Brokers now',
      description:
        "Losses: partitions that this broker's failure would cost besides what is lost already. Awaited: leaderless partitions that come back with it; start it first.",
      queries: [
        [most('kafka_ha_broker_up', 'broker'), 'up'],
        [most('kafka_ha_broker_registered', 'broker'), 'registered'],
        [most('kafka_ha_broker_leaders', 'broker'), 'leads'],
        [most('kafka_ha_broker_replicas', 'broker'), 'replicas'],
        [most('kafka_ha_broker_in_sync_replicas', 'broker'), 'in sync'],
        [least('kafka_ha_broker_loss_leaderless_partitions', 'broker'), 'loss: leaderless'],
        [least('kafka_ha_broker_loss_unwritable_partitions', 'broker'), 'loss: unwritable'],
        [most('kafka_ha_broker_awaited_partitions', 'broker'), 'awaited'],
      ],
    }),
    graph(
      {
        ...half,
        title: 'Partitions in trouble',
        description:
          'By what is wrong with them. The first three concern users now, the others are what is left of the redundancy.',
        queries: [
          [most('kafka_ha_leaderless_partitions'), 'leaderless'],
          [least('kafka_ha_unreachable_leader_partitions'), 'leader unreachable'],
          [least('kafka_ha_unreachable_isr_partitions'), 'acks=all stalled'],
          [most('kafka_ha_under_min_isr_partitions'), 'under min ISR'],
          [most('kafka_ha_at_min_isr_partitions'), 'at min ISR'],
          [most('kafka_ha_under_replicated_partitions'), 'under-replicated'],
          [most('kafka_ha_reassigning_partitions'), 'reassigning'],
        ],
      },
      { min: 0 },
    ),
    list(
      {
        width: 7,
        height: 8,
        title: 'Which partitions, and for how long',
        description:
          'The worst 100 partitions that are leaderless, have an unreachable leader or are under min ISR, as each exporter sees it. Empty when all is well.',
        queries: [
          [
            `topk(100, ${over('max', ['instance', 'topic', 'partition', 'state'], sinceThen(select('kafka_ha_partition_unhealthy_since_timestamp_seconds')))})`,
            'for',
          ],
        ],
      },
      { unit: 's' },
    ),
    list({
      width: 5,
      height: 8,
      title: 'Down, and why',
      description:
        'refused: no process listens; timeout, no_route: host or network; hung: connects, but is silent. As each exporter sees it.',
      queries: [[over('max', ['instance', 'broker', 'reason'], select('kafka_ha_broker_down_reason')), 'down']],
    }),
  ]
}
