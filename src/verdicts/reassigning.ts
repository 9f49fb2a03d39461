import { listHas, listOf } from '../model/int-lists.ts'
import type { Reassignment } from '../model/reassignments.ts'
import { findRow, topicsByName, type Partitions } from '../model/topology.ts'

/** Row -> replicas that a reassignment is adding: they have yet to fetch everything, and are missed by nobody. */
export type Adding = ReadonlyMap<number, readonly number[]>

export const nothingAdded: Adding = new Map()

/** What Kafka lists, and what is presumed, over the rows of a topology. */
export function addingReplicas({ layout }: Partitions, listed: readonly Reassignment[], presumed: Adding): Adding {
  if (listed.length === 0) return presumed
  const adding = new Map(presumed)
  const topics = topicsByName(layout)
  for (const { topic, partition, adding: ids } of listed) {
    const known = topics.get(topic)
    const row = known === undefined ? -1 : findRow(layout, known, partition)
    if (row >= 0) adding.set(row, [...new Set([...(adding.get(row) ?? []), ...ids])])
  }
  return adding
}

/** How many of a row's replicas are counted: those that are being added are not. */
export function countedReplicas({ replicas }: Partitions, row: number, adding: Adding): number {
  const list = listOf(replicas, row)
  const added = adding.get(row)
  return added === undefined ? list.length : list.filter((id) => !added.includes(id)).length
}

/**
 * Topology and reassignments are read one after the other. A replica that has just appeared in a partition's list can only
 * have come by a reassignment, so until the next look at those it is presumed to be one that is being added; and where they
 * cannot be read, until it is in sync. `grown`: some replica was not presumed before.
 */
export function presumeAdded(
  before: Adding,
  last: Partitions,
  rowsBefore: Int32Array,
  now: Partitions,
): { readonly adding: Adding; readonly grown: boolean } {
  const presumed = new Map<number, readonly number[]>()
  let grown = false
  for (let row = 0; row < rowsBefore.length; row++) {
    const was = rowsBefore[row] ?? -1
    if (was < 0 || (!before.has(was) && sameReplicas(last, was, now, row))) continue
    const known = before.get(was) ?? []
    const ids = [...listOf(now.replicas, row)].filter(
      (id) => !listHas(now.isr, row, id) && (known.includes(id) || !listHas(last.replicas, was, id)),
    )
    if (ids.length === 0) continue
    presumed.set(row, ids)
    grown ||= ids.some((id) => !known.includes(id))
  }
  return { adding: presumed.size === 0 ? nothingAdded : presumed, grown }
}

function sameReplicas(last: Partitions, was: number, now: Partitions, row: number): boolean {
  const a = last.replicas
  const b = now.replicas
  const from = a.starts[was] ?? 0
  const to = b.starts[row] ?? 0
  const length = (a.starts[was + 1] ?? 0) - from
  if ((b.starts[row + 1] ?? 0) - to !== length) return false
  for (let i = 0; i < length; i++) if (a.values[from + i] !== b.values[to + i]) return false
  return true
}
