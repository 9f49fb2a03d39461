import { apiVersionsBody } from '../../test/support/replies.ts'
import { topicsAsked } from '../../test/support/requests.ts'
import { describeConfigsBody, reassignmentsBody } from './admin-replies.ts'
import { Listener, type Arrived } from './listener.ts'
import { MetadataReplies } from './metadata-replies.ts'
import { OffsetsReplies } from './offsets-replies.ts'
import { ClusterState, healthyTopics, type Shape } from './state.ts'

const keys = { ListOffsets: 2, Metadata: 3, ApiVersions: 18, DescribeConfigs: 32, ListPartitionReassignments: 46 }
const describeQuorumKey = 55

/** What brokers of these releases offer, of the apis that are answered here. */
const versionRanges: Readonly<Record<FakeClusterOptions['versions'], Readonly<Record<number, [number, number]>>>> = {
  '2.6': { 2: [0, 5], 3: [0, 9], 18: [0, 3], 32: [0, 3], 46: [0, 0] },
  '3.9': { 2: [0, 9], 3: [0, 12], 18: [0, 4], 32: [0, 4], 46: [0, 0] },
}

export interface FakeClusterOptions extends Shape {
  readonly versions: '2.6' | '3.9'
  readonly mode: 'zookeeper' | 'kraft'
  /** Whether each Metadata reply lists the topics in another order, or all in the same: so do real brokers that agree. */
  readonly order: 'stable' | 'changing'
  /** Of the first broker, the others follow; 0 = any that are free. */
  readonly port: number
}

interface FakeBroker {
  readonly id: number
  readonly listener: Listener
  readonly offsets: OffsetsReplies
  /** Requests answered, by api key. */
  readonly counts: Map<number, number>
  /** What it believes. */
  state: ClusterState
}

/** Brokers 1 to N, all of which believe `state` until they are frozen. */
export class FakeCluster {
  readonly state: ClusterState
  readonly brokers: readonly FakeBroker[]
  readonly #options: FakeClusterOptions
  readonly #metadata = new WeakMap<ClusterState, MetadataReplies>()
  #turn = 0

  private constructor(options: FakeClusterOptions) {
    this.#options = options
    this.state = new ClusterState(healthyTopics(options))
    this.brokers = Array.from({ length: options.brokers }, (_, i) => {
      const port = options.port === 0 ? 0 : options.port + i
      const broker: FakeBroker = {
        id: i + 1,
        listener: new Listener(port, (request) => this.#answer(broker, request)),
        offsets: new OffsetsReplies(i + 1),
        counts: new Map(),
        state: this.state,
      }
      return broker
    })
  }

  /** Rejects when a port is taken. */
  static async start(options: FakeClusterOptions): Promise<FakeCluster> {
    const cluster = new FakeCluster(options)
    await Promise.all(cluster.brokers.map(({ listener }) => listener.revive()))
    cluster.state.brokers = cluster.brokers.map(({ id, listener }) => ({ id, host: '127.0.0.1', port: listener.port }))
    return cluster
  }

  get isKraft(): boolean {
    return this.#options.mode === 'kraft'
  }

  /** Api name -> requests answered by all brokers since the last time. */
  takeCounts(): Readonly<Record<string, number>> {
    const total = (key: number): number => this.brokers.reduce((sum, { counts }) => sum + (counts.get(key) ?? 0), 0)
    const counts = Object.fromEntries(Object.entries(keys).map(([name, key]) => [name, total(key)]))
    for (const broker of this.brokers) broker.counts.clear()
    return counts
  }

  #answer(broker: FakeBroker, request: Arrived): readonly Buffer[] | undefined {
    const { key, version, flexible, body } = request
    const range = versionRanges[this.#options.versions][key]
    broker.counts.set(key, (broker.counts.get(key) ?? 0) + 1)
    if (range === undefined || version < range[0] || version > range[1]) return undefined
    switch (key) {
      case keys.ApiVersions:
        return version === 0 ? [apiVersionsBody(this.#offered())] : undefined
      case keys.Metadata: {
        const asked = topicsAsked({ body, flexible })
        if (asked !== undefined && asked > 0) return undefined
        const topics = asked === undefined ? 'all' : 'none'
        return this.#metadataOf(broker.state).body(version, topics, this.#firstTopic())
      }
      case keys.ListOffsets:
        return [broker.offsets.body(request, broker.state)]
      case keys.DescribeConfigs:
        return [describeConfigsBody(version, body, broker.state)]
      default:
        return [reassignmentsBody(broker.state, broker.id, this.isKraft)]
    }
  }

  #offered(): Readonly<Record<number, readonly [number, number]>> {
    const ranges = versionRanges[this.#options.versions]
    return this.isKraft ? { ...ranges, [describeQuorumKey]: [0, 1] } : ranges
  }

  #metadataOf(state: ClusterState): MetadataReplies {
    const replies = this.#metadata.get(state) ?? new MetadataReplies(state)
    this.#metadata.set(state, replies)
    return replies
  }

  #firstTopic(): number {
    return this.#options.order === 'stable' ? 0 : (this.#turn += 7)
  }
}
