/** One drill under way: samplers in, moments out to every watch, and the timeline of it all. */
import type { Cluster, Role } from '../types.ts'
import { ControllersWatch } from './coordinators/controllers-watch.ts'
import { EnsembleWatch } from './coordinators/ensemble-watch.ts'
import type { EnsembleTruth } from './coordinators/ensemble.ts'
import { votersOf } from './coordinators/voters.ts'
import type { CoordinatorWatch, Tell } from './coordinators/watch.ts'
import type { Whitelist } from './coordinators/zookeeper-sampler.ts'
import { KafkaSays } from './kafka-says.ts'
import { logChanges } from './logs/shown.ts'
import { LogWatch } from './logs/watch.ts'
import { metricChanges } from './metric-changes.ts'
import { Metrics } from './metrics.ts'
import type { ActRecord, Check, Moment, Silence } from './moment.ts'
import type { Sample, Sampler } from './sampler.ts'
import type { Scenario } from './scenario.ts'
import { Scraper, type Scrape } from './scraper.ts'
import { SideScraper } from './side-scraper.ts'
import type { Column, Row } from './timeline.ts'
import { TruthKeeper } from './truth-keeper.ts'
import { samplingOf, truthSampler } from './truth-sampler.ts'
import type { Truth, UnitState } from './truth.ts'
import type { BrokerView } from './view.ts'
import { Watches } from './watches.ts'
import { Writers } from './writers.ts'
import { longest } from './writing.ts'

export class Session {
  readonly keeper: TruthKeeper
  readonly names: Map<string, number | string>
  readonly rows: Row[] = []
  readonly #samplers: ReadonlyMap<number, Sampler<BrokerView>>
  readonly writers = new Writers()
  readonly logs: LogWatch
  readonly #began = performance.now()
  readonly #silences: Silence[] = []
  readonly #acts = new Map<string, ActRecord>()
  readonly #says = new KafkaSays()
  readonly #print: (row: Row) => void
  readonly #watches: Watches
  #ensemble: EnsembleWatch | undefined
  readonly #coordinators: ReadonlyMap<Role, CoordinatorWatch>
  readonly #sides = new Map<number, Metrics>()
  readonly #sideScrapers: SideScraper[] = []
  #scraper: Scraper | undefined
  #metrics: Metrics | undefined
  #lastGood: Metrics | undefined

