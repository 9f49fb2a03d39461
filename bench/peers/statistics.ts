export interface Spread {
  readonly count: number
  readonly min: number
  readonly median: number
  readonly max: number
}

/** undefined without values: nothing was measured. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? NaN
  const half = sorted.length >> 1
  if (sorted.length === 0) return undefined
  const median = sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2
  return { count: sorted.length, min: at(0), median, max: at(sorted.length - 1) }
}

export function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

/** `12 / 15 / 31 ms`, or in seconds as soon as one of them has a whole one. */
export function formatSpread(spread: Spread | undefined): string {
  if (spread === undefined) return '-'
  const { min, median, max } = spread
  const inSeconds = max >= 1_000
  const texts = [min, median, max].map((ms) => (inSeconds ? (ms / 1_000).toFixed(2) : ms.toFixed(ms < 10 ? 1 : 0)))
  return `${texts.join(' / ')} ${inSeconds ? 's' : 'ms'}`
}
