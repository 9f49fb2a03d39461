import { graph, list, states, type AnyPanel } from '../panels.ts'
import { most, untilThen } from '../queries.ts'
import { half, third } from '../sizes.ts'

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
