import type { Configs } from '../model/configs.ts'
import type { Elr } from '../model/elr.ts'
import type { Instant } from '../model/instant.ts'
import type { Reassignments } from '../model/reassignments.ts'
import { mapRows, type Partitions } from '../model/topology.ts'
import type { Observed } from '../model/view.ts'
import { judgeAwaited } from './awaited.ts'
import type { BrokerVerdicts } from './brokers.ts'
import { judgeMargins, type Margins } from './margins.ts'
import { nextListed, type Listed } from './listed.ts'
import { memo, type Memo } from './memo.ts'
import { remember, type PartitionMemory } from './memory.ts'
import { nextMinIsr, type MinIsr } from './min-isr.ts'
import { judgePartitions, type PartitionHealth } from './partition-health.ts'
import { reachOf } from './reach.ts'
import { addingReplicas, nothingAdded, presumeAdded, type Adding } from './reassigning.ts'
import { judgeReplication, type Replication } from './replication.ts'

/** Everything that is judged partition by partition, of the last known topology. */
export interface PartitionVerdicts {
  readonly partitions: Partitions
  readonly memory: PartitionMemory
  /** Replicas presumed to be added by a reassignment, and `mono` ms since when something is. */
  readonly presumed: { readonly adding: Adding; readonly since: number }
  readonly minIsr: MinIsr
  readonly adding: Memo<Adding>
  readonly health: Memo<PartitionHealth>
  readonly replication: Memo<Replication>
  readonly margins: Memo<Margins | undefined>
  readonly awaited: Memo<ReadonlyMap<number, number> | undefined>
  readonly listed: Listed | undefined
}

export interface PartitionInputs {
  readonly partitions: Partitions
  /** `mono` ms at which the look began that brought them. */
  readonly topologyAt: number
  /** Another object only when a verdict is another. */
  readonly brokers: BrokerVerdicts
  readonly configs: Observed<Configs> | undefined
  readonly reassignments: Observed<Reassignments> | undefined
  /** KRaft's. */
  readonly elr: Elr | undefined
  /** Whether anybody could elect a leader. */
  readonly failsOver: boolean
}

/** One step on; whatever has the same inputs as before is the same object as before. */
export function nextPartitionVerdicts(
  before: PartitionVerdicts | undefined,
  { partitions, topologyAt, brokers, configs, reassignments, elr, failsOver }: PartitionInputs,
  now: Instant,
): PartitionVerdicts {
  const isNew = before?.partitions !== partitions
  const rows = before && isNew ? mapRows(before.partitions.layout, partitions.layout) : undefined
  const memory = before && !isNew ? before.memory : remember(before?.memory, rows, partitions, now.mono)
  const presumed = nextPresumed(before, partitions, rows, reassignments, now)
  const minIsr = nextMinIsr(before?.minIsr, partitions.layout, configs?.value, now.mono)
  const listed = nextListed(before?.listed, reassignments, topologyAt)
  const adding = memo(before?.adding, [partitions, listed?.partitions, presumed.adding], () =>
    addingReplicas(partitions, listed?.partitions ?? [], presumed.adding),
  )
  return {
    partitions,
    memory,
    presumed,
    minIsr,
    health: memo(before?.health, [partitions, brokers, minIsr.byTopic, minIsr.complete], () => {
      const known = before?.health.value
      const rowsBefore = known && mapRows(known.layout, partitions.layout)
      return judgePartitions(partitions, reachOf(brokers), minIsr, known, rowsBefore, now.wall)
    }),
    listed,
    adding,
    replication: memo(before?.replication, [partitions, minIsr.byTopic, minIsr.complete, adding.value], () =>
      judgeReplication(partitions, minIsr, adding.value),
    ),
    margins: memo(
      before?.margins,
      [partitions, brokers, minIsr.byTopic, minIsr.complete, failsOver, adding.value],
      () => judgeMargins(partitions, reachOf(brokers), minIsr, failsOver, adding.value),
    ),
    awaited: memo(before?.awaited, [partitions, memory, elr], () => judgeAwaited(partitions, memory, elr)),
  }
}

function nextPresumed(
  before: PartitionVerdicts | undefined,
  partitions: Partitions,
  rows: Int32Array | undefined,
  reassignments: Observed<Reassignments> | undefined,
  now: Instant,
): PartitionVerdicts['presumed'] {
  if (before === undefined) return { adding: nothingAdded, since: now.mono }
  const granted = reassignments?.value.access === 'granted'
  const was = granted && reassignments.at.mono >= before.presumed.since ? nothingAdded : before.presumed.adding
  const next =
    rows === undefined ? { adding: was, grown: false } : presumeAdded(was, before.partitions, rows, partitions)
  if (next.adding === before.presumed.adding) return before.presumed
  return { adding: next.adding, since: next.grown ? now.mono : before.presumed.since }
}
