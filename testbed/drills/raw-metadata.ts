/**
 * Kafka's own words, asked through kafkajs's internals: its public client throws for the whole cluster as soon as one
 * partition has no leader. Only real brokers are asked; its framing is not fit for anything else.
 */
import { createRequire } from 'node:module'
import { metadataRequest, parseMetadata } from './raw-epochs.ts'
import { partitionKey, viewOf, type BrokerView } from './view.ts'

interface Protocol<Reply> {
  readonly request: unknown
  readonly response: { decode(data: Buffer): Promise<Reply> }
}

interface InternalBroker {
  connect(): Promise<void>
  disconnect(): Promise<void>
  lookupRequest(apiKey: number, protocol: unknown): <Reply>(body: unknown) => Protocol<Reply>
  readonly connectionPool: { send<Reply>(message: unknown): Promise<Reply> }
}

interface Internals {
  readonly Broker: new (options: Record<string, unknown>) => InternalBroker
  readonly poolBuilder: (options: Record<string, unknown>) => { build(to: Record<string, unknown>): Promise<unknown> }
  readonly socketFactory: () => unknown
  readonly loggers: { createLogger(options: Record<string, unknown>): unknown }
  readonly requests: { readonly requests: Readonly<Record<string, unknown>> }
  readonly apiKeys: Readonly<Record<string, number>>
}

// Deep imports have no types; what is used of them is declared above.
const load: (path: string) => unknown = createRequire(import.meta.url)
const kafkajs = {
  Broker: load('kafkajs/src/broker'),
  poolBuilder: load('kafkajs/src/cluster/connectionPoolBuilder'),
  socketFactory: load('kafkajs/src/network/socketFactory'),
  loggers: load('kafkajs/src/loggers'),
  requests: load('kafkajs/src/protocol/requests'),
  apiKeys: load('kafkajs/src/protocol/requests/apiKeys'),
} as Internals

interface ListedOffsets {
  readonly responses: readonly {
    readonly topic: string
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly offset: string }[]
  }[]
}

interface DescribedConfigs {
  readonly resources: readonly {
    readonly errorCode: number
    readonly resourceName: string
    readonly configEntries: readonly { readonly configName: string; readonly configValue: string | null }[]
  }[]
}

interface ListedReassignments {
  readonly errorCode: number
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly {
      readonly partition: number
      readonly addingReplicas: readonly number[]
      readonly removingReplicas: readonly number[]
    }[]
  }[]
}

/** Key -> value as the broker spells it; keys without a value (passwords) are left out. */
export type Configs = ReadonlyMap<string, string>

/** Kafka's own numbers of config resources. */
const RESOURCE_TYPES = { topic: 2, broker: 4 } as const
const UNKNOWN_TOPIC = 3

const silent = kafkajs.loggers.createLogger({ level: 0, logCreator: () => () => undefined })

/** One connection to one broker. After any failure throw it away: a timed-out kafkajs connection stays "connected". */
export class RawBroker {
  readonly #broker: InternalBroker

  private constructor(broker: InternalBroker) {
    this.#broker = broker
  }

  static async connect(host: string, port: number, deadlineMs: number): Promise<RawBroker> {
    const builder = kafkajs.poolBuilder({
      socketFactory: kafkajs.socketFactory(),
      brokers: [`${host}:${port}`],
      clientId: 'drill-truth',
      requestTimeout: deadlineMs,
      connectionTimeout: deadlineMs,
      enforceRequestTimeout: true,
      logger: silent,
    })
    const connectionPool = await builder.build({ host, port })
    const broker = new kafkajs.Broker({ connectionPool, logger: silent, allowAutoTopicCreation: false })
    const raw = new RawBroker(broker)
    try {
      await broker.connect()
    } catch (error) {
      raw.close()
      throw error
    }
    return raw
  }

  async #send<Reply>(api: string, body: unknown): Promise<Reply> {
    const key = kafkajs.apiKeys[api]
    if (key === undefined) throw new Error(`kafkajs has no ${api}`)
    const { request, response } = this.#broker.lookupRequest(key, kafkajs.requests.requests[api])<Reply>(body)
    // `parse` is where kafkajs throws on a partition's error code; here it only hands over.
    const handOver = (reply: Reply): Promise<Reply> => Promise.resolve(reply)
    const decode = (data: Buffer): Promise<Reply> => response.decode(data)
    return this.#broker.connectionPool.send<Reply>({ request, response: { decode, parse: handOver } })
  }

  /** All topics; creates none. */
  async metadata(): Promise<BrokerView> {
    const response = { decode: (data: Buffer) => Promise.resolve(data), parse: (data: Buffer) => Promise.resolve(data) }
    const answer = await this.#broker.connectionPool.send<Buffer>({ request: metadataRequest(), response })
    return viewOf(parseMetadata(answer))
  }

  /** `topic/partition` -> offset, for those this broker answers as leader. `time` -1 high watermark, -2 log start. */
  async offsets(wanted: ReadonlyMap<string, readonly number[]>, time: -1 | -2): Promise<ReadonlyMap<string, number>> {
    const topics = [...wanted].map(([topic, partitions]) => ({
      topic,
      partitions: partitions.map((partition) => ({ partition, timestamp: time })),
    }))
    const reply = await this.#send<ListedOffsets>('ListOffsets', { replicaId: -1, isolationLevel: 0, topics })
    const listed = reply.responses.flatMap(({ topic, partitions }) =>
      partitions
        .filter((entry) => entry.errorCode === 0)
        .map((entry): [string, number] => [`${topic}/${entry.partition}`, Number(entry.offset)]),
    )
    return new Map(listed)
  }

  /**
   * Effective configs by resource name. For topics never ask while ZooKeeper is down: the broker then blocks one of its
   * request handlers until it is back, whether or not the asker still waits.
   */
  async configs(type: keyof typeof RESOURCE_TYPES, names: readonly string[]): Promise<ReadonlyMap<string, Configs>> {
    const resources = names.map((name) => ({ type: RESOURCE_TYPES[type], name, configNames: [] }))
    const reply = await this.#send<DescribedConfigs>('DescribeConfigs', { resources, includeSynonyms: false })
    const entries = reply.resources.flatMap(({ errorCode, resourceName, configEntries }) => {
      // A topic that has just been deleted has none.
      if (errorCode === UNKNOWN_TOPIC) return []
      if (errorCode !== 0) throw new Error(`configs of ${type} ${resourceName}: error ${errorCode}`)
      const told = configEntries.flatMap(({ configName, configValue }): [string, string][] =>
        configValue === null ? [] : [[configName, configValue]],
      )
      return [[resourceName, new Map(told)] as const]
    })
    return new Map(entries)
  }

  /** Reassignments under way, by `topic/partition`; only the controller can be asked. */
  async reassignments(): Promise<ReadonlyMap<string, { adding: readonly number[]; removing: readonly number[] }>> {
    const { errorCode, topics } = await this.#send<ListedReassignments>('ListPartitionReassignments', { topics: null })
    if (errorCode !== 0) throw new Error(`reassignments: error ${errorCode}`)
    const entries = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, addingReplicas, removingReplicas }) => {
        return [partitionKey(name, partition), { adding: addingReplicas, removing: removingReplicas }] as const
      }),
    )
    return new Map(entries)
  }

  /** Returns at once; requests under way are given up by their own deadline. */
  close(): void {
    this.#broker.disconnect().catch(() => undefined)
  }
}
