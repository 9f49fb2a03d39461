import type { State } from '../store.ts'
import type { BrokerShare } from '../verdicts/replication.ts'
import { aggregation, gauge, labelText, perBroker, type Family } from './family.ts'

/** One series for each expected broker. */
export const brokerFamilies: readonly Family[] = [
  gauge(
    'kafka_ha_broker_expected',
    `1 for each broker that should be there: registered, or named in a replica list, or seen to be so not long ago. ${aggregation.kafkaSays}`,
    ['broker'],
    ({ view }) => perBroker(view.roster, () => 1),
  ),
  gauge(
    'kafka_ha_broker_registered',
    `1 if the expected broker is registered in the cluster metadata. ${aggregation.kafkaSays}`,
    ['broker'],
    ({ view }) => {
      if (view.topology === undefined) return []
      const registered = new Set(view.topology.value.brokers.map(({ id }) => id))
      return perBroker(view.roster, (_, id) => Number(registered.has(id)))
    },
  ),
  gauge(
    'kafka_ha_broker_fenced',
    `KRaft from 4.0: 1 if the expected broker is registered and fenced (it has to catch up, or its heartbeats fail): it leads nothing. ${aggregation.kafkaSays}`,
    ['broker'],
    ({ view }) => {
      const fenced = view.quorum?.value.fenced
      return fenced === undefined ? [] : perBroker(view.roster, (_, id) => Number(fenced.has(id)))
    },
  ),
  gauge(
    'kafka_ha_broker_up',
    `1 if the expected broker answers this exporter, 0 as soon as it does not. ${aggregation.available}`,
    ['broker'],
    ({ judgement }) =>
      perBroker(judgement.brokers, ({ state }) => (state === 'unknown' ? undefined : Number(state === 'up'))),
  ),
  gauge(
    'kafka_ha_broker_down_reason',
    `Why the broker does not answer: refused, closed, timeout, no_route, hung (connects, but is silent), tls, auth, protocol. ${aggregation.reach}`,
    ['broker', 'reason'],
    ({ judgement }) =>
      [...judgement.brokers].flatMap(([broker, verdict]) =>
        verdict.state === 'down' && verdict.reason !== undefined
          ? [{ labels: labelText({ broker, reason: verdict.reason }), value: 1 }]
          : [],
      ),
  ),
  share('kafka_ha_broker_leaders', 'Partitions that the broker leads.', ({ leaders }) => leaders),
  share('kafka_ha_broker_replicas', 'Partitions of which the broker holds a replica.', ({ replicas }) => replicas),
  share('kafka_ha_broker_in_sync_replicas', 'Partitions whose ISR names the broker.', ({ inSync }) => inSync),
]

const none: BrokerShare = { leaders: 0, replicas: 0, inSync: 0 }

function share(name: string, help: string, pick: (share: BrokerShare) => number): Family {
  return gauge(name, `${help} ${aggregation.kafkaSays}`, ['broker'], ({ view, judgement }: State) => {
    const { replication } = judgement
    return replication === undefined
      ? []
      : perBroker(view.roster, (_, id) => pick(replication.perBroker.get(id) ?? none))
  })
}
