import { addressText } from '../model/address.ts'
import { listLength } from '../model/int-lists.ts'
import { mapRows, type Layout, type Partitions } from '../model/topology.ts'
import type { State } from '../store.ts'
import { isPreferred, isUnderReplicated } from '../verdicts/replication.ts'
import { aggregation, columnGauge, gauge, labelText, number, type Columns, type Family } from './family.ts'
import type { TopicLabels } from './topic-labels.ts'

const ofPartition = ['topic', 'partition'] as const

/** The families of kafka_exporter, name by name and label by label. */
export function topicFamilies(labels: TopicLabels, offsetsMaxAgeMs: number): readonly Family[] {
  const perPartition = (name: string, help: string, value: (partitions: Partitions, row: number) => number): Family =>
    columnGauge(name, `${help} ${aggregation.kafkaSays}`, ofPartition, ({ view }) => {
      const partitions = view.topology?.value.partitions
      return partitions && { labels: labels.of(partitions.layout).partitions, value: (row) => value(partitions, row) }
    })
  const offset = (name: string, help: string, column: 'latest' | 'earliest'): Family =>
    columnGauge(name, `${help} Absent without a leader that answers. ${aggregation.kafkaSays}`, ofPartition, (state) =>
      offsetColumns(state, labels, column, offsetsMaxAgeMs),
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
    columnGauge(
      'kafka_topic_partitions',
      `Partitions of the topic. ${aggregation.kafkaSays}`,
      ['topic'],
      ({ view }) => {
        const layout = view.topology?.value.partitions.layout
        return layout && { labels: labels.of(layout).topics, value: (t) => layout.topics[t]?.count ?? Number.NaN }
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
function offsetColumns(
  { view, judgement, at }: State,
  labels: TopicLabels,
  column: 'latest' | 'earliest',
  maxAgeMs: number,
): Columns | undefined {
  const partitions = view.topology?.value.partitions
  const offsets = view.offsets?.value
  if (partitions === undefined || offsets === undefined) return undefined
  const { layout, leader } = partitions
  const { answeredBy, observedAt, [column]: values } = offsets
  const rowIn = rowsBetween(offsets.layout, layout)
  const answering = new Set([...judgement.brokers].flatMap(([id, { state }]) => (state === 'down' ? [] : [id])))
  const value = (row: number): number => {
    const from = rowIn === undefined ? row : (rowIn[row] ?? -1)
    const led = leader[row] ?? -1
    const stands =
      answeredBy[from] === led && answering.has(led) && at.mono - (observedAt[from] ?? -Infinity) <= maxAgeMs
    return stands ? (values[from] ?? Number.NaN) : Number.NaN
  }
  return { labels: labels.of(layout).partitions, value }
}

const rowMaps = new WeakMap<Layout, WeakMap<Layout, Int32Array>>()

/**
 * Topics may have come or gone since the offsets were asked for; the partitions that stayed keep theirs. undefined = each row
 * is the same in both. Mapped once, as both families ask at every scrape.
 */
function rowsBetween(from: Layout, to: Layout): Int32Array | undefined {
  if (from === to) return undefined
  const known = rowMaps.get(from)?.get(to)
  if (known !== undefined) return known
  const rows = mapRows(from, to)
  const maps = rowMaps.get(from) ?? new WeakMap<Layout, Int32Array>()
  rowMaps.set(from, maps.set(to, rows))
  return rows
}
