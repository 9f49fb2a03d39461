import { numberIn } from './told.ts'

/** A server of today has 550 of them. */
const mostNumbers = 1_500

export interface NumbersOptions {
  /** Keep what is told for each name below ZooKeeper's root (`avg_brokers_read_per_namespace`). */
  readonly perNamespace: boolean
}

/** What a server tells in numbers, by its key without `zk_`: the first `mostNumbers`, and how many more there were. */
export function gatherNumbers(
  pairs: Iterable<readonly [string, string]>,
  { perNamespace }: NumbersOptions,
): { readonly numbers: ReadonlyMap<string, number>; readonly omitted: number } {
  const numbers = new Map<string, number>()
  let omitted = 0
  for (const [key, text] of pairs) {
    if (!perNamespace && key.endsWith('_per_namespace')) continue
    const value = numberIn(text)
    if (value === undefined || key === '') continue
    if (numbers.size < mostNumbers || numbers.has(key)) numbers.set(key, value)
    else omitted++
  }
  return { numbers, omitted }
}
