import { setTimeout as sleep } from 'node:timers/promises'
import { useOf, type Use } from './proc.ts'
import { scrape, type Scrape } from './scrape.ts'
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
  readonly end: Use
}

/** Scrapes the exporters one after the other, `rounds` times, a round every `everyMs` or as soon as the last has ended. */
export async function runPhase(
  exporters: readonly Watched[],
  rounds: number,
  everyMs: number,
): Promise<readonly Course[]> {
  const startedAt = performance.now()
  const running = exporters.map((exporter) => new Running(exporter))
  for (let round = 1; round <= rounds; round++) {
    for (const one of running) await one.scrape()
    await sleep(Math.max(0, startedAt + round * everyMs - performance.now()))
  }
  return running.map((one) => one.course())
}

class Running {
  readonly #exporter: Watched
  readonly #startedAt = performance.now()
  readonly #before: Use
  readonly #scrapes: Scrape[] = []
  #cpu = 0

  constructor(exporter: Watched) {
    this.#exporter = exporter
    this.#before = useOf(exporter.pid)
  }

  async scrape(): Promise<void> {
    const { pid, url } = this.#exporter
    const before = useOf(pid)
    this.#scrapes.push(await scrape(url))
    this.#cpu += useOf(pid).cpuSeconds - before.cpuSeconds
  }

  course(): Course {
    const end = useOf(this.#exporter.pid)
    return {
      name: this.#exporter.name,
      scrapes: this.#scrapes,
      seconds: (performance.now() - this.#startedAt) / 1_000,
      cpuSeconds: end.cpuSeconds - this.#before.cpuSeconds,
      scrapeCpuSeconds: this.#cpu,
      end,
    }
  }
}
