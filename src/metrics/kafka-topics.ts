import { addressText } from '../model/address.ts'
import { listLength } from '../model/int-lists.ts'
import { mapRows, type Partitions } from '../model/topology.ts'
import type { State } from '../store.ts'
import { isPreferred, isUnderReplicated } from '../verdicts/replication.ts'
import { aggregation, gauge, labelText, number, type Family, type Row } from './family.ts'
import type { TopicLabels } from './topic-labels.ts'

const ofPartition = ['topic', 'partition'] as const

/** The families of kafka_exporter, name by name and label by label. */
export function topicFamilies(labels: TopicLabels, offsetsMaxAgeMs: number): readonly Family[] {
  const perPartition = (name: string, help: string, value: (partitions: Partitions, row: number) => number): Family =>
    gauge(name, `${help} ${aggregation.kafkaSays}`, ofPartition, function* (state): Iterable<Row> {
      const partitions = state.view.topology?.value.partitions
      if (partitions === undefined) return
      const text = labels.of(partitions.layout).partitions
      for (let row = 0; row < text.length; row++) {
        const pairs = text[row]
        if (pairs !== undefined) yield { labels: pairs, value: value(partitions, row) }
      }
    })
  const offset = (name: string, help: string, column: 'latest' | 'earliest'): Family =>
    gauge(name, `${help} Absent without a leader that answers. ${aggregation.kafkaSays}`, ofPartition, (state) =>
      offsetRows(state, labels, column, offsetsMaxAgeMs),
    )
  return [
    number(
      'kafka_brokers',
      `Brokers registered in the cluster metadata; see kafka_ha_broker_up for whether they answer. ${aggregation.kafkaSays}`,
      ({ view }) => view.topology?.value.brokers.length,
    ),
    gauge(
      'kafka_broker_info',
      `A broker registered in the cluster metadata, and its address. ${aggregation.kafkaSays}`,
      ['id', 'address'],
      ({ view }) =>
        (view.topology?.value.brokers ?? []).map((broker) => ({
          labels: labelText({ id: broker.id, address: addressText(broker) }),
          value: 1,
        })),
    ),
    gauge(
      'kafka_topic_partitions',
      `Partitions of the topic. ${aggregation.kafkaSays}`,
      ['topic'],
      function* ({ view }): Iterable<Row> {
        const layout = view.topology?.value.partitions.layout
        if (layout === undefined) return
        const text = labels.of(layout).topics
        for (const [t, { count }] of layout.topics.entries()) {
          const pairs = text[t]
          if (pairs !== undefined) yield { labels: pairs, value: count }
        }
      },
    ),
    offset('kafka_topic_partition_current_offset', 'High watermark of the partition.', 'latest'),
    offset('kafka_topic_partition_oldest_offset', 'Log start offset of the partition.', 'earliest'),
    perPartition(
      'kafka_topic_partition_leader',
      "Leader's broker id, -1 when Kafka names none.",
      ({ leader }, row) => leader[row] ?? -1,
    ),
    perPartition(
      'kafka_topic_partition_leader_is_preferred',
      '1 if the first replica leads, 0 if not or without a leader.',
      (partitions, row) => Number(isPreferred(partitions, row)),
    ),
    perPartition('kafka_topic_partition_replicas', 'Replicas of the partition.', ({ replicas }, row) =>
      listLength(replicas, row),
    ),
    perPartition('kafka_topic_partition_in_sync_replica', 'In-sync replicas of the partition.', ({ isr }, row) =>
      listLength(isr, row),
    ),
    perPartition(
      'kafka_topic_partition_under_replicated_partition',
      '1 if fewer replicas are in sync than there are.',
      (partitions, row) => Number(isUnderReplicated(partitions, row)),
    ),
  ]
}

/** An offset stands only while the broker that gave it leads the partition and answers. */
function* offsetRows(
  { view, judgement, at }: State,
  labels: TopicLabels,
  column: 'latest' | 'earliest',
  maxAgeMs: number,
): Iterable<Row> {
  const partitions = view.topology?.value.partitions
  const offsets = view.offsets?.value
  if (partitions === undefined || offsets === undefined) return
  // Topics may have come or gone since the offsets were asked for; the partitions that stayed keep theirs.
  const known = mapRows(offsets.layout, partitions.layout)
  const text = labels.of(partitions.layout).partitions
  const answering = new Set([...judgement.brokers].flatMap(([id, { state }]) => (state === 'down' ? [] : [id])))
  for (let row = 0; row < text.length; row++) {
    const pairs = text[row]
    const from = known[row] ?? -1
    const value = offsets[column][from] ?? Number.NaN
    const leader = partitions.leader[row] ?? -1
    const stands =
      offsets.answeredBy[from] === leader &&
      answering.has(leader) &&
      at.mono - (offsets.observedAt[from] ?? -Infinity) <= maxAgeMs
    if (pairs !== undefined && stands && !Number.isNaN(value)) yield { labels: pairs, value }
  }
}
