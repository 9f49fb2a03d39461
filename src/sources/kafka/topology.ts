import { addressText, type Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import { answersOf, modeOf, prevailingCluster, type Liveness } from '../../model/liveness.ts'
import { failed, type Result } from '../../model/result.ts'
import type { ClusterMetadata, Topology } from '../../model/topology.ts'
import type { View } from '../../model/view.ts'
import { isKraftInZookeeper } from '../../model/znodes.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { timed } from './busy.ts'
import { asKnown } from './as-known.ts'
import type { ConnectionOptions } from './connection.ts'
import { firstAnswer } from './hedge.ts'
import { merge, single, type Answer } from './merge.ts'
import { metadataCall } from './metadata.ts'
import { MetadataMemory } from './metadata-memory.ts'
import { Pool } from './pool.ts'
import { Sight } from './sight.ts'
import { isCredible, probesDiffer } from './trust.ts'
import { inItsOwnTurn } from './turns.ts'

export interface TopologyOptions {
  readonly seeds: readonly Address[]
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly notes: Notes
  readonly pace: Pace
}

/** How long one silent broker may hold up the question to the next. */
const patienceMs = 750
/** However many there are: the larger the cluster, the longer an answer takes, and asking all of them is no help. */
const leastPatienceMs = 250
/** What is asked for by name must not hold up what was listed. */
const sightMs = 500

/**
 * Metadata of all topics, without ever creating one: from any answering broker while the brokers' probes agree, from all of
 * them and merged while they differ.
 */
export class TopologySource implements Source<Topology> {
  readonly name = 'topology'
  readonly apis = ['ApiVersions', 'Metadata']
  readonly pace: Pace
  readonly #options: TopologyOptions
  readonly #pool: Pool
  readonly #memory = new MetadataMemory()
  readonly #sight = new Sight()
  #isMigrating = false
  /** The newest that was believed, however old. */
  #believed: Topology | undefined

  constructor(options: TopologyOptions) {
    this.#options = options
    this.pace = options.pace
    this.#pool = new Pool(options.connection, (api) => options.notes.sent(api))
  }

  async observe({ view, signal }: Look): Promise<Topology | undefined> {
    const startedAt = this.#options.clock().mono
    const liveness = view.liveness?.value
    const candidates = this.#candidates(view)
    this.#isMigrating = isKraftInZookeeper(this.#isMigrating, view.znodes?.value)
    this.#pool.keep([...candidates.values()])
    const topology =
      liveness !== undefined && probesDiffer(liveness, candidates, startedAt)
        ? await this.#askAll(candidates, liveness, view.topology?.value.askedOf[0])
        : await this.#askOne(candidates, view, signal)
    if (topology === undefined || !isCredible(topology, this.#believed, candidates, liveness, startedAt))
      return undefined
    this.#believed = topology
    const leftMs = this.pace.deadlineMs - 100 - (this.#options.clock().mono - startedAt)
    await this.#lookForHidden(topology, view.topology?.value, candidates, Math.min(sightMs, leftMs))
    const whole = { ...topology, refusedTopics: this.#sight.hidden }
    return this.#heavy(() => asKnown(whole, view.topology?.value))
  }

  close(): void {
    this.#pool.close()
  }

  /** Brokers that answer, else seeds that answer; before anything was probed, every seed. */
  #candidates(view: View): ReadonlyMap<string, Address> {
    const liveness = view.liveness?.value
    const brokers = [...view.roster.values()].flatMap(({ address }) => address ?? [])
    const texts = (addresses: readonly Address[]): [string, Address][] => addresses.map((a) => [addressText(a), a])
    if (liveness === undefined) return new Map(texts(this.#options.seeds))
    const answers = answersOf(liveness)
    const answering = (addresses: readonly Address[]): [string, Address][] =>
      texts(addresses).filter(([text]) => answers.has(text))
    const up = answering(brokers)
    return new Map(up.length > 0 ? up : answering(this.#options.seeds))
  }

  async #askOne(
    candidates: ReadonlyMap<string, Address>,
    view: View,
    signal: AbortSignal,
  ): Promise<Topology | undefined> {
    const cluster = view.liveness && prevailingCluster(view.liveness.value)
    const last = view.topology?.value.askedOf[0]
    const patience = Math.min(patienceMs, Math.max(leastPatienceMs, this.pace.deadlineMs / (candidates.size + 1)))
    const texts = [...candidates.keys()].sort((a, b) => Number(b === last) - Number(a === last))
    const first = await firstAnswer(
      texts,
      patience,
      (text) => this.#askForAll(text, candidates.get(text), cluster),
      signal,
    )
    return first && single({ from: first.from, metadata: first.answer })
  }

  /** One that is silent here was answering its probes a moment ago: waiting long for it would cost the others' news. */
  async #askAll(
    candidates: ReadonlyMap<string, Address>,
    liveness: Liveness,
    lastFrom: string | undefined,
  ): Promise<Topology | undefined> {
    const deadlineMs = this.pace.deadlineMs / 2
    const cluster = prevailingCluster(liveness)
    const isKraft = this.#isMigrating || modeOf(liveness) === 'kraft'
    const answers = await Promise.all(
      [...candidates].map(async ([from, address]): Promise<Answer[]> => {
        const answer = await this.#askForAll(from, address, cluster, deadlineMs)
        return answer.ok ? [{ from, metadata: answer.value }] : []
      }),
    )
    const [first, ...rest] = answers.flat()
    return first && (rest.length === 0 ? single(first) : this.#heavy(() => merge([first, ...rest], isKraft, lastFrom)))
  }

  #heavy<T>(work: () => T): Promise<T> {
    return inItsOwnTurn(() => timed(this.#options.notes, work))
  }

  /** Every topic, as a broker of the watched cluster lists them: a probe may be older than a change of owner. */
  async #askForAll(
    text: string,
    address: Address | undefined,
    cluster: string | undefined,
    deadlineMs?: number,
  ): Promise<Result<ClusterMetadata>> {
    const answer = await this.#ask(text, address, 'all', deadlineMs)
    if (!answer.ok) return answer
    if (cluster !== undefined && answer.value.clusterId !== cluster) {
      const stranger = failed('protocol', `it is a broker of cluster ${answer.value.clusterId ?? 'unknown'}`)
      this.#options.notes.failed(text, stranger.failure)
      return stranger
    }
    // A broker that does not know of itself yet knows of nothing.
    return answer.value.brokers.length === 0 ? failed('protocol', 'it knows of no broker yet') : answer
  }

  async #lookForHidden(
    topology: Topology,
    last: Topology | undefined,
    candidates: ReadonlyMap<string, Address>,
    deadlineMs: number,
  ): Promise<void> {
    const now = this.#options.clock().mono
    const names = this.#sight.due(topology.partitions.layout, last?.partitions.layout, now)
    const [from] = topology.askedOf
    if (names.length === 0 || from === undefined || deadlineMs <= 0) return
    const answer = await this.#ask(from, candidates.get(from), names, deadlineMs)
    if (answer.ok) this.#sight.take(names, answer.value.refusedTopics, now)
  }

  async #ask(
    text: string,
    address: Address | undefined,
    topics: 'all' | readonly string[],
    deadlineMs?: number,
  ): Promise<Result<ClusterMetadata>> {
    const { notes } = this.#options
    const answer = await this.#pool.ask(
      address ?? { host: '', port: 0 },
      (versions) => {
        const call = metadataCall(versions, topics)
        // What is asked for by name is another story than the one to remember.
        if (call === undefined || topics !== 'all') return call
        const decode = (reply: Buffer) => this.#memory.decode(reply, call.version, (bytes) => call.decode(bytes))
        return { ...call, decode: (reply) => timed(notes, () => decode(reply)) }
      },
      // Short of the look's own deadline, so that the failure is this broker's and not the whole look's.
      deadlineMs ?? this.pace.deadlineMs - 100,
    )
    if (!answer.ok) notes.failed(text, answer.failure)
    return answer
  }
}
