import type { Reading, Rendering } from './measured.ts'
import type { Scrape } from './reader.ts'

/**
 * For 800,000 series on a machine with nothing else to do; `granted` is what `--check` lets pass. Of gaps the busy ones count.
 */
const budgets = {
  renderMs: { budget: 150, granted: 300 },
  gapMs: { budget: 20, granted: 40 },
  rssMb: { budget: 350, granted: 400 },
  growth: { budget: 1, granted: 1.15 },
} as const

const mb = (bytes: number): number => bytes / 1e6
const unknown = Number.NaN
const columns = ['', 'pages', 'MB each', 'median ms', 'p99 ms', 'worst gap ms', 'of it busy ms', 'peak RSS MB']

/** Collects figures, prints them as a table, and knows which budget was missed. */
export class Report {
  readonly #title: string
  readonly #lines: string[][] = [columns]
  readonly #notes: string[] = []
  readonly #missed: string[] = []
  readonly #median = new Map<string, number>()

  constructor(partitions: number, series: number) {
    this.#title = `/metrics of ${partitions} partitions: ${series} series of the exporter's own families`
  }

  rendered(of: string, all: readonly Rendering[]): void {
    const times = all.map(({ ms }) => ms)
    const bytes = Math.max(...all.map((each) => each.bytes))
    this.#row(`${of}, rendering alone`, times, bytes, Math.max(...all.map((each) => each.longestPieceMs)))
    if (of === 'ours') this.#judge('rendering, ms', quantile(times, 0.5), 'renderMs')
  }

  scraped(name: string, all: readonly Scrape[], { worstGapMs, worstBusyMs, peakRssBytes }: Reading): void {
    const whole = all.filter(({ status }) => status === 200)
    const times = whole.map(({ ms }) => ms)
    const bytes = whole.map((each) => each.bytes)
    this.#row(name, times, Math.max(...bytes), worstGapMs, worstBusyMs, peakRssBytes)
    if (whole.length < all.length) this.#notes.push(`${name}: ${all.length - whole.length} got a 503`)
    if (name === 'prom-client') return
    // The process metrics differ by some bytes; a page cut short would by megabytes.
    if (Math.max(...bytes) - Math.min(...bytes) > 100_000) this.#missed.push(`${name}: pages of different sizes`)
    this.#judge(`${name}: event loop busy at a stretch, ms`, worstBusyMs, 'gapMs')
    this.#judge(`${name}: RSS, MB`, mb(peakRssBytes), 'rssMb')
  }

  /** `weights`: RSS after a garbage collection at each tenth of the scrapes. */
  grew(all: readonly Scrape[], weights: readonly number[], peakRssBytes: number): void {
    const times = all.map(({ ms }) => ms)
    this.#row(
      'gzip, cluster moving on',
      times,
      Math.max(...all.map(({ bytes }) => bytes)),
      unknown,
      unknown,
      peakRssBytes,
    )
    const half = Math.floor(weights.length / 2)
    const growth = quantile(weights.slice(half), 0.5) / quantile(weights.slice(0, half), 0.5)
    const told = weights.map((bytes) => mb(bytes).toFixed(0)).join(' ')
    this.#notes.push(
      `RSS at each tenth of ${all.length} scrapes: ${told} MB; second half to first ${growth.toFixed(3)}`,
    )
    this.#judge('growth of RSS', growth, 'growth')
    this.#judge('RSS while the cluster moves on, MB', mb(peakRssBytes), 'rssMb')
  }

  print(): void {
    const widths = columns.map((_, i) => Math.max(...this.#lines.map((line) => line[i]?.length ?? 0)))
    const padded = (cell: string, i: number): string =>
      i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0)
    console.log(this.#title)
    for (const line of this.#lines) console.log(line.map(padded).join('  '))
    for (const note of this.#notes) console.log(note)
    const [ours = unknown, theirs = unknown] = ['plain', 'prom-client'].map((name) => this.#median.get(name) ?? unknown)
    if (!Number.isNaN(theirs)) console.log(`prom-client takes ${(theirs / ours).toFixed(1)} times as long`)
    for (const missed of this.#missed) console.log(`missed: ${missed}`)
  }

  get missed(): readonly string[] {
    return this.#missed
  }

  #row(name: string, times: readonly number[], bytes: number, gap: number, busy = unknown, rss = unknown): void {
    const median = quantile(times, 0.5)
    this.#median.set(name, median)
    const figures = [median, quantile(times, 0.99)].map((ms) => ms.toFixed(0))
    const rest = [gap.toFixed(1), busy.toFixed(1), mb(rss).toFixed(0)].map((cell) => (cell === 'NaN' ? '' : cell))
    this.#lines.push([name, String(times.length), mb(bytes).toFixed(1), ...figures, ...rest])
  }

  #judge(what: string, value: number, by: keyof typeof budgets): void {
    const { budget, granted } = budgets[by]
    if (value > granted) this.#missed.push(`${what}: ${value.toFixed(2)}, budget ${budget}, granted ${granted}`)
  }
}

function quantile(values: readonly number[], q: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? unknown
}
