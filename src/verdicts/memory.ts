import { listLength, type IntLists } from '../model/int-lists.ts'
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
  /** Row -> `mono` ms since when answers are older than what is known of it. */
  readonly outdatedSince: ReadonlyMap<number, number>
}

/** Brokers that lag behind do so for moments. Epochs that stay lower are those of another topic by the same name. */
const outdatedForMs = 60_000

/** Whether a row of an answer is older than what is known. */
export function isOutdated(
  memory: PartitionMemory,
  was: number,
  { leaderEpoch }: Partitions,
  row: number,
  nowMs: number,
): boolean {
  const epoch = leaderEpoch[row] ?? -1
  if (epoch < 0 || epoch >= (memory.epoch[was] ?? -1)) return false
  return nowMs - (memory.outdatedSince.get(was) ?? nowMs) < outdatedForMs
}

/** `rowsBefore`: row of `before` for each row now, -1 for a partition that is new. `nowMs`: `mono`. */
export function remember(
  before: PartitionMemory | undefined,
  rowsBefore: Int32Array | undefined,
  now: Partitions,
  nowMs: number,
): PartitionMemory {
  const { layout } = now
  const { length } = now.leader
  if (before === undefined || rowsBefore === undefined) {
    const { leader, leaderEpoch: epoch, isr } = now
    return { layout, epoch, leader, isr, namedLeader: leader, filledIsr: isr, outdatedSince: new Map() }
  }
  const epoch = Int32Array.from(now.leaderEpoch)
  const leader = Int32Array.from(now.leader)
  const namedLeader = Int32Array.from(now.leader)
  const outdatedSince = new Map<number, number>()
  // Lists are rebuilt only where some row keeps an older one: that is rare, and costs.
  const keepIsr: number[] = []
  const keepFilled: number[] = []
  for (let row = 0; row < length; row++) {
    const was = rowsBefore[row] ?? -1
    if (was < 0) continue
    const outdated = isOutdated(before, was, now, row, nowMs)
    if (outdated) {
      outdatedSince.set(row, before.outdatedSince.get(was) ?? nowMs)
      epoch[row] = before.epoch[was] ?? -1
      leader[row] = before.leader[was] ?? -1
      keepIsr.push(row)
    }
    if (outdated || (leader[row] ?? -1) < 0) namedLeader[row] = before.namedLeader[was] ?? -1
    if (outdated || listLength(now.isr, row) === 0) keepFilled.push(row)
  }
  return {
    layout,
    epoch,
    leader,
    isr: patched(now.isr, before.isr, keepIsr, rowsBefore),
    namedLeader,
    filledIsr: patched(now.isr, before.filledIsr, keepFilled, rowsBefore),
    outdatedSince,
  }
}

/** `lists` with the given rows as they were before. */
function patched(lists: IntLists, before: IntLists, rows: readonly number[], rowsBefore: Int32Array): IntLists {
  if (rows.length === 0) return lists
  const kept = new Set(rows)
  const count = rowsBefore.length
  const starts = new Int32Array(count + 1)
  const source = (row: number): readonly [IntLists, number] =>
    kept.has(row) ? [before, rowsBefore[row] ?? -1] : [lists, row]
  for (let row = 0; row < count; row++) starts[row + 1] = (starts[row] ?? 0) + listLength(...source(row))
  const values = new Int32Array(starts[count] ?? 0)
  for (let row = 0; row < count; row++) {
    const [from, at] = source(row)
    const first = from.starts[at] ?? 0
    const to = starts[row] ?? 0
    const length = (starts[row + 1] ?? 0) - to
    for (let i = 0; i < length; i++) values[to + i] = from.values[first + i] ?? -1
  }
  return { starts, values }
}
