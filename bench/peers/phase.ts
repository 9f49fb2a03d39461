import { setTimeout as sleep } from 'node:timers/promises'
import { useOf, type Use } from './proc.ts'
import { scrape, type Scrape } from './scrape.ts'
import { segmentsBetween, segmentsOf } from './segments.ts'
import type { Watched } from './watched.ts'

/** What one exporter did in one phase. */
export interface Course {
  readonly name: string
  readonly scrapes: readonly Scrape[]
  /** Of the whole phase, between scrapes too. */
  readonly seconds: number
  readonly cpuSeconds: number
  /** While it was being scraped. */
  readonly scrapeCpuSeconds: number
  /** Packets to the brokers while it was being scraped, the least; undefined without `ss`. */
  readonly scrapeSegments: number | undefined
  readonly end: Use
}

/** Scrapes the exporters one after the other, `rounds` times, a round every `everyMs` or as soon as the last has ended. */
export async function runPhase(
  exporters: readonly Watched[],
  ports: ReadonlySet<number>,
  rounds: number,
  everyMs: number,
): Promise<readonly Course[]> {
  const startedAt = performance.now()
  const running = exporters.map((exporter) => new Running(exporter, ports))
  for (let round = 1; round <= rounds; round++) {
    for (const one of running) await one.scrape()
    await sleep(Math.max(0, startedAt + round * everyMs - performance.now()))
  }
  return running.map((one) => one.course())
}

class Running {
  readonly #exporter: Watched
  readonly #ports: ReadonlySet<number>
  readonly #startedAt = performance.now()
  readonly #before: Use
  readonly #scrapes: Scrape[] = []
  #cpu = 0
  #segments: number | undefined = 0

  constructor(exporter: Watched, ports: ReadonlySet<number>) {
    this.#exporter = exporter
    this.#ports = ports
    this.#before = useOf(exporter.pid)
  }

  async scrape(): Promise<void> {
    const { pid, url } = this.#exporter
    const sent = await segmentsOf(pid, this.#ports)
    const before = useOf(pid)
    this.#scrapes.push(await scrape(url))
    this.#cpu += useOf(pid).cpuSeconds - before.cpuSeconds
    const sentNow = await segmentsOf(pid, this.#ports)
    const known = sent !== undefined && sentNow !== undefined && this.#segments !== undefined
    this.#segments = known ? (this.#segments ?? 0) + segmentsBetween(sent, sentNow) : undefined
  }

  course(): Course {
    const end = useOf(this.#exporter.pid)
    return {
      name: this.#exporter.name,
      scrapes: this.#scrapes,
      seconds: (performance.now() - this.#startedAt) / 1_000,
      cpuSeconds: end.cpuSeconds - this.#before.cpuSeconds,
      scrapeCpuSeconds: this.#cpu,
      scrapeSegments: this.#segments,
      end,
    }
  }
}
