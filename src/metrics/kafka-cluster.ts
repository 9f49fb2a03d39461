import type { Configs } from '../model/configs.ts'
import { answerOf, modeOf } from '../model/liveness.ts'
import { aggregation, gauge, labelText, number, type Family } from './family.ts'

/** What the cluster as a whole is and does. */
export const clusterFamilies: readonly Family[] = [
  gauge(
    'kafka_ha_cluster_info',
    `The cluster: its id, its mode (zookeeper or kraft), its version where readable (inter.broker.protocol.version, or KRaft's metadata.version). Always 1. ${aggregation.kafkaSays}`,
    ['cluster_id', 'mode', 'version'],
    ({ view }) => {
      const clusterId = view.topology?.value.clusterId
      const mode = modeOf(view.liveness?.value)
      if (clusterId === undefined || mode === undefined) return []
      return [
        {
          labels: labelText({
            cluster_id: clusterId,
            mode,
            version: mode === 'zookeeper' ? versionOf(view.configs?.value) : (view.quorum?.value.metadataVersion ?? ''),
          }),
          value: 1,
        },
      ]
    },
  ),
  number(
    'kafka_ha_cluster_reachable',
    `1 if any broker answered its last probe in time. ${aggregation.available}`,
    ({ judgement }) => Number(judgement.reachable),
  ),
  number(
    'kafka_ha_topics',
    `Topics that this exporter can see, internal ones included; ACLs may hide others. ${aggregation.kafkaSays}`,
    ({ view }) => view.topology?.value.partitions.layout.topics.length,
  ),
  number(
    'kafka_ha_partitions',
    `Partitions that this exporter can see, internal ones included. ${aggregation.kafkaSays}`,
    ({ view }) => view.topology?.value.partitions.layout.partition.length,
  ),
  gauge(
    'kafka_ha_bootstrap_up',
    `1 if the configured seed answers this exporter. ${aggregation.available}`,
    ['address'],
    ({ view, seeds }) =>
      seeds.flatMap((address) => {
        const liveness = view.liveness?.value
        if (liveness?.targets.has(address) !== true) return []
        return [{ labels: labelText({ address }), value: Number(answerOf(liveness, address) !== undefined) }]
      }),
  ),
  number(
    'kafka_ha_controller_id',
    'ZooKeeper mode: the controller that most answering brokers name; KRaft: the leader of the quorum; -1 if none is named. Never aggregate ids.',
    ({ view, history, judgement }) =>
      history.coordinator === 'kraft' || (view.liveness && judgement.reachable) ? judgement.controller?.id : undefined,
  ),
  number(
    'kafka_ha_controller_up',
    `1 if a controller is named, answers this exporter (KRaft: has described the quorum), and its quorum is not known to be lost. ${aggregation.available}`,
    ({ judgement }) => judgement.controller && Number(judgement.controller.up),
  ),
  gauge(
    'kafka_ha_controller_views',
    `ZooKeeper mode: answering brokers that name this controller; more than one series = split view. ${aggregation.kafkaSays}`,
    ['controller'],
    ({ view, judgement }) =>
      view.liveness === undefined
        ? []
        : [...(judgement.controller?.views ?? [])].map(([id, value]) => ({ labels: `controller="${id}"`, value })),
  ),
]

/** What the brokers speak with each other (KRaft brokers ignore that setting); the oldest while they are being upgraded one by one. Empty = not readable. */
function versionOf(configs: Configs | undefined): string {
  const versions = [...(configs?.brokers.values() ?? [])].flatMap(
    ({ values }) => values.get('inter.broker.protocol.version') ?? [],
  )
  const [oldest = ''] = versions.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }))
  return oldest
}
