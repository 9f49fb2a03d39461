import { listLength } from '../model/int-lists.ts'
import type { Layout, Partitions } from '../model/topology.ts'
import type { MinIsr } from './min-isr.ts'
import { reach, type ReachOf } from './reach.ts'

/** Worst last. The codes of `PartitionHealth.state`. */
export const health = { fine: 0, unjudged: 1, underMinIsr: 2, unreachableLeader: 3, leaderless: 4 } as const

/** One state a partition, in columns over `layout`. */
export interface PartitionHealth {
  readonly layout: Layout
  readonly state: Uint8Array
  /** Unix ms at which this exporter first saw the row in its state. */
  readonly since: Float64Array
  /** Rows of each state. */
  readonly leaderless: number
  readonly unreachableLeader: number
  /** Led by a broker that was not judged yet: while there are any, nobody can say how many are unreachable. */
  readonly unjudged: number
  /**
   * Rows whose leader answers and whose ISR names a broker that does not: writes with acks=all wait until the ISR shrinks.
   * undefined: an ISR names a broker that was not judged yet.
   */
  readonly unreachableIsr: number | undefined
}

/**
 * A partition without a leader cannot be used; nor can one whose leader does not answer, whatever Kafka says of it: Kafka
 * takes a session timeout to notice, and without a coordinator never does.
 */
export function judgePartitions(
  partitions: Partitions,
  reachOf: ReachOf,
  minIsr: MinIsr,
  before: PartitionHealth | undefined,
  rowsBefore: Int32Array | undefined,
  wallMs: number,
): PartitionHealth {
  const { layout, leader } = partitions
  const state = new Uint8Array(leader.length)
  const since = new Float64Array(leader.length)
  const counts = [0, 0, 0, 0, 0]
  let unreachableIsr = 0
  let unjudgedIsr = false
  for (let row = 0; row < leader.length; row++) {
    const now = judge(partitions, row, reachOf, minIsr)
    const last = rowsBefore?.[row] ?? -1
    state[row] = now
    since[row] = last >= 0 && before?.state[last] === now ? (before.since[last] ?? wallMs) : wallMs
    counts[now] = (counts[now] ?? 0) + 1
    const isr = worstOfIsr(partitions, row, reachOf)
    if (isr === reach.unjudged) unjudgedIsr = true
    if (isr === reach.down && reachOf(leader[row] ?? -1) === reach.up) unreachableIsr++
  }
  return {
    layout,
    state,
    since,
    leaderless: counts[health.leaderless] ?? 0,
    unreachableLeader: counts[health.unreachableLeader] ?? 0,
    unjudged: counts[health.unjudged] ?? 0,
    unreachableIsr: unjudgedIsr ? undefined : unreachableIsr,
  }
}

function judge({ leader, isr, layout }: Partitions, row: number, reachOf: ReachOf, { byTopic }: MinIsr): number {
  const led = leader[row] ?? -1
  if (led < 0) return health.leaderless
  const reached = reachOf(led)
  if (reached === reach.down) return health.unreachableLeader
  if (reached === reach.unjudged) return health.unjudged
  // What is not known (0 or less) is no reason to call it unhealthy; the counts say that it is not known.
  return listLength(isr, row) < (byTopic[layout.topicOf[row] ?? 0] ?? 0) ? health.underMinIsr : health.fine
}

/** Unjudged before down: one that is down decides nothing while another's word is out. */
function worstOfIsr({ isr }: Partitions, row: number, reachOf: ReachOf): number {
  let worst: number = reach.up
  const end = isr.starts[row + 1] ?? 0
  for (let i = isr.starts[row] ?? 0; i < end; i++) {
    const reached = reachOf(isr.values[i] ?? -1)
    if (reached === reach.unjudged) return reach.unjudged
    if (reached === reach.down) worst = reach.down
  }
  return worst
}
