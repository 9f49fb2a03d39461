import type { Instant } from '../../src/model/instant.ts'
import type { FactName, Facts } from '../../src/model/view.ts'
import { paces } from '../../src/paces.ts'
import type { LookFailure } from '../../src/runner.ts'
import type { SourceLedger } from '../../src/source-status.ts'
import { Store, type State } from '../../src/store.ts'

export const startedAt: Instant = { mono: 1_000_000, wall: Date.UTC(2026, 10, 22, 12) }

/** What is asked where neither ZooKeeper nor controllers are given. */
export const kafkaSources: readonly FactName[] = ['liveness', 'topology', 'offsets', 'reassignments', 'configs']

/** A store with the exporter's sources, others being added when they bring something, on a clock that only the test moves. */
export class TestStore {
  readonly store: Store
  readonly ledgers = {} as Record<FactName, SourceLedger>
  #mono = startedAt.mono
  #wall = startedAt.wall

  constructor({ seeds = ['kafka1:9092'], brokerRetentionMs = 24 * 3_600_000, sources = kafkaSources } = {}) {
    const clock = (): Instant => ({ mono: this.#mono, wall: this.#wall })
    this.store = new Store({ clock, seeds, brokerRetentionMs })
    for (const name of sources) this.#add(name)
  }

  get now(): Instant {
    return { mono: this.#mono, wall: this.#wall }
  }

  get state(): State {
    return this.store.state
  }

  /** Time passes; nothing else happens, not even a tick. */
  pass(ms: number): this {
    this.#mono += ms
    this.#wall += ms
    return this
  }

  tick(ms = 0): this {
    this.pass(ms)
    this.store.tick()
    return this
  }

  /** A look that took no time and brought this; undefined = nothing usable. */
  brings<Name extends FactName>(name: Name, out: Facts[Name] | undefined, tookMs = 0): this {
    if (!Object.hasOwn(this.ledgers, name)) this.#add(name)
    const startedAt = this.now
    this.pass(tookMs)
    this.store.accept(name, { source: name, startedAt, tookMs, out, failure: undefined })
    return this
  }

  fails(name: FactName, failure: LookFailure = { reason: 'deadline', detail: 'no result within 3000 ms' }): this {
    this.store.accept(name, { source: name, startedAt: this.now, tookMs: 3_000, out: undefined, failure })
    return this
  }

  /** A look that ends well and has nothing to say. */
  waits(name: FactName): this {
    this.store.accept(name, { source: name, startedAt: this.now, tookMs: 1, out: undefined, failure: undefined })
    return this
  }

  #add(name: FactName): void {
    this.ledgers[name] = this.store.addSource(name, paces[name].maxAgeMs)
  }
}
