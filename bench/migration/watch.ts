import { setTimeout as sleep } from 'node:timers/promises'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { Metrics } from '../../testbed/drills/metrics.ts'

const everyMs = 200
/** What an act changes is shown by then. */
const settlingMs = 5_000

/** What is shown all along, and what of it must never be. */
export class MigrationWatch {
  readonly problems: string[] = []
  /** Kinds of quorum that may not be lost once they have been shown as available. */
  readonly #needed = new Set(['zookeeper', 'kraft'])
  readonly #formed = new Set<string>()
  readonly #scrape: () => Promise<string>
  readonly #said = new Set<string>()
  readonly #began = performance.now()
  #last: Metrics | undefined
  #changes: number | undefined
  #isOver = false
  #act: { readonly name: string; changes: number; doneAt: number } = { name: 'the start', changes: 0, doneAt: 0 }

  constructor(scrape: () => Promise<string>) {
    this.#scrape = scrape
  }

  async run(): Promise<void> {
    try {
      while (!this.#isOver) {
        const metrics = new Metrics(parseExposition(await this.#scrape()))
        this.#hear(metrics)
        this.#last = metrics
        await sleep(everyMs)
      }
    } finally {
      this.#isOver = true
    }
  }

  end(): void {
    this.#isOver = true
  }

  say(text: string): void {
    console.log(`+${((performance.now() - this.#began) / 1000).toFixed(1).padStart(5)} s  ${text}`)
  }

  /** The quorum of that kind is taken away: from here on it may be lost. */
  mayLose(kind: string): void {
    this.#needed.delete(kind)
  }

  /** An act that may move the controller: twice at most, and not once it is long over. */
  async act(name: string, act: () => Promise<unknown>): Promise<void> {
    this.say(name)
    this.#act = { name, changes: 0, doneAt: Infinity }
    await act()
    this.#act.doneAt = performance.now()
  }

  /** Until all of it is shown at once. */
  async until(name: string, wanted: Readonly<Record<string, number | undefined>>, deadlineMs = 60_000): Promise<void> {
    const deadline = performance.now() + deadlineMs
    const missing = (): string[] =>
      Object.entries(wanted).flatMap(([series, value]) => {
        const shown = this.#last && valueOf(this.#last, series)
        return shown === value ? [] : [`${series} is ${shown ?? 'absent'}, expected ${value ?? 'absent'}`]
      })
    while (this.#last === undefined || missing().length > 0) {
      if (this.#isOver) throw new Error('the exporter is not scraped any more')
      if (performance.now() > deadline) {
        for (const problem of missing()) this.#problem(`${name}: ${problem}`)
        return
      }
      await sleep(everyMs / 2)
    }
    this.say(`${name}: shown`)
  }

  value(series: string): number | undefined {
    return this.#last && valueOf(this.#last, series)
  }

  #hear(metrics: Metrics): void {
    for (const kind of this.#needed) {
      const available = metrics.value('kafka_ha_quorum_available', { kind })
      if (available === 1) this.#formed.add(kind)
      if (available === 0 && this.#formed.has(kind))
        this.#problem(`a lost quorum of ${kind} during "${this.#act.name}"`)
    }
    const leaderless = metrics.value('kafka_ha_leaderless_partitions', {}) ?? 0
    if (leaderless > 0) this.#problem(`${leaderless} leaderless partitions during "${this.#act.name}"`)
    this.#controller(metrics)
  }

  /** With the new quorum taking over while a broker that was the controller restarts it may move twice. */
  #controller(metrics: Metrics): void {
    const count = metrics.value('kafka_ha_controller_changes_total', {})
    if (count === undefined) return
    const changes = count - (this.#changes ?? count)
    this.#changes = count
    if (changes === 0) return
    this.say(`controller ${metrics.value('kafka_ha_controller_id', {}) ?? 'absent'}, changes ${count}`)
    this.#act.changes += changes
    if (this.#act.changes > 2)
      this.#problem(`the controller changed ${this.#act.changes} times during "${this.#act.name}"`)
    if (performance.now() - this.#act.doneAt > settlingMs)
      this.#problem(`the controller changed long after "${this.#act.name}"`)
  }

  #problem(text: string): void {
    if (this.#said.has(text)) return
    this.#said.add(text)
    this.problems.push(text)
    this.say(`NOT OK  ${text}`)
  }
}

/** The sum of every series that the selector names; undefined where there is none. */
function valueOf(metrics: Metrics, selector: string): number | undefined {
  const [name = '', rest = ''] = selector.split('{')
  const labels = Object.fromEntries(
    [...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', value = '']) => [key, value]),
  )
  const found = metrics.all(name, labels)
  return found.length === 0 ? undefined : found.reduce((sum, { value }) => sum + value, 0)
}
