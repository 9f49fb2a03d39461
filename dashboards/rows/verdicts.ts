import { moreIsBetter, noneIsGood, plain, verdict, type AnyPanel } from '../panels.ts'
import { least, most, over, select, untilThen } from '../queries.ts'
import { small } from '../sizes.ts'

/** What is lost now, then what the next failure would cost. */
export function verdicts(): readonly AnyPanel[] {
  const count = (title: string, expression: string, description: string): AnyPanel =>
    verdict({ ...small, title, description, queries: [[expression, '']] }, noneIsGood)
  return [
    count(
      'Unavailable partitions',
      least('kafka_ha_unavailable_partitions'),
      'Without a leader, or led by a broker that does not answer, by the last known topology. What users cannot use.',
    ),
    count(
      'Leaderless',
      most('kafka_ha_leaderless_partitions'),
      'Kafka names no leader. Not known while no broker answers.',
    ),
    count(
      'Leader unreachable',
      least('kafka_ha_unreachable_leader_partitions'),
      'The named leader answers no exporter: before Kafka notices, and for as long as it cannot notice.',
    ),
    count(
      'acks=all stalled',
      least('kafka_ha_unreachable_isr_partitions'),
      'The leader answers, a member of the ISR does not: writes with acks=all wait until the ISR shrinks.',
    ),
    count(
      'Under min ISR',
      most('kafka_ha_under_min_isr_partitions'),
      'Fewer replicas in sync than min.insync.replicas: writes with acks=all are refused.',
    ),
    verdict(
      {
        ...small,
        title: 'Controller',
        description:
          'Whether a controller is named, answers, and has a quorum behind it. Without one nothing fails over.',
        queries: [[most('kafka_ha_controller_up'), '']],
      },
      plain,
      { texts: { '1': ['able to act', 'green'], '0': ['NONE', 'red'] } },
    ),
    verdict(
      {
        ...small,
        title: 'Quorum',
        description:
          'Whether a majority of the voters takes part. Lost: Kafka still serves, nothing fails over, do not restart brokers.',
        queries: [[most('kafka_ha_quorum_available', 'kind'), '{{kind}}']],
      },
      plain,
      { texts: { '1': ['available', 'green'], '0': ['LOST', 'red'] } },
    ),
    verdict(
      {
        ...small,
        title: 'Brokers that may still fail',
        description:
          'With every partition keeping a leader, or taking acks=all writes; the worst partition counts. Negative: lost already. Topics that never tolerate a loss are left out.',
        queries: [
          [over('max', ['guarantee'], select('kafka_ha_broker_failure_margin', 'scope="redundant"')), '{{guarantee}}'],
        ],
      },
      moreIsBetter,
    ),
    verdict(
      {
        ...small,
        title: 'Voters that may still fail',
        description: 'Serving voters beyond the majority. Negative: the quorum is lost.',
        queries: [[most('kafka_ha_quorum_failure_margin', 'kind'), '{{kind}}']],
      },
      moreIsBetter,
    ),
    verdict(
      {
        ...small,
        title: 'Brokers up, of expected',
        description: 'Brokers that answer an exporter, and brokers that are registered or named as a replica.',
        queries: [
          [over('sum', [], most('kafka_ha_broker_up', 'broker')), 'up'],
          [over('count', [], most('kafka_ha_broker_expected', 'broker')), 'expected'],
        ],
      },
      plain,
    ),
    verdict(
      {
        ...small,
        title: 'Next session to end',
        description:
          'Seconds until ZooKeeper ends the session that is nearest to its end. Healthy: between two thirds of the time-out and all of it.',
        queries: [[over('min', [], untilThen(most('kafka_ha_broker_session_expiry_timestamp_seconds', 'broker'))), '']],
      },
      plain,
      { unit: 's' },
    ),
    verdict(
      {
        ...small,
        title: 'Alerts firing',
        description: 'Of the rules that come with the exporter.',
        queries: [['count(ALERTS{alertname=~"Kafka.+", alertstate="firing", job=~"$job"}) or vector(0)', '']],
      },
      noneIsGood,
    ),
  ]
}
