import {
  graph,
  list,
  moreIsBetter,
  noneIsGood,
  plain,
  states,
  upOrDown,
  verdict,
  type AnyPanel,
  type Query,
} from './panels.ts'
import { grown, least, most, over, select, sinceThen, untilThen } from './queries.ts'

const small = { width: 4, height: 4 } as const
const half = { width: 12, height: 8 } as const
const third = { width: 8, height: 8 } as const

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

export function quorum(): readonly AnyPanel[] {
  return [
    states(
      {
        ...third,
        title: 'ZooKeeper servers',
        description: 'What each server says of itself, or why it says nothing. One row a server and state.',
        queries: [[`${most('kafka_ha_zookeeper_server_state', 'server', 'state')} == 1`, '{{server}} {{state}}']],
      },
      { '1': ['is', 'blue'] },
    ),
    graph(
      {
        ...third,
        title: 'Voters',
        description: 'Below the majority nothing fails over. ruok answers imok all the same.',
        queries: [
          [most('kafka_ha_quorum_serving_voters', 'kind'), '{{kind}} serving'],
          [most('kafka_ha_quorum_majority', 'kind'), '{{kind}} majority'],
          [most('kafka_ha_quorum_configured_voters', 'kind'), '{{kind}} configured'],
        ],
      },
      { min: 0 },
    ),
    graph({
      ...third,
      title: 'Members behind the leader',
      description:
        'KRaft: log entries; ZooKeeper: transactions. A KRaft voter that no longer fetches falls behind for ever.',
      queries: [[most('kafka_ha_quorum_member_lag', 'kind', 'member'), '{{kind}} {{member}}']],
    }),
  ]
}

export function sessions(): readonly AnyPanel[] {
  const expiry = most('kafka_ha_broker_session_expiry_timestamp_seconds', 'broker', 'basis')
  return [
    graph(
      {
        ...half,
        title: 'Countdown of sessions',
        description:
          "Seconds until the ensemble ends the broker's session. A healthy broker moves it every third of its time-out; a line that falls straight down is a broker that is silent. It stands still without a leader.",
        queries: [[untilThen(expiry), 'broker {{broker}} ({{basis}})']],
      },
      { unit: 's' },
    ),
    list({
      ...half,
      title: 'Sessions now',
      description: 'Which broker hangs on which session, and the server that holds its connection.',
      queries: [[most('kafka_ha_broker_session', 'broker', 'session', 'server'), 'live']],
    }),
  ]
}

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

export function exporter(): readonly AnyPanel[] {
  const lastSuccess = select('kafka_ha_source_last_success_timestamp_seconds')
  return [
    graph(
      {
        ...third,
        title: 'Age of what each source brought',
        description:
          'Since its last success. Past its maximum age what it brought is not shown any more. Sources that never had one are left out.',
        queries: [[`${sinceThen(lastSuccess)} and ${lastSuccess} > 0`, '{{instance}} {{source}}']],
      },
      { unit: 's', min: 0 },
    ),
    states(
      {
        ...third,
        title: 'Sources',
        description: 'Whether the newest look of each source brought anything usable.',
        queries: [[select('kafka_ha_source_up'), '{{instance}} {{source}}']],
      },
      upOrDown,
    ),
    graph(
      {
        ...third,
        title: 'Failures by target',
        description: 'What a source could not get, from whom and why. Brokers that are down are here, too.',
        queries: [
          [
            `increase(${select('kafka_ha_source_errors_total')}[$__rate_interval]) > 0`,
            '{{instance}} {{source}} {{target}} {{reason}}',
          ],
        ],
      },
      { min: 0 },
    ),
    states(
      {
        ...half,
        title: 'Exporters',
        description: 'Whether Prometheus can scrape them.',
        queries: [[select('up'), '{{instance}}']],
      },
      upOrDown,
    ),
    graph(
      {
        ...half,
        title: 'Disagreements',
        description: 'Facts on which two sources, or two brokers, differ for longer than a moment.',
        queries: [[most('kafka_ha_source_disagreements', 'kind'), '{{kind}}']],
      },
      { min: 0 },
    ),
  ]
}
