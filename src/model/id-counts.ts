/** Ids below this are counted in an array: there may be half a million of them, and no cluster has this many brokers. */
const tableSize = 4_096

/** How often each id occurs, ascending by id up to the table's size. */
export function countIds(ids: Int32Array): ReadonlyMap<number, number> {
  const table = new Int32Array(tableSize)
  const rest = new Map<number, number>()
  for (const id of ids) {
    if (id >= 0 && id < tableSize) table[id] = (table[id] ?? 0) + 1
    else rest.set(id, (rest.get(id) ?? 0) + 1)
  }
  const counts = new Map<number, number>()
  table.forEach((count, id) => count > 0 && counts.set(id, count))
  for (const [id, count] of rest) counts.set(id, count)
  return counts
}
