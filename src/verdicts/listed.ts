import type { Reassignment, Reassignments } from '../model/reassignments.ts'
import type { Observed } from '../model/view.ts'

/** The reassignments to go by. */
export interface Listed {
  /** The newest listing that was granted, however old: what it adds is known better by nobody. */
  readonly newest: Reassignments
  /** That, and what ended since the topology was looked at. */
  readonly partitions: readonly Reassignment[]
}

/** The controller tells the brokers a moment after it has forgotten a reassignment. */
const settleMs = 1_000

/**
 * A reassignment that has ended has changed its partition's replicas; as long as the topology is from before that, what it was
 * adding is still to be left out. `topologyAt`: `mono` ms at which the look began that brought the topology.
 */
export function nextListed(
  before: Listed | undefined,
  reassignments: Observed<Reassignments> | undefined,
  topologyAt: number,
): Listed | undefined {
  if (reassignments?.value.access !== 'granted') return before
  const { value: newest, at } = reassignments
  if (before === undefined || topologyAt - at.mono > settleMs) {
    return before?.partitions === newest.partitions ? before : { newest, partitions: newest.partitions }
  }
  if (before.newest === newest) return before
  const known = new Set(newest.partitions.map(keyOf))
  const ended = before.partitions.filter((one) => !known.has(keyOf(one)))
  return { newest, partitions: ended.length === 0 ? newest.partitions : [...newest.partitions, ...ended] }
}

function keyOf({ topic, partition }: Reassignment): string {
  return `${partition} ${topic}`
}
