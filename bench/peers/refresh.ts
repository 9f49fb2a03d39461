import { setTimeout as sleep } from 'node:timers/promises'
import { looksIn, refreshSpread, requestsPerLook, sampleOf, type SourceName, type SourceSample } from './looks.ts'
import { scrape } from './scrape.ts'
import type { Spread } from './statistics.ts'

/** Ours between two scrapes, seen from many scrapes. */
export interface Refreshes {
  readonly time: Spread | undefined
  /** A look each. */
  readonly topologyRequests: number | undefined
  readonly offsetsRequests: number | undefined
  /** Every broker once: liveness takes two looks for that. */
  readonly probes: number | undefined
}

const everyMs = 200
const turnsOfLiveness = 2
const scrapeDeadlineMs = 5_000

/** Watches until `wanted` refreshes were seen, at most `deadlineMs`. The pace does not matter: a look is a look. */
export async function watchRefreshes(url: string, wanted: number, deadlineMs: number): Promise<Refreshes> {
  const samples: Record<SourceName, SourceSample[]> = { topology: [], offsets: [], liveness: [] }
  const end = performance.now() + deadlineMs
  while (looksIn(samples.offsets).length < wanted && performance.now() < end) {
    const { answer } = await scrape(url, scrapeDeadlineMs)
    for (const source of ['topology', 'offsets', 'liveness'] as const) {
      const sample = answer && sampleOf(answer.metrics, source)
      if (sample !== undefined) samples[source].push(sample)
    }
    await sleep(everyMs)
  }
  const topology = looksIn(samples.topology)
  const offsets = looksIn(samples.offsets)
  return {
    time: refreshSpread(topology, offsets),
    topologyRequests: requestsPerLook(topology),
    offsetsRequests: requestsPerLook(offsets),
    probes: requestsPerLook(looksIn(samples.liveness), turnsOfLiveness),
  }
}
