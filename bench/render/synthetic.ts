import { intLists } from '../../src/model/int-lists.ts'
import { systemClock, type Instant } from '../../src/model/instant.ts'
import type { Liveness } from '../../src/model/liveness.ts'
import type { Offsets } from '../../src/model/offsets.ts'
import type { Layout, Topic, Topology } from '../../src/model/topology.ts'
import type { FactName, Facts } from '../../src/model/view.ts'
import { Store } from '../../src/store.ts'

const brokerIds = [1, 2, 3, 4, 5, 6]
const clusterId = 'bench'
const partitionsPerTopic = 100

/** A store that knows a large healthy cluster, and can be told that it moves on. Its facts do not age. */
export class SyntheticStore {
  readonly store = new Store({ clock: systemClock, seeds: [addressOf(1)], brokerRetentionMs: Infinity })
  readonly #partitions: number
  #layout: Layout
  #generation = 0

  constructor(partitions: number) {
    this.#partitions = partitions
    this.#layout = layoutOf(partitions)
    for (const name of ['liveness', 'topology', 'offsets'] as const) this.store.addSource(name, Infinity)
    this.#brings('liveness', livenessOf())
    this.move()
  }

  /** Another look at the same topics: every offset has grown. */
  move(): void {
    this.#generation++
    this.#brings('topology', topologyOf(this.#layout))
    this.#brings('offsets', offsetsOf(this.#layout, this.#generation))
  }

  /** A topic comes, or goes again. */
  changeTopics(): void {
    const extra = this.#layout.partition.length === this.#partitions ? partitionsPerTopic : 0
    this.#layout = layoutOf(this.#partitions + extra)
    this.move()
  }

  #brings<Name extends FactName>(name: Name, out: Facts[Name]): void {
    const startedAt: Instant = systemClock()
    this.store.accept(name, { source: name, startedAt, tookMs: 1, out, failure: undefined })
  }
}

function addressOf(id: number): string {
  return `kafka${id}.example:9092`
}

function topicName(t: number): string {
  return `team-${t % 17}.orders.${String(t).padStart(5, '0')}`
}

function layoutOf(partitions: number): Layout {
  const topics = Array.from({ length: Math.ceil(partitions / partitionsPerTopic) }, (_, t): Topic => {
    const first = t * partitionsPerTopic
    return { name: topicName(t), internal: false, first, count: Math.min(partitionsPerTopic, partitions - first) }
  })
  return {
    topics,
    topicOf: Int32Array.from({ length: partitions }, (_, row) => Math.floor(row / partitionsPerTopic)),
    partition: Int32Array.from({ length: partitions }, (_, row) => row % partitionsPerTopic),
  }
}

function livenessOf(): Liveness {
  const view = { clusterId, controllerId: 1, brokerIds, kraft: false }
  return { targets: new Map(brokerIds.map((id) => [addressOf(id), { up: true, view, returnedAt: undefined }])) }
}

/** Three replicas each; every 50th partition has lost one of them from its ISR. */
function topologyOf(layout: Layout): Topology {
  const { length } = layout.partition
  const replicas = Array.from({ length }, (_, row) => [0, 1, 2].map((i) => 1 + ((row + i) % brokerIds.length)))
  return {
    clusterId,
    controllerId: 1,
    brokers: brokerIds.map((id) => ({ id, host: `kafka${id}.example`, port: 9092, rack: undefined })),
    partitions: {
      layout,
      leader: Int32Array.from(replicas, ([first = -1]) => first),
      leaderEpoch: new Int32Array(length),
      replicas: intLists(replicas),
      isr: intLists(replicas.map((all, row) => (row % 50 === 0 ? all.slice(0, 2) : all))),
      offline: intLists(replicas.map(() => [])),
    },
    askedOf: [addressOf(1)],
    leaderDisagreements: 0,
    refusedTopics: [],
    topicDisagreements: 0,
  }
}

function offsetsOf(layout: Layout, generation: number): Offsets {
  const { length } = layout.partition
  return {
    layout,
    latest: Float64Array.from({ length }, (_, row) => ((row * 7_919_993) % 4_000_000_000) + generation * 1_000),
    earliest: Float64Array.from({ length }, (_, row) => (row * 104_729) % 90_000_000),
    answeredBy: Int32Array.from({ length }, (_, row) => 1 + (row % brokerIds.length)),
    observedAt: new Float64Array(length).fill(Infinity),
  }
}
