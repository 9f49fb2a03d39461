import type { State } from '../store.ts'
import { health, type PartitionHealth } from '../verdicts/partition-health.ts'
import { bounded, mostRows, type Bounded, type Worst } from './bounded.ts'
import type { TopicLabels } from './topic-labels.ts'
import { worstRows } from './worst-rows.ts'

const stateNames = new Map<number, string>([
  [health.leaderless, 'leaderless'],
  [health.unreachableLeader, 'unreachable_leader'],
  [health.underMinIsr, 'under_min_isr'],
])

/** Leaderless before unreachable before under min ISR, the longest first. */
export function unhealthySince(labels: TopicLabels): Bounded {
  // Kept as long as the health is the same: two families ask at every scrape.
  const known = new Map([health.underMinIsr, health.unreachableLeader].map((least) => [least, new WeakMap<PartitionHealth, Worst>()])) // prettier-ignore
  return bounded(
    'kafka_ha_partition_unhealthy_since_timestamp_seconds',
    `When this exporter first saw the partition in its state, the worst ${mostRows} only; never aggregate. Unix time.`,
    ['topic', 'partition', 'state'],
    ({ view, judgement: { health: now } }: State) => {
      if (now === undefined) return { rows: [], omitted: 0 }
      // What cannot be used outlives an old topology, as its count does; an ISR is Kafka's word and ages with it.
      const least = view.topology === undefined ? health.unreachableLeader : health.underMinIsr
      const worst = known.get(least)?.get(now) ?? pick(now, labels, least)
      known.get(least)?.set(now, worst)
      return worst
    },
  )
}

function pick(now: PartitionHealth, labels: TopicLabels, least: number): Worst {
  const { state, since, layout } = now
  const { topics, partitions } = labels.of(layout)
  const found: number[] = []
  for (let row = 0; row < state.length; row++) {
    if ((state[row] ?? 0) >= least && topics.text(layout.topicOf[row] ?? -1) !== undefined) found.push(row)
  }
  const rows = worstRows(now, found, mostRows).map((row) => ({
    labels: `${partitions.text(row) ?? ''},state="${stateNames.get(state[row] ?? 0) ?? ''}"`,
    value: (since[row] ?? 0) / 1000,
  }))
  return { rows, omitted: found.length - rows.length }
}
