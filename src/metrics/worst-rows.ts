import type { PartitionHealth } from '../verdicts/partition-health.ts'

/**
 * At most `most` of `rows`: the worse state first, the longest within a state, then as they come. Without sorting all of them:
 * in a total outage they are every partition of the cluster.
 */
export function worstRows({ state, since }: PartitionHealth, rows: readonly number[], most: number): readonly number[] {
  const byState = new Map<number, number[]>()
  for (const row of rows) {
    const code = state[row] ?? 0
    const same = byState.get(code)
    if (same === undefined) byState.set(code, [row])
    else same.push(row)
  }
  const worst: number[] = []
  for (const [, same] of [...byState].sort(([a], [b]) => b - a)) {
    const first = longest(same, since, most - worst.length)
    worst.push(...first.sort((a, b) => (since[a] ?? 0) - (since[b] ?? 0) || a - b))
  }
  return worst
}

/** The `most` with the least `since`, in no order. `rows` ascend. */
function longest(rows: readonly number[], since: Float64Array, most: number): number[] {
  if (rows.length <= most) return [...rows]
  if (most === 0) return []
  // Numbers alone are sorted natively, ten times as fast as by a function.
  const limit = Float64Array.from(rows, (row) => since[row] ?? 0).sort()[most - 1] ?? 0
  const before = rows.filter((row) => (since[row] ?? 0) < limit)
  const at = rows.filter((row) => since[row] === limit)
  return [...before, ...at.slice(0, most - before.length)]
}
