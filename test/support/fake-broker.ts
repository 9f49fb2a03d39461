import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import { addressText, type Address } from '../../src/model/address.ts'
import { apiKeys, type ApiName } from '../../src/sources/kafka/api.ts'
import { Framer, frameLimit } from '../../src/sources/kafka/framer.ts'
import { waitUntil } from '../../testbed/wait.ts'
import {
  describeClusterBody,
  describeQuorumBody,
  describeTopicPartitionsBody,
  featuresBody,
  type FakeCluster,
  type FakeElrTopic,
  type FakeQuorum,
} from './kraft-replies.ts'
import {
  apiVersionsBody,
  describeConfigsBody,
  frameOf,
  listOffsetsBody,
  listReassignmentsBody,
  metadataBody,
  type FakeMetadata,
  type FakeOffset,
  type FakeReassignment,
  type FakeResource,
  type FakeTopic,
} from './replies.ts'
import {
  configsAsked,
  namesAsked,
  offsetsAsked,
  parseRequest,
  topicsAsked,
  type ConfigsAsked,
  type OffsetsAsked,
  type Request,
} from './requests.ts'

/** A request that arrived, the connection it came on and the whole frame that would be the right answer. */
export interface Asked extends Request {
  readonly socket: net.Socket
  /** Which connection of this broker, from 1. */
  readonly connection: number
  readonly right: Buffer
}

/** What the broker does about a request. `fake-behaviours.ts` has the usual ones. */
export type Behaviour = (asked: Asked) => void

export const answer: Behaviour = ({ socket, right }) => void socket.write(right)

export interface FakeBrokerOptions {
  readonly metadata?: Partial<FakeMetadata>
  readonly versions?: Readonly<Record<number, readonly [number, number]>>
  /** Offers DescribeQuorum, as KRaft brokers do. */
  readonly kraft?: boolean
  readonly tls?: tls.TlsOptions
}

/** A broker that lists nobody does not know of itself yet, and is not believed. */
const itself = { id: 1, host: 'fake', port: 9092 }

/** A broker on 127.0.0.1 that says what it is told to say: ApiVersions, Metadata and ListOffsets in all versions. */
export class FakeBroker {
  readonly asked: Asked[] = []
  /** Connections accepted since the start. */
  accepted = 0
  metadata: FakeMetadata
  versions: Readonly<Record<number, readonly [number, number]>>
  /** For each api, else for every api, else the right answer. */
  behaviours: Partial<Record<ApiName | 'every', Behaviour>> = {}
  /** Called with each new connection before anything arrives on it. */
  connected: (socket: net.Socket) => void = () => undefined
  /** The body of replies to apis the fake does not know by itself (SASL). */
  bodyOf: (request: Request, connection: number) => Buffer = () => Buffer.alloc(0)
  offsetOf: (asked: OffsetsAsked) => Omit<FakeOffset, 'partition'> = () => ({ offset: 0n })
  configOf: (asked: ConfigsAsked) => Omit<FakeResource, 'type' | 'name'> = () => ({})
  reassignments: { readonly error?: number; readonly listed: readonly FakeReassignment[] } = { listed: [] }
  quorum: FakeQuorum = {}
  cluster: FakeCluster = {}
  features: Readonly<Record<string, number>> = { 'metadata.version': 27 }
  /** What DescribeTopicPartitions tells, page by page. */
  elr: readonly (readonly FakeElrTopic[])[] = []
  /** Topics that exist and that whoever asks may not describe. */
  hidden: readonly string[] = []
  readonly open = new Set<net.Socket>()
  readonly #tls: tls.TlsOptions | undefined
  #server: net.Server
  #port = 0

  private constructor({ metadata, versions, kraft, tls: secure }: FakeBrokerOptions) {
    this.metadata = { clusterId: 'abc', controllerId: 1, brokers: [itself], topics: [], ...metadata }
    this.versions = versions ?? {
      [apiKeys.ListOffsets]: [0, 6],
      [apiKeys.Metadata]: [0, 12],
      [apiKeys.DescribeConfigs]: [0, 4],
      [apiKeys.ListPartitionReassignments]: [0, 0],
      ...(kraft === true && {
        [apiKeys.ApiVersions]: [0, 4],
        [apiKeys.DescribeQuorum]: [0, 2],
        [apiKeys.DescribeCluster]: [0, 2],
        [apiKeys.DescribeTopicPartitions]: [0, 0],
      }),
    }
    this.#tls = secure
    this.#server = this.#newServer()
  }

  static async start(options: FakeBrokerOptions = {}): Promise<FakeBroker> {
    const broker = new FakeBroker(options)
    await broker.listen()
    return broker
  }

