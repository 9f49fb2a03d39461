interface Timed {
  readonly at: number
}

/** The index of the first that is later than `at`, in a list in order of time. */
export function after(list: readonly Timed[], at: number): number {
  let low = 0
  let high = list.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((list[middle]?.at ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low
}

/** Those from `from` to `to`, both included: a night has a hundred thousand events, an incident some hundred. */
export function between<T extends Timed>(list: readonly T[], from: number, to: number): T[] {
  const end = after(list, to)
  let begin = after(list, from)
  while (begin > 0 && list[begin - 1]?.at === from) begin--
  return list.slice(begin, end)
}

/** The last one up to `at`. */
export function lastUntil<T extends Timed>(list: readonly T[], at: number): T | undefined {
  return list[after(list, at) - 1]
}
