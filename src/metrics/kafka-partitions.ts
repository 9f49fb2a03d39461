import type { State } from '../store.ts'
import { health, type PartitionHealth } from '../verdicts/partition-health.ts'
import { aggregation, gauge, number, type Family, type Row } from './family.ts'
import type { TopicLabels } from './topic-labels.ts'
import { worstRows } from './worst-rows.ts'

export const unhealthySince = 'kafka_ha_partition_unhealthy_since_timestamp_seconds'

/** A burst of unhealthy partitions must not become a burst of series. */
const mostRows = 1_000

/** How many partitions cannot be used or stand on one leg, and since when which. */
export function partitionFamilies(labels: TopicLabels): readonly Family[] {
  const worst = worstOf(labels)
  return [
    number(
      'kafka_ha_leaderless_partitions',
      `Partitions for which Kafka names no leader. ${aggregation.kafkaSays}`,
      ({ view, judgement }) => view.topology && judgement.health?.leaderless,
    ),
    number(
      'kafka_ha_unreachable_leader_partitions',
      `Partitions whose named leader does not answer this exporter, by the last known topology. ${aggregation.reach}`,
      ({ judgement }) => judged(judgement.health)?.unreachableLeader,
    ),
    number(
      'kafka_ha_unavailable_partitions',
      `Partitions without a leader or whose leader does not answer, by the last known topology. ${aggregation.reach}`,
      ({ judgement }) => {
        const known = judged(judgement.health)
        return known && known.leaderless + known.unreachableLeader
      },
    ),
    number(
      'kafka_ha_under_replicated_partitions',
      `Partitions with fewer replicas in sync than there are. ${aggregation.kafkaSays}`,
      ({ judgement }) => judgement.replication?.underReplicated,
    ),
    number(
      'kafka_ha_offline_replicas',
      `Replicas that Kafka lists as offline. ${aggregation.kafkaSays}`,
      ({ judgement }) => judgement.replication?.offlineReplicas,
    ),
    number(
      'kafka_ha_not_preferred_leader_partitions',
      `Partitions led by another replica than the first. ${aggregation.kafkaSays}`,
      ({ judgement }) => judgement.replication?.notPreferredLeader,
    ),
    gauge(
      unhealthySince,
      `When this exporter first saw the partition in its state, the worst ${mostRows} only; never aggregate. Unix time.`,
      ['topic', 'partition', 'state'],
      (state) => worst(state).rows,
    ),
    gauge(
      'kafka_ha_series_omitted',
      `Series left out of a family that is bounded. ${aggregation.own}`,
      ['family'],
      (state) => [{ labels: `family="${unhealthySince}"`, value: worst(state).omitted }],
    ),
  ]
}

/** Before every leader was judged, a count would claim to know more than anybody does. */
function judged(known: PartitionHealth | undefined): PartitionHealth | undefined {
  return known?.unjudged === 0 ? known : undefined
}

const stateNames = new Map<number, string>([
  [health.leaderless, 'leaderless'],
  [health.unreachableLeader, 'unreachable_leader'],
])

interface Worst {
  readonly rows: readonly Row[]
  readonly omitted: number
}

/** Leaderless before unreachable, the longest first. Kept as long as the health is the same: two families ask at every scrape. */
function worstOf(labels: TopicLabels): (state: State) => Worst {
  const known = new WeakMap<PartitionHealth, Worst>()
  return ({ judgement: { health: now } }) => {
    if (now === undefined || now.leaderless + now.unreachableLeader === 0) return { rows: [], omitted: 0 }
    const worst = known.get(now) ?? pick(now, labels)
    known.set(now, worst)
    return worst
  }
}

function pick(now: PartitionHealth, labels: TopicLabels): Worst {
  const { state, since, layout } = now
  const { topics, partitions } = labels.of(layout)
  const found: number[] = []
  for (let row = 0; row < state.length; row++) {
    if (stateNames.has(state[row] ?? 0) && topics.text(layout.topicOf[row] ?? -1) !== undefined) found.push(row)
  }
  const rows = worstRows(now, found, mostRows).map((row) => ({
    labels: `${partitions.text(row) ?? ''},state="${stateNames.get(state[row] ?? 0) ?? ''}"`,
    value: (since[row] ?? 0) / 1000,
  }))
  return { rows, omitted: found.length - rows.length }
}
