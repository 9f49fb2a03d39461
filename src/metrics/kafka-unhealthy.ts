import type { State } from '../store.ts'
import { health } from '../verdicts/partition-health.ts'
import { bounded, mostRows, type Bounded, type Worst } from './bounded.ts'
import type { TopicLabels } from './topic-labels.ts'

const stateNames = new Map<number, string>([
  [health.leaderless, 'leaderless'],
  [health.unreachableLeader, 'unreachable_leader'],
  [health.underMinIsr, 'under_min_isr'],
])

export function unhealthySince(labels: TopicLabels): Bounded {
  return bounded(
    'kafka_ha_partition_unhealthy_since_timestamp_seconds',
    `When this exporter first saw the partition in its state, the worst ${mostRows} only; never aggregate. Unix time.`,
    ['topic', 'partition', 'state'],
    (state) => worst(state, labels),
  )
}

/** Leaderless before unreachable before under min ISR, the longest first. */
function worst({ view, judgement }: State, labels: TopicLabels): Worst {
  const known = judgement.health
  // What cannot be used outlives an old topology, as its count does; an ISR is Kafka's word and ages with it.
  const least = view.topology === undefined ? health.unreachableLeader : health.underMinIsr
  if (known === undefined) return { rows: [], omitted: 0 }
  const text = labels.of(known.layout).partitions
  const found: number[] = []
  for (let row = 0; row < known.state.length; row++) {
    if ((known.state[row] ?? 0) >= least && text[row] !== undefined) found.push(row)
  }
  const state = (row: number): number => known.state[row] ?? 0
  const since = (row: number): number => known.since[row] ?? 0
  found.sort((a, b) => state(b) - state(a) || since(a) - since(b) || a - b)
  const rows = found.slice(0, mostRows).map((row) => ({
    labels: `${text[row] ?? ''},state="${stateNames.get(state(row)) ?? ''}"`,
    value: since(row) / 1000,
  }))
  return { rows, omitted: found.length - rows.length }
}
