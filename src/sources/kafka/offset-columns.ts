import type { Offsets } from '../../model/offsets.ts'
import { findRow, mapRows, sameLayout, topicsByName, type Layout, type Partitions } from '../../model/topology.ts'
import type { ToldOffsets } from './list-offsets.ts'

/** Columns over a layout in which every partition is as it was last told. */
export function carriedOver(last: Offsets | undefined, layout: Layout): Offsets {
  if (last !== undefined && sameLayout(last.layout, layout)) {
    return {
      layout,
      latest: last.latest.slice(),
      earliest: last.earliest.slice(),
      answeredBy: last.answeredBy.slice(),
      observedAt: last.observedAt.slice(),
    }
  }
  const length = layout.partition.length
  const columns: Offsets = {
    layout,
    latest: new Float64Array(length).fill(Number.NaN),
    earliest: new Float64Array(length).fill(Number.NaN),
    answeredBy: new Int32Array(length).fill(-1),
    observedAt: new Float64Array(length).fill(-Infinity),
  }
  if (last === undefined) return columns
  const rows = mapRows(last.layout, layout)
  for (let row = 0; row < length; row++) {
    const from = rows[row] ?? -1
    if (from < 0) continue
    columns.latest[row] = last.latest[from] ?? Number.NaN
    columns.earliest[row] = last.earliest[from] ?? Number.NaN
    columns.answeredBy[row] = last.answeredBy[from] ?? -1
    columns.observedAt[row] = last.observedAt[from] ?? -Infinity
  }
  return columns
}

/** What a leader told, into one of the columns; gives the error codes that partitions carried. */
export function take(
  columns: Offsets,
  column: 'latest' | 'earliest',
  told: ToldOffsets,
  { leader: leaders }: Pick<Partitions, 'leader'>,
  leader: number,
  mono: number,
): ReadonlySet<number> {
  const { layout, answeredBy, observedAt } = columns
  const values = columns[column]
  const known = topicsByName(layout)
  const errors = new Set<number>()
  for (const { topic: name, first, end } of told.topics) {
    const topic = known.get(name)
    if (topic === undefined) continue
    for (let i = first; i < end; i++) {
      const row = findRow(layout, topic, told.partitions[i] ?? -1)
      if (row < 0 || leaders[row] !== leader) continue
      const error = told.errors[i] ?? 0
      if (error !== 0) errors.add(error)
      values[row] = told.offsets[i] ?? Number.NaN
      answeredBy[row] = leader
      observedAt[row] = mono
    }
  }
  return errors
}
