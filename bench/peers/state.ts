import type { PaceCost } from './pace.ts'
import type { Course } from './phase.ts'
import type { Refreshes } from './refresh.ts'
import { spreadOf, type Spread } from './statistics.ts'

/** Everything measured in one state of the cluster. */
export interface StateFigures {
  readonly state: 'healthy' | 'outage'
  readonly partitions: number
  /** By Kafka's own word. */
  readonly leaderless: number
  readonly refreshes: Refreshes
  readonly alert: PaceCost
  readonly calm: PaceCost
  readonly ours: Figures
  readonly peer: Figures
  /** Of one scrape, at least; undefined where they cannot be counted. */
  readonly peerRequests: number | undefined
}

/** One exporter in one state. */
export interface Figures {
  readonly name: string
  readonly scrapeMs: Spread | undefined
  readonly errors: readonly string[]
  /** Of the last answer, as the three after it. */
  readonly bytes: number | undefined
  readonly series: number | undefined
  readonly leaderSeries: number | undefined
  readonly namedLeaders: number | undefined
  readonly cpuMsPerScrape: number
  readonly cpuSecondsPerMinute: number
  readonly scrapesPerMinute: number
  readonly rssBytes: number
  readonly peakBytes: number
}

export function figuresOf(course: Course): Figures {
  const { name, scrapes, seconds, cpuSeconds, scrapeCpuSeconds, end } = course
  const answer = scrapes.findLast((one) => one.answer !== undefined)?.answer
  return {
    name,
    scrapeMs: spreadOf(scrapes.map(({ tookMs }) => tookMs)),
    errors: scrapes.flatMap(({ error }) => error ?? []),
    bytes: answer?.bytes,
    series: answer?.series,
    leaderSeries: answer?.leaderSeries,
    namedLeaders: answer?.namedLeaders,
    cpuMsPerScrape: (scrapeCpuSeconds * 1_000) / scrapes.length,
    cpuSecondsPerMinute: (cpuSeconds * 60) / seconds,
    scrapesPerMinute: (scrapes.length * 60) / seconds,
    rssBytes: end.rssBytes,
    peakBytes: end.peakBytes,
  }
}
