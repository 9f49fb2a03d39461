import { listHas, listOf, type IntLists } from '../model/int-lists.ts'
import type { Partitions } from '../model/topology.ts'
import type { Eligible } from './eligible.ts'
import { reasonOf, type LeaderChangeReason } from './leader-change.ts'
import { isOutdated, type PartitionMemory } from './memory.ts'

/** What has moved since the process started, as far as two looks in a row show it. */
export interface Movements {
  readonly leaderChanges: Readonly<Record<LeaderChangeReason, number>>
  /** Partitions whose ISR lost, or gained, a member. */
  readonly isrShrinks: number
  readonly isrExpands: number
}

export const noMovements: Movements = {
  leaderChanges: { failover: 0, preferred: 0, unclean: 0, other: 0 },
  isrShrinks: 0,
  isrExpands: 0,
}

export interface Looks {
  /** What was known before. */
  readonly memory: PartitionMemory
  readonly now: Partitions
  /** Row of `memory` for each row of `now`, -1 for a partition that is new. */
  readonly rows: Int32Array
  /** Milliseconds between the two looks. */
  readonly ageMs: number
  /** `mono` ms. */
  readonly atMs: number
  /** Of a row of `memory`; undefined: not known. */
  readonly eligible: (row: number) => Eligible | undefined
  /** Whether a broker answers and is registered. */
  readonly isUp: (broker: number) => boolean
}

export function countMovements(before: Movements, looks: Looks): Movements {
  const { now, rows, memory } = looks
  const leaderChanges = { ...before.leaderChanges }
  let { isrShrinks, isrExpands } = before
  for (let row = 0; row < rows.length; row++) {
    const was = rows[row] ?? -1
    if (was < 0 || isOutdated(memory, was, now, row, looks.atMs)) continue
    if (someMissing(memory.isr, was, now.isr, row)) isrShrinks++
    if (someMissing(now.isr, row, memory.isr, was)) isrExpands++
    const [from, to] = [memory.namedLeader[was] ?? -1, now.leader[row] ?? -1]
    const [known, epoch] = [memory.epoch[was] ?? -1, now.leaderEpoch[row] ?? -1]
    // Two leaders in one epoch are a contradiction and no election.
    const isElection = epoch < 0 || known < 0 || epoch > known
    if (to < 0 || from === to || !isElection) continue
    const why = reason(looks, was, row)
    // Who led before the first look is not known; only an unclean election is one all the same.
    if (from >= 0 || (why === 'unclean' && (memory.leader[was] ?? -1) < 0)) leaderChanges[why]++
  }
  return { leaderChanges, isrShrinks, isrExpands }
}

function reason({ now, memory, ageMs, eligible, isUp }: Looks, was: number, row: number): LeaderChangeReason {
  const before = memory.namedLeader[was] ?? -1
  const elr = eligible(was)
  return reasonOf({
    before: before < 0 ? (listOf(memory.filledIsr, was)[0] ?? -1) : before,
    after: now.leader[row] ?? -1,
    replicas: listOf(now.replicas, row),
    isr: listOf(now.isr, row),
    lastIsr: listOf(memory.filledIsr, was),
    elr: elr?.ids,
    wasLeaderless: (memory.leader[was] ?? -1) < 0,
    beforeIsUp: isUp(before),
    ageMs: Math.max(ageMs, elr?.ageMs ?? 0),
    isNextEpoch: (memory.epoch[was] ?? -1) >= 0 && now.leaderEpoch[row] === (memory.epoch[was] ?? -1) + 1,
  })
}

/** Whether a row of `a` names a broker that the row of `b` does not. */
function someMissing(a: IntLists, rowA: number, b: IntLists, rowB: number): boolean {
  const end = a.starts[rowA + 1] ?? 0
  for (let i = a.starts[rowA] ?? 0; i < end; i++) if (!listHas(b, rowB, a.values[i] ?? -1)) return true
  return false
}
