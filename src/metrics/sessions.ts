import { canHoldSessions } from '../model/ensemble.ts'
import { connectionMaxAgeMs } from '../model/sessions.ts'
import type { State } from '../store.ts'
import { noEnds } from '../verdicts/session-ledger.ts'
import type { EndKind } from '../verdicts/session-end.ts'
import { aggregation, counter, gauge, labelText, perBroker, type Family } from './family.ts'

/** Which broker hangs on which ZooKeeper session, until when, and how sessions ended. */
export const sessionFamilies: readonly Family[] = [
  gauge(
    'kafka_ha_broker_session',
    `1 for the live ZooKeeper session of the broker's registration, and the server that holds its connection, empty if unknown; absent as soon as the registration is gone. ${aggregation.kafkaSays}`,
    ['broker', 'session', 'server'],
    ({ judgement }) =>
      [...judgement.sessions].map(([broker, { session, server = '' }]) => ({
        labels: labelText({ broker, session, server }),
        value: 1,
      })),
  ),
  gauge(
    'kafka_ha_broker_session_timeout_seconds',
    `Timeout that the broker's session negotiated. ${aggregation.kafkaSays}`,
    ['broker'],
    ({ judgement }) =>
      perBroker(judgement.sessions, ({ timeoutMs }) => (timeoutMs === undefined ? undefined : timeoutMs / 1_000)),
  ),
  gauge(
    'kafka_ha_broker_session_expiry_timestamp_seconds',
    `When the ensemble ends the broker's session unless it is kept alive, on this exporter's clock; absent while no server leads. basis dump: as the leader announces it; estimate: last answer seen plus timeout, only while the broker is silent and dump is not to be had. ${aggregation.kafkaSays}`,
    ['broker', 'basis'],
    ({ judgement }) =>
      [...judgement.sessions].flatMap(([broker, { expiry }]) =>
        expiry === undefined ? [] : [{ labels: labelText({ broker, basis: expiry.basis }), value: expiry.at / 1_000 }],
      ),
  ),
  ends('kafka_ha_broker_session_closed_total', 'closed', 'were closed, well before they would have expired'),
  ends('kafka_ha_broker_session_expired_total', 'expired', 'expired'),
  gauge(
    'kafka_ha_zookeeper_sessions',
    `Sessions connected to the server. ${aggregation.kafkaSays}`,
    ['server'],
    ({ view, at }) =>
      [...(view.sessions?.value.servers ?? [])].flatMap(([server, told]) =>
        at.mono - told.at.mono > connectionMaxAgeMs ||
        !canHoldSessions(view.zookeeper?.value.servers.get(server)?.state)
          ? []
          : [{ labels: labelText({ server }), value: told.timeouts.size }],
      ),
  ),
]

function ends(name: string, kind: EndKind, what: string): Family {
  const help = `ZooKeeper mode: sessions of the broker that ${what}, since this exporter started. ${aggregation.kafkaSays}`
  return counter(name, help, ['broker'], ({ view, history, sources }: State) => {
    // Without a source that could see an end, "none" would be a guess.
    if (!sources.has('sessions') && !sources.has('znodes')) return []
    const { counts } = history.sessions.ends
    // In KRaft mode only a cluster that is being migrated has sessions.
    const expected = history.mode === 'kraft' ? [] : view.roster.keys()
    const brokers = new Map([...expected, ...counts.keys()].map((id) => [id, counts.get(id) ?? noEnds]))
    return perBroker(brokers, (count) => count[kind])
  })
}