  constructor(
    scenario: Scenario,
    cluster: Cluster,
    options: { print: (row: Row) => void; whitelist: Whitelist; sessionTimeoutMs: number },
  ) {
    this.#print = options.print
    this.names = new Map(cluster.zookeepers.map(({ id, host, port }) => [`zk${id}`, `${host}:${port}`]))
    const addresses = cluster.brokers.map(({ id, host, port }) => ({ id, address: `${host}:${port}` }))
    const stateOf = (unit: string): UnitState => (cluster.isRunning(unit as `kafka${number}`) ? 'up' : 'stopped')
    this.keeper = new TruthKeeper(
      addresses,
      cluster.zookeepers.map(({ id }) => id),
      stateOf,
      votersOf(cluster, scenario.exporterKnows !== 'brokers'),
    )
    const sampling = samplingOf(cluster)
    this.#samplers = new Map(
      cluster.brokers.map((broker) => {
        return [broker.id, truthSampler(broker, sampling, (sample) => this.#hearAnswer(broker.id, sample))]
      }),
    )
    this.#watches = new Watches(scenario)
    this.logs = new LogWatch(cluster, scenario.logs ?? [], options.sessionTimeoutMs)
    this.#coordinators = this.#watchOf(cluster, options.whitelist)
  }

  /** Under the role whose servers the members are: combined controllers are brokers. */
  #watchOf({ mode, roles, zookeepers, controllers }: Cluster, whitelist: Whitelist): Map<Role, CoordinatorWatch> {
    const tell = <One>(keep: (truth: One) => void): Tell<One> => ({
      truth: (truth, at) => {
        keep(truth)
        this.#step(this.#momentAt(at - this.#began, 'truth'))
      },
      say: (line, at) => this.say('kafka', line, at - this.#began),
    })
    if (mode === 'kraft') {
      const quorum = new ControllersWatch(
        controllers,
        tell((truth) => this.keeper.controllers(truth)),
      )
      return new Map([[roles.includes('controller') ? 'controller' : 'kafka', quorum]])
    }
    const ensemble = tell<EnsembleTruth>((truth) => this.keeper.ensemble(truth))
    this.#ensemble = new EnsembleWatch(zookeepers, whitelist, ensemble)
    return new Map([['zk', this.#ensemble]])
  }

  start(): void {
    for (const watch of [...this.#samplers.values(), ...this.#coordinators.values()]) watch.start()
  }

  stop(): void {
    for (const watch of [...this.#samplers.values(), ...this.#coordinators.values()]) watch.stop()
    for (const scraper of [this.#scraper, ...this.#sideScrapers]) scraper?.stop()
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

  /** An exporter inside a node's own network, which cannot be reached from here while the node is cut off. */
  scrapeSide(node: number, namespace: string, url: string): void {
    const scraper = new SideScraper(namespace, url, (scrape) => this.#hearSide(node, scrape))
    this.#sideScrapers.push(scraper)
    scraper.start()
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
    return this.#watches.checks()
  }

  #hearAnswer(broker: number, { at: absolute, words: view, error }: Sample<BrokerView>): void {
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
    this.#watches.hear(scrape, at)
    this.#metrics = scrape.exposition === undefined ? undefined : new Metrics(scrape.exposition)
    if (this.#metrics === undefined) this.say('metrics', `SCRAPE FAILED: ${scrape.error ?? ''}`, at)
    else {
      for (const line of metricChanges(this.#lastGood, this.#metrics)) this.say('metrics', line, at)
      for (const line of logChanges(this.#lastGood, this.#metrics)) this.say('metrics', line, at)
      this.#lastGood = this.#metrics
    }
    this.#step(this.#momentAt(at, 'scrape'))
  }

  #hearSide(node: number, scrape: Scrape): void {
    const at = scrape.at - this.#began
    const before = this.#sides.get(node)
    if (scrape.exposition === undefined) {
      if (before !== undefined) this.say('metrics', `in node ${node}: SCRAPE FAILED: ${scrape.error ?? ''}`, at)
      this.#sides.delete(node)
      return
    }
    const metrics = new Metrics(scrape.exposition)
    for (const line of metricChanges(before, metrics)) this.say('metrics', `in node ${node}: ${line}`, at)
    this.#sides.set(node, metrics)
    this.#step(this.#momentAt(at, 'side'))
  }

  #momentAt(at: number, cause: Moment['cause']): Moment {
    const { truth, names } = this
    const unix = (performance.timeOrigin + this.#began + at) / 1000
    const known = { metrics: this.#metrics, sides: this.#sides, acts: this.#acts }
    return { at, unix, cause, truth, names, ...known, writes: this.writers.writes, silences: this.#silences }
  }

  #step(moment: Moment): void {
    this.#watches.step(moment)
    this.logs.step(moment)
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

  /** Broker -> session, where no server's words tell it. */
  register(registrations: ReadonlyMap<number, string>): void {
    this.#ensemble?.register(registrations)
  }

  /** The unit is dead: whatever it is still asked, the answer no longer counts. */
  forget(role: Role, id: number): void {
    if (role === 'kafka') {
      this.#samplers.get(id)?.stop()
      this.#says.forget(id)
    }
    this.#coordinators.get(role)?.forget(id)
  }

  /** It may answer again. */
  listen(role: Role, id: number): void {
    if (role === 'kafka') this.#samplers.get(id)?.start()
    this.#coordinators.get(role)?.resume(id)
  }
}