  get address(): Address {
    return { host: '127.0.0.1', port: this.#port }
  }

  get text(): string {
    return addressText(this.address)
  }

  /** How often an api was asked; Metadata counts for its topics: all, or none. */
  count(api: ApiName, topics?: 'all' | 'none'): number {
    const wanted = topics === 'all' ? undefined : 0
    const counts = (one: Request): boolean => topics === undefined || topicsAsked(one) === wanted
    return this.asked.filter((one) => one.api === api && counts(one)).length
  }

  /** The asked-for number of requests of an api has arrived. */
  async sees(api: ApiName, count: number, topics?: 'all' | 'none'): Promise<void> {
    await waitUntil(`${count} ${api}`, () => this.count(api, topics) >= count, 10_000, 2)
  }

  /** Again, on the port it had. */
  async listen(): Promise<void> {
    this.#server = this.#newServer()
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as net.AddressInfo).port
  }

  /** No new connections: the kernel refuses them. Those that stand go on. */
  refuse(): void {
    this.#server.close()
  }

  /** As kill -9 ends a broker: what is open goes, new connections are refused. */
  kill(): void {
    this.refuse()
    this.dropAll()
  }

  dropAll(): void {
    for (const socket of this.open) socket.destroy()
  }

  resetAll(): void {
    for (const socket of this.open) socket.resetAndDestroy()
  }

  /** When the other side has closed every connection. */
  async abandoned(): Promise<void> {
    await waitUntil('every connection closed', () => this.open.size === 0, 10_000, 2)
  }

  async stop(): Promise<void> {
    this.kill()
    if (this.#server.listening) await once(this.#server, 'close')
  }

  #newServer(): net.Server {
    const accept = (socket: net.Socket): void => this.#accept(socket)
    const server = this.#tls === undefined ? net.createServer(accept) : tls.createServer(this.#tls, accept)
    // What a client breaks off during a TLS handshake never becomes a connection.
    return server.on('tlsClientError', () => undefined)
  }

  #accept(socket: net.Socket): void {
    const connection = ++this.accepted
    const framer = new Framer()
    framer.limit = frameLimit
    this.open.add(socket)
    socket.on('close', () => this.open.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      const frames = framer.push(chunk)
      if (!frames.ok) socket.destroy()
      else for (const frame of frames.value) this.#receive(socket, connection, frame)
    })
    this.connected(socket)
  }

  #receive(socket: net.Socket, connection: number, frame: Buffer): void {
    const request = parseRequest(frame)
    const body = this.#body(request, connection)
    const hasFlexibleReply = request.flexible && request.api !== 'ApiVersions'
    const asked = { ...request, socket, connection, right: frameOf(request.correlationId, body, hasFlexibleReply) }
    this.asked.push(asked)
    const behaviour = this.behaviours[request.api] ?? this.behaviours.every ?? answer
    behaviour(asked)
  }

  #body(request: Request, connection: number): Buffer {
    if (request.api === 'ApiVersions') {
      return request.version >= 3 ? featuresBody(this.features) : apiVersionsBody(this.versions)
    }
    if (request.api === 'DescribeQuorum') return describeQuorumBody(request.version, this.quorum)
    if (request.api === 'DescribeCluster') return describeClusterBody(request.version, this.cluster)
    if (request.api === 'DescribeTopicPartitions') return this.#elrPage()
    if (request.api === 'Metadata') {
      const named = namesAsked(request).map((name) => this.#named(name))
      const topics = topicsAsked(request) === undefined ? this.metadata.topics : named
      return metadataBody(request.version, { ...this.metadata, topics })
    }
    if (request.api === 'DescribeConfigs') {
      const resources = configsAsked(request).map((one) => ({ ...one, ...this.configOf(one) }))
      return describeConfigsBody(request.version, resources)
    }
    if (request.api === 'ListPartitionReassignments') {
      return listReassignmentsBody(this.reassignments.listed, this.reassignments.error)
    }
    if (request.api !== 'ListOffsets') return this.bodyOf(request, connection)
    const asked = offsetsAsked(request)
    const topics = [...new Set(asked.map(({ topic }) => topic))].map((topic) => ({
      topic,
      partitions: asked
        .filter((one) => one.topic === topic)
        .map((one) => ({ partition: one.partition, ...this.offsetOf(one) })),
    }))
    return listOffsetsBody(request.version, topics)
  }

  #elrPage(): Buffer {
    const page = this.count('DescribeTopicPartitions') % Math.max(1, this.elr.length)
    const next = this.elr[page + 1]?.[0]
    const cursor = next && { topic: next.name ?? '', partition: next.partitions[0]?.partition ?? 0 }
    return describeTopicPartitionsBody(this.elr[page] ?? [], cursor)
  }

  /** As Kafka answers for a topic by name: 29 = may not be described, 3 = there is none. */
  #named(name: string): FakeTopic {
    const known = this.metadata.topics.find((topic) => topic.name === name)
    return known ?? { name, partitions: [], error: this.hidden.includes(name) ? 29 : 3 }
  }
}
