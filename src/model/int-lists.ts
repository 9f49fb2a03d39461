/**
 * One list of integers a row, in compressed sparse rows: row r is `values[starts[r] .. starts[r + 1])`. Replica lists
 * of 100,000 partitions cost two typed arrays instead of 100,000 objects.
 */
export interface IntLists {
  readonly starts: Int32Array
  readonly values: Int32Array
}

export function listLength(lists: IntLists, row: number): number {
  return (lists.starts[row + 1] ?? 0) - (lists.starts[row] ?? 0)
}

export function listHas(lists: IntLists, row: number, value: number): boolean {
  const end = lists.starts[row + 1] ?? 0
  for (let i = lists.starts[row] ?? 0; i < end; i++) if (lists.values[i] === value) return true
  return false
}

export function listOf(lists: IntLists, row: number): Int32Array {
  return lists.values.subarray(lists.starts[row], lists.starts[row + 1])
}

/** From plain rows: for tests, and everything that is not the hot path. */
export function intLists(rows: readonly (readonly number[] | Int32Array)[]): IntLists {
  const starts = new Int32Array(rows.length + 1)
  rows.forEach((row, i) => (starts[i + 1] = (starts[i] ?? 0) + row.length))
  const values = new Int32Array(starts[rows.length] ?? 0)
  rows.forEach((row, i) => values.set(row, starts[i]))
  return { starts, values }
}

/** Row r is row `rows[r]` of the `from[r]`th of several lists. */
export function pickLists(lists: readonly IntLists[], from: Int32Array, rows: Int32Array): IntLists {
  const starts = new Int32Array(rows.length + 1)
  for (let i = 0; i < rows.length; i++) {
    const picked = lists[from[i] ?? 0]
    starts[i + 1] = (starts[i] ?? 0) + (picked === undefined ? 0 : listLength(picked, rows[i] ?? 0))
  }
  const values = new Int32Array(starts[rows.length] ?? 0)
  for (let i = 0; i < rows.length; i++) {
    const picked = lists[from[i] ?? 0]
    let at = picked?.starts[rows[i] ?? 0] ?? 0
    const end = starts[i + 1] ?? 0
    for (let to = starts[i] ?? 0; to < end; to++) values[to] = picked?.values[at++] ?? 0
  }
  return { starts, values }
}

export function sameInts(a: Int32Array, b: Int32Array): boolean {
  if (a === b) return true
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
