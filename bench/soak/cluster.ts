import { setTimeout as sleep } from 'node:timers/promises'
import { FakeBroker } from '../../test/support/fake-broker.ts'
import { silent } from '../../test/support/fake-behaviours.ts'
import type { FakeTopic } from '../../test/support/replies.ts'

const ids = [1, 2, 3] as const
type Id = (typeof ids)[number]

const topics = 20
const partitionsEach = 10
const actMs = 10_000

/** Three fake brokers that know one cluster, and a controller that reacts at once to what happens to them. */
export class SoakCluster {
  readonly #brokers: ReadonlyMap<Id, FakeBroker>
  #usable: ReadonlySet<Id> = new Set(ids)
  #controller: Id = 1
  #epoch = 0
  #extraTopic = false
  #produced = 0n

  private constructor(brokers: ReadonlyMap<Id, FakeBroker>) {
    this.#brokers = brokers
    for (const broker of brokers.values()) {
      broker.offsetOf = ({ timestamp }) => ({ offset: timestamp === -1 ? this.#produced++ : 0n })
    }
    this.#tellAll()
  }

  static async start(): Promise<SoakCluster> {
    return new SoakCluster(new Map(await Promise.all(ids.map(async (id) => [id, await FakeBroker.start()] as const))))
  }

  get addresses(): readonly string[] {
    return [...this.#brokers.values()].map(({ text }) => text)
  }

  /** A round of everything that brokers go through, an act each ten seconds, until told to end. */
  async act(ended: AbortSignal, said: (act: string) => void): Promise<void> {
    const acts: readonly (readonly [string, () => Promise<void> | void])[] = [
      ['kill 3', () => this.#without(3, (broker) => broker.kill())],
      ['start 3', () => this.#back(3, (broker) => broker.listen())],
      ['controller moves', () => this.#moveController()],
      ['hang 2', () => this.#without(2, (broker) => void (broker.behaviours = { every: silent }))],
      ['2 answers', () => this.#back(2, (broker) => void (broker.behaviours = {}))],
      ['a topic comes', () => this.#extra(true)],
      ['reset every connection', () => this.#each((broker) => broker.resetAll())],
      ['all die', () => this.#each((broker) => broker.kill())],
      ['all come back', () => this.#each((broker) => broker.listen())],
      ['leaders move', () => this.#tellAll()],
      ['the topic goes', () => this.#extra(false)],
    ]
    for (let i = 0; !ended.aborted; i++) {
      await sleep(actMs, undefined, { signal: ended }).catch(() => undefined)
      const [name, act] = acts[i % acts.length] ?? []
      if (act === undefined || name === undefined) return
      await act()
      said(name)
    }
  }

  async stop(): Promise<void> {
    await this.#each((broker) => broker.stop())
  }

  async #each(what: (broker: FakeBroker) => Promise<void> | void): Promise<void> {
    for (const broker of this.#brokers.values()) await what(broker)
  }

  async #without(id: Id, what: (broker: FakeBroker) => Promise<void> | void): Promise<void> {
    const broker = this.#brokers.get(id)
    if (broker !== undefined) await what(broker)
    this.#usable = new Set([...this.#usable].filter((other) => other !== id))
    this.#tellAll()
  }

  async #back(id: Id, what: (broker: FakeBroker) => Promise<void> | void): Promise<void> {
    const broker = this.#brokers.get(id)
    if (broker !== undefined) await what(broker)
    this.#usable = new Set([...this.#usable, id])
    this.#tellAll()
  }

  #moveController(): void {
    this.#controller = ids.find((id) => id !== this.#controller && this.#usable.has(id)) ?? this.#controller
    this.#tellAll()
  }

  #extra(wanted: boolean): void {
    this.#extraTopic = wanted
    this.#tellAll()
  }

  /** Another epoch, with the leaders turned by one, for every broker to tell from now on. */
  #tellAll(): void {
    this.#epoch++
    const names = Array.from({ length: topics }, (_, t) => `topic-${t}`)
    const metadata = {
      clusterId: 'soak',
      controllerId: this.#controller,
      brokers: [...this.#brokers]
        .filter(([id]) => this.#usable.has(id))
        .map(([id, broker]) => ({ id, ...broker.address })),
      topics: [...names, ...(this.#extraTopic ? ['extra'] : [])].map((name) => this.#topic(name)),
    }
    for (const broker of this.#brokers.values()) {
      broker.metadata = metadata
      // It remembers what it was asked, for tests; for half an hour that is too much.
      broker.asked.length = 0
    }
  }

  #topic(name: string): FakeTopic {
    const partitions = Array.from({ length: partitionsEach }, (_, partition) => {
      const replicas = ids.map((_, i) => ids[(partition + i + this.#epoch) % ids.length] ?? 1)
      const isr = replicas.filter((id) => this.#usable.has(id))
      return { partition, replicas, isr, leader: isr[0] ?? -1, epoch: this.#epoch }
    })
    return { name, partitions }
  }
}
