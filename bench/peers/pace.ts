import { setTimeout as sleep } from 'node:timers/promises'
import { sampleOf } from './looks.ts'
import { useOf } from './proc.ts'
import { scrape } from './scrape.ts'
import type { Watched } from './watched.ts'

/** What the pace of our sources costs by itself, hardly scraped. */
export interface PaceCost {
  readonly topologyLooksPerMinute: number
  readonly cpuShare: number
}

/** Looks a minute: 12 when calm, one more by chance in a short watch; 120 at alert pace. */
const calmAtMost = 25
const lookMs = 6_000

export async function paceCost(ours: Watched, seconds: number): Promise<PaceCost> {
  const before = await looksUpToNow(ours)
  const startedAt = performance.now()
  const use = useOf(ours.pid)
  await sleep(seconds * 1_000)
  const cpuSeconds = useOf(ours.pid).cpuSeconds - use.cpuSeconds
  const tookMs = performance.now() - startedAt
  const looks = (await looksUpToNow(ours)) - before
  return { topologyLooksPerMinute: (looks * 60_000) / tookMs, cpuShare: (cpuSeconds * 1_000) / tookMs }
}

/** Calm begins 60 s after the last change. Rejects when it does not come. */
export async function untilCalm(ours: Watched, deadlineMs: number): Promise<void> {
  const end = performance.now() + deadlineMs
  while ((await paceCost(ours, lookMs / 1_000)).topologyLooksPerMinute > calmAtMost) {
    if (performance.now() > end) throw new Error(`ours was not calm within ${deadlineMs / 1_000} s`)
  }
}

/** By its requests: one Metadata a look. */
async function looksUpToNow(ours: Watched): Promise<number> {
  const { answer, error } = await scrape(ours.url)
  const sample = answer && sampleOf(answer.metrics, 'topology')
  if (sample === undefined) throw new Error(`ours does not tell its requests: ${error ?? 'no such series'}`)
  return sample.sent
}
