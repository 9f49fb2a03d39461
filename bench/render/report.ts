import type { Reading } from './measured.ts'
import type { Scrape } from './reader.ts'

/** The budgets are those of a machine with nothing else to do; `--check` grants this much more. */
const tolerance = 2
const budgets = { renderMs: 150, gapMs: 20, rssMb: 350, growth: 1.1 }
const mb = (bytes: number): number => bytes / 1e6

/** Collects figures, prints them as a table, and knows which budget was missed. */
export class Report {
  readonly #partitions: number
  readonly #lines: string[][] = [
    ['', 'scrapes', 'MB each', 'median ms', 'p99 ms', 'worst gap ms', 'own gap ms', 'peak RSS MB'],
  ]
  readonly #notes: string[] = []
  readonly #missed: string[] = []

  constructor(partitions: number) {
    this.#partitions = partitions
  }

  rendered(of: string, all: readonly { readonly ms: number; readonly longestPieceMs: number }[]): void {
    const times = all.map(({ ms }) => ms)
    const median = quantile(times, 0.5)
    this.#row(`${of}, rendering alone`, all.length, '', times, Math.max(...all.map((each) => each.longestPieceMs)))
    if (of === 'ours') this.#judge('rendering', median, budgets.renderMs, 'ms')
  }

  scraped(name: string, all: readonly Scrape[], { worstGapMs, worstOwnGapMs, peakRssBytes }: Reading): void {
    const whole = all.filter(({ status }) => status === 200)
    const refused = all.length - whole.length
    const sizes = new Set(whole.map(({ bytes }) => bytes))
    const size = mb(Math.max(...sizes)).toFixed(1)
    this.#row(
      name,
      whole.length,
      size,
      whole.map(({ ms }) => ms),
      worstGapMs,
      worstOwnGapMs,
      peakRssBytes,
    )
    if (refused > 0) this.#notes.push(`${name}: ${refused} were told to come again (503)`)
    if (name === 'prom-client') return
    this.#judge(`${name}: event-loop gap`, worstOwnGapMs, budgets.gapMs, 'ms')
    this.#judge(`${name}: RSS`, mb(peakRssBytes), budgets.rssMb, 'MB')
  }

  grew(scrapes: number, weights: readonly number[], peak: number): void {
    const first = weights[0] ?? 0
    const last = weights.at(-1) ?? 0
    const told = weights.map((bytes) => mb(bytes).toFixed(0)).join(' ')
    this.#notes.push(`RSS at each tenth of ${scrapes} scrapes, gzip: ${told} MB; peak ${mb(peak).toFixed(0)} MB`)
    this.#judge('growth', last / first, budgets.growth, 'times')
    this.#judge('RSS over time', mb(peak), budgets.rssMb, 'MB')
  }

  print(): void {
    const widths = (this.#lines[0] ?? []).map((_, i) => Math.max(...this.#lines.map((line) => line[i]?.length ?? 0)))
    console.log(`/metrics of ${this.#partitions} partitions`)
    for (const line of this.#lines) {
      console.log(
        line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
      )
    }
    for (const note of this.#notes) console.log(note)
    for (const missed of this.#missed) console.log(`missed: ${missed}`)
  }

  missed(): readonly string[] {
    return this.#missed
  }

  #row(
    name: string,
    count: number,
    size: string,
    times: readonly number[],
    gap: number,
    ownGap = Number.NaN,
    rss = Number.NaN,
  ): void {
    const [median, p99] = [quantile(times, 0.5).toFixed(0), quantile(times, 0.99).toFixed(0)]
    const told = [gap.toFixed(1), ownGap.toFixed(1), mb(rss).toFixed(0)].map((cell) => (cell === 'NaN' ? '' : cell))
    this.#lines.push([name, String(count), size, median, p99, ...told])
  }

  #judge(what: string, value: number, budget: number, unit: string): void {
    if (value > budget * tolerance) this.#missed.push(`${what}: ${value.toFixed(1)} ${unit}, budget ${budget}`)
  }
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN
}
