/** One drill under way: samplers in, moments out to every watch, and the timeline of it all. */
import type { Cluster } from '../types.ts'
import { BoundWatch, HoldWatch } from './bound.ts'
import { CounterWatch } from './counters.ts'
import { InventedWatch } from './invented.ts'
import { KafkaSays } from './kafka-says.ts'
import { LeaderWatch } from './leaders.ts'
import { metricChanges } from './metric-changes.ts'
import { Metrics } from './metrics.ts'
import type { ActRecord, Check, Moment, Silence } from './moment.ts'
import { rules, RuleWatch } from './rules.ts'
import type { Scenario } from './scenario.ts'
import { Scraper, type Scrape } from './scraper.ts'
import { ScrapeWatch } from './scrapes.ts'
import { steadyRules } from './steady.ts'
import type { Column, Row } from './timeline.ts'
import { TruthKeeper } from './truth-keeper.ts'
import { TruthSampler, type Answer } from './truth-sampler.ts'
import type { Truth, UnitState } from './truth.ts'
import { Writers } from './writers.ts'
import { longest } from './writing.ts'

/** The exporter's alert pace, twice, and a look. */
const STEADY_S = 2

interface Watch {
  step(moment: Moment): void
}

export class Session {
  readonly keeper: TruthKeeper
  readonly names = new Map<string, number>()
  readonly rows: Row[] = []
  readonly samplers: ReadonlyMap<number, TruthSampler>
  readonly writers = new Writers()
  readonly #began = performance.now()
  readonly #silences: Silence[] = []
  readonly #acts = new Map<string, ActRecord>()
  readonly #says = new KafkaSays()
  readonly #print: (row: Row) => void
  readonly #scrapes = new ScrapeWatch()
  readonly #leaders: LeaderWatch
  readonly #counters = new CounterWatch()
  readonly #invented = new InventedWatch()
  readonly #rules: readonly RuleWatch[]
  readonly #bounds: readonly (BoundWatch | HoldWatch)[]
  readonly #watches: readonly Watch[]
  #scraper: Scraper | undefined
  #metrics: Metrics | undefined
  #lastGood: Metrics | undefined

  constructor(scenario: Scenario, cluster: Cluster, print: (row: Row) => void) {
    this.#print = print
    const addresses = cluster.brokers.map(({ id, host, port }) => ({ id, address: `${host}:${port}` }))
    const stateOf = (unit: string): UnitState => (cluster.isRunning(unit as `kafka${number}`) ? 'up' : 'stopped')
    this.keeper = new TruthKeeper(
      addresses,
      cluster.zookeepers.map(({ id }) => id),
      stateOf,
    )
    this.samplers = new Map(
      cluster.brokers.map((broker) => [broker.id, new TruthSampler(broker, (answer) => this.#hearAnswer(answer))]),
    )
    const { leaderWithinS = 1 } = scenario
    this.#leaders = new LeaderWatch(leaderWithinS)
    this.#rules = [...rules(), ...steadyRules(Math.max(leaderWithinS, STEADY_S))].map((rule) => new RuleWatch(rule))
    this.#bounds = [
      ...scenario.bounds.map((bound) => new BoundWatch(bound)),
      ...(scenario.holds ?? []).map((hold) => new HoldWatch(hold)),
    ]
    this.#watches = [this.#scrapes, this.#leaders, this.#counters, this.#invented, ...this.#rules, ...this.#bounds]
  }

  start(): void {
    for (const sampler of this.samplers.values()) sampler.start()
  }

  stop(): void {
    for (const sampler of this.samplers.values()) sampler.stop()
    this.#scraper?.stop()
  }

  get now(): number {
    return performance.now() - this.#began
  }

  get truth(): Truth {
    return this.keeper.truth
  }

  get scraping(): boolean {
    return this.#scraper !== undefined
  }

  get moment(): Moment {
    return this.#momentAt(this.now, 'truth')
  }

  scrape(url: string): void {
    this.#scraper = new Scraper(url, (scrape) => this.#hearScrape(scrape))
    this.#scraper.start()
  }

  /** From here on bounds may count seconds from it. */
  actBegins(name: string, text = name): void {
    this.#acts.set(name, { startedAt: this.now, endedAt: undefined, metrics: this.#lastGood })
    this.say('act', text)
  }

  actEnds(name: string): void {
    const begun = this.#acts.get(name) ?? { startedAt: this.now, endedAt: undefined, metrics: this.#lastGood }
    this.#acts.set(name, { ...begun, endedAt: this.now })
    if (this.now - begun.startedAt > 500) this.say('act', `${name}: done`)
  }

  say(column: Column, text: string, at = this.now): void {
    const row = { at, column, text }
    this.rows.push(row)
    this.#print(row)
  }

  /** What every watch has found; without an exporter there is nothing to judge. */
  checks(): Check[] {
    if (!this.scraping) return []
    const watched = [...this.#bounds, ...this.#rules].map((watch) => watch.check())
    return [
      ...watched,
      ...this.#leaders.checks(),
      this.#invented.check(),
      this.#counters.check(),
      ...this.#scrapes.checks(),
    ]
  }

  #hearAnswer({ broker, at: absolute, view, error }: Answer): void {
    const at = absolute - this.#began
    const lines = view === undefined ? this.#says.silent(broker, error ?? '') : this.#says.answer(broker, view, at)
    if (view === undefined) {
      if (this.truth.states.get(broker) === 'up') this.#silences.push({ broker, at, error: error ?? '' })
      this.keeper.silent(broker)
    } else this.keeper.answer(broker, view, at)
    for (const line of lines) this.say('kafka', line, at)
    this.#step(this.#momentAt(at, 'truth'))
  }

  #hearScrape(scrape: Scrape): void {
    const at = scrape.at - this.#began
    // Until it has answered once it is starting.
    if (scrape.exposition === undefined && this.#lastGood === undefined) return
    this.#scrapes.hear(scrape, at)
    this.#metrics = scrape.exposition === undefined ? undefined : new Metrics(scrape.exposition)
    if (this.#metrics === undefined) this.say('metrics', `SCRAPE FAILED: ${scrape.error ?? ''}`, at)
    else {
      for (const line of metricChanges(this.#lastGood, this.#metrics)) this.say('metrics', line, at)
      this.#lastGood = this.#metrics
    }
    this.#step(this.#momentAt(at, 'scrape'))
  }

  #momentAt(at: number, cause: Moment['cause']): Moment {
    const { truth, names } = this
    const known = { metrics: this.#metrics, acts: this.#acts, writes: this.writers.writes, silences: this.#silences }
    return { at, cause, truth, names, ...known }
  }

  #step(moment: Moment): void {
    for (const watch of this.#watches) watch.step(moment)
  }

  async startWriters(bootstrap: readonly string[], partitions: readonly string[]): Promise<void> {
    this.actBegins('writes', `acks=all writes to ${partitions.join(', ')}`)
    await this.writers.start(bootstrap, partitions, () => this.now)
    this.actEnds('writes')
  }

  async stopWriters(): Promise<void> {
    this.actBegins('writes end')
    await this.writers.stop()
    this.say('act', longest(this.writers.writes, this.now))
  }

  /** The unit's broker is dead: whatever it is still asked, the answer no longer counts. */
  forgetBroker(broker: number): void {
    this.samplers.get(broker)?.stop()
    this.#says.forget(broker)
  }
}
