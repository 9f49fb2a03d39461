/** The drill's own eyes on the logs: from before the exporter starts until it has caught up with the last line. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Cluster } from '../../types.ts'
import { parseExposition } from '../exposition.ts'
import { Metrics } from '../metrics.ts'
import type { Check, Moment } from '../moment.ts'
import { SCRAPE_DEADLINE_MS } from '../scraper.ts'
import { Delays } from './delays.ts'
import { InLogsWatch, type InLogs } from './expected.ts'
import { logFilesOf } from '../../log-files.ts'
import { judge, type Judged } from './judge.ts'
import { shownEvents } from './shown.ts'
import { extentsOf, type Extents } from './written.ts'

/** For the exporter to read what was written last. */
const SETTLE_MS = 3000

export class LogWatch {
  readonly #files: readonly string[]
  readonly #expected: readonly InLogsWatch[]
  readonly #delays = new Delays()
  #before: Extents | undefined
  #after: Extents | undefined

  constructor(cluster: Cluster, expected: readonly InLogs[], sessionTimeoutMs: number) {
    const { kafka, zookeeper } = logFilesOf(cluster)
    this.#files = [...kafka, ...zookeeper]
    this.#expected = expected
      .filter(({ only }) => only === undefined || only === cluster.mode)
      .map((one) => new InLogsWatch(one, sessionTimeoutMs))
  }

  /** Before the exporter is started. */
  begin(): void {
    this.#before = extentsOf(this.#files)
  }

  step(moment: Moment): void {
    const { cause, metrics, unix } = moment
    for (const one of this.#expected) one.step(moment)
    if (cause !== 'scrape' || metrics === undefined) return
    if (this.#after === undefined && this.#isRead(metrics)) this.#after = extentsOf(this.#files)
    this.#delays.hear(shownEvents(metrics), unix * 1000)
  }

  #isRead(metrics: Metrics): boolean {
    return this.#files.every((file) => metrics.value('kafka_ha_log_file_up', { file }) === 1)
  }

  /** At the drill's end, when only the cluster itself may still write: at the first moment in which it does not. */
  async end(url: string): Promise<readonly Check[]> {
    const checks = this.#expected.flatMap((one) => one.checks())
    const { judged, why } = await this.#settled(url)
    if (judged === undefined) return [...checks, { kind: 'logs', name: 'the logs are read', ok: false, detail: why }]
    return [...checks, ...judged.checks, this.#delays.check(judged.written)]
  }

  async #settled(url: string): Promise<{ readonly judged?: Judged; readonly why: string }> {
    const [before, after] = [this.#before, this.#after]
    if (before === undefined || after === undefined) return { why: 'the exporter has never had all files open' }
    const end = performance.now() + SETTLE_MS
    let judged: Judged | undefined
    while (performance.now() < end) {
      const extents = extentsOf(this.#files)
      const metrics = await scrape(url)
      if (metrics !== undefined && isSame(extents, extentsOf(this.#files))) {
        judged = judge(metrics, { before, after }, extents)
        if (judged.checks.every(({ ok }) => ok)) break
      }
      await sleep(50)
    }
    return judged === undefined ? { why: `they did not stand still for ${SETTLE_MS / 1000} s` } : { judged, why: '' }
  }
}

async function scrape(url: string): Promise<Metrics | undefined> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(SCRAPE_DEADLINE_MS) })
    return new Metrics(parseExposition(await answer.text()))
  } catch {
    return undefined
  }
}

function isSame(one: Extents, other: Extents): boolean {
  return [...one].every(([file, { bytes }]) => other.get(file)?.bytes === bytes)
}
