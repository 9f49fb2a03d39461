import { intLists, listLength, listOf, type IntLists } from '../model/int-lists.ts'
import type { Layout, Partitions } from '../model/topology.ts'

/**
 * What was last known of each partition, in columns over `layout`. A broker that lags behind the others, or is cut off, tells of
 * an older leader epoch: its rows change nothing here.
 */
export interface PartitionMemory {
  readonly layout: Layout
  /** The newest leader epoch, -1 where answers have none; and the leader and the ISR that came with it. */
  readonly epoch: Int32Array
  readonly leader: Int32Array
  readonly isr: IntLists
  /** The last leader that was named, -1 if none ever was. */
  readonly namedLeader: Int32Array
  /** The last ISR that was not empty. */
  readonly filledIsr: IntLists
}

/** Whether a row of an answer is older than what is known. */
export function isOutdated(memory: PartitionMemory, was: number, { leaderEpoch }: Partitions, row: number): boolean {
  const epoch = leaderEpoch[row] ?? -1
  return epoch >= 0 && epoch < (memory.epoch[was] ?? -1)
}

/** `rowsBefore`: row of `before` for each row now, -1 for a partition that is new. */
export function remember(
  before: PartitionMemory | undefined,
  rowsBefore: Int32Array | undefined,
  now: Partitions,
): PartitionMemory {
  const { layout } = now
  const { length } = now.leader
  if (before === undefined || rowsBefore === undefined) {
    const { leader, leaderEpoch: epoch, isr } = now
    return { layout, epoch, leader, isr, namedLeader: leader, filledIsr: isr }
  }
  const epoch = Int32Array.from(now.leaderEpoch)
  const leader = Int32Array.from(now.leader)
  const namedLeader = Int32Array.from(now.leader)
  // Lists are rebuilt only where some row keeps an older one: that is rare, and costs.
  const keepIsr = new Map<number, Int32Array>()
  const keepFilled = new Map<number, Int32Array>()
  for (let row = 0; row < length; row++) {
    const was = rowsBefore[row] ?? -1
    if (was < 0) continue
    const outdated = isOutdated(before, was, now, row)
    if (outdated) {
      epoch[row] = before.epoch[was] ?? -1
      leader[row] = before.leader[was] ?? -1
      keepIsr.set(row, listOf(before.isr, was))
    }
    if (outdated || (leader[row] ?? -1) < 0) namedLeader[row] = before.namedLeader[was] ?? -1
    if (outdated || listLength(now.isr, row) === 0) keepFilled.set(row, listOf(before.filledIsr, was))
  }
  return {
    layout,
    epoch,
    leader,
    isr: patched(now.isr, keepIsr, length),
    namedLeader,
    filledIsr: patched(now.isr, keepFilled, length),
  }
}

function patched(lists: IntLists, rows: ReadonlyMap<number, Int32Array>, length: number): IntLists {
  if (rows.size === 0) return lists
  return intLists(Array.from({ length }, (_, row) => rows.get(row) ?? listOf(lists, row)))
}
