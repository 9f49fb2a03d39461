/** A value and what it was computed from. */
export interface Memo<T> {
  readonly from: readonly unknown[]
  readonly value: T
}

/** The value as it is while its inputs are the same objects: most looks bring nothing new. */
export function memo<T>(before: Memo<T> | undefined, from: readonly unknown[], compute: () => T): Memo<T> {
  if (before !== undefined && from.every((input, i) => input === before.from[i])) return before
  return { from, value: compute() }
}
