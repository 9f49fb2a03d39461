import { addressText, type Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import type { KraftQuorum, QuorumAnswer } from '../../model/kraft-quorum.ts'
import { modeOf, prevailingCluster } from '../../model/liveness.ts'
import type { View } from '../../model/view.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { answeringBrokers } from './answering.ts'
import type { ConnectionOptions } from './connection.ts'
import { ControllerAsker, sameControllerView, type ControllerView } from './controller-view.ts'
import { Inquirer } from './inquirer.ts'
import { Prober } from './prober.ts'
import { answerOfFailure } from './quorum-answer.ts'
import { Registrations } from './registrations.ts'

export interface QuorumOptions {
  /** Empty: through brokers only. */
  readonly controllers: readonly Address[]
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly notes: Notes
  readonly pace: Pace
  /** A controller's connection closed, it tells another story, or a late answer came: asks for an immediate look. */
  readonly wake: () => void
}

/** A paused process accepts only as many connections as its backlog holds. */
const hungReconnectMs = 10_000
/** A broker gives a forwarded question up after 60 s: until then asking it again would only lengthen its queue. */
const inquiryPatienceMs = 65_000

/** For the others to tell the same, when one controller has news. */
const othersMs = 100

const nothing: KraftQuorum = {
  controllers: new Map(),
  broker: undefined,
  fenced: undefined,
  metadataVersion: undefined,
}

/**
 * The KRaft quorum. Controllers that are given are asked directly, each over a connection of its own; through brokers, where none
 * is given or none of those leads. In ZooKeeper mode nobody else is asked, and there is nothing to tell.
 */
export class QuorumSource implements Source<KraftQuorum> {
  readonly name = 'quorum'
  readonly apis = ['ApiVersions', 'DescribeQuorum', 'DescribeCluster']
  readonly pace: Pace
  readonly #options: QuorumOptions
  readonly #probers: ReadonlyMap<string, Prober<ControllerView>>
  readonly #inquirer: Inquirer
  readonly #registrations: Registrations
  #mode: ReturnType<typeof modeOf>
  /** At the end of the last look some controller said that it leads. */
  #isLed = true
  /** Controllers that have answered before. */
  readonly #known = new Set<string>()
  /** Ends the look under way: what one controller tells anew is not held back by another's silence. */
  #news = new AbortController()

  constructor(options: QuorumOptions) {
    this.#options = options
    this.pace = options.pace
    this.#probers = new Map(options.controllers.map((address) => [addressText(address), this.#prober(address)]))
    const { connection, clock, notes, wake: answered } = options
    this.#inquirer = new Inquirer({ connection, clock, notes, answered, patienceMs: inquiryPatienceMs })
    this.#registrations = new Registrations({ connection, clock, notes })
  }

  async observe({ view, signal }: Look): Promise<KraftQuorum | undefined> {
    this.#mode = modeOf(view.liveness?.value) ?? this.#mode
    if (this.#mode === 'zookeeper' && this.#probers.size === 0) return nothing
    this.#news = new AbortController()
    const until = AbortSignal.any([signal, this.#news.signal])
    const [, { broker, fenced }] = await Promise.all([this.#probe(until), this.#askBrokers(view, until)])
    const controllers = this.#answers(view)
    this.#isLed = [...controllers.values()].some(({ kind }) => kind === 'described')
    if (controllers.size === 0 && broker === undefined) return undefined
    const { metadataVersion } = this.#registrations
    return { controllers, broker, fenced, metadataVersion }
  }

  close(): void {
    for (const prober of this.#probers.values()) prober.close()
    this.#inquirer.close()
    this.#registrations.close()
  }

  /** A probe that outlasts the look goes on into the next, and wakes the source with its news. */
  async #probe(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, this.pace.alertMs)
      const end = (): void => {
        clearTimeout(timer)
        resolve()
      }
      signal.addEventListener('abort', end, { once: true })
      Promise.all([...this.#probers.values()].map((prober) => prober.probe())).then(end, reject)
    })
  }

  async #askBrokers(view: View, signal: AbortSignal): Promise<Pick<KraftQuorum, 'broker' | 'fenced'>> {
    if (this.#mode !== 'kraft') return { broker: undefined, fenced: undefined }
    const brokers = answeringBrokers(view)
    // The one whose word is believed knows best who is fenced.
    const believed = view.topology?.value.askedOf[0]
    const principal = brokers.find(({ text }) => text === believed) ?? brokers[0]
    const mustAsk = this.#probers.size === 0 || !this.#isLed
    const [broker, fenced] = await Promise.all([
      mustAsk ? this.#inquirer.ask(brokers, this.pace.alertMs, signal) : undefined,
      principal && this.#registrations.look(principal, this.pace.alertMs),
    ])
    return { broker, fenced }
  }

  /** Those that have been judged. */
  #answers({ liveness }: View): ReadonlyMap<string, QuorumAnswer> {
    const cluster = liveness && prevailingCluster(liveness.value)
    const answers = new Map<string, QuorumAnswer>()
    for (const [text, prober] of this.#probers) {
      const answer = this.#answer(text, prober, cluster)
      if (answer !== undefined) answers.set(text, answer)
    }
    return answers
  }

  #answer(text: string, { state, unansweredSince }: Prober<ControllerView>, cluster: string | undefined) {
    if (state === undefined) return undefined
    if (!state.up) {
      const { failure } = state
      // A listener that wants TLS hangs up, too: nothing is known of what never spoke.
      if (failure.reason === 'closed' && !this.#known.has(text)) {
        return { kind: 'refused', detail: failure.detail } as const
      }
      return answerOfFailure(failure, unansweredSince ?? this.#options.clock().mono)
    }
    this.#known.add(text)
    const { answer, clusterId } = state.view
    if (cluster === undefined || clusterId === undefined || clusterId === cluster) return answer
    return { kind: 'refused', detail: `it is a controller of cluster ${clusterId}` } as const
  }

  #prober(address: Address): Prober<ControllerView> {
    const { clock, connection, pace, wake, notes } = this.#options
    const text = addressText(address)
    const asker = new ControllerAsker()
    return new Prober(address, {
      clock,
      connection,
      ask: (one, deadlineMs) => asker.ask(one, deadlineMs),
      same: sameControllerView,
      // Two silences and a calm pause between looks stay within the 8 s in which a lost quorum has to be told.
      deadlineMs: pace.alertMs,
      hungReconnectMs,
      changed: () => {
        wake()
        const news = this.#news
        setTimeout(() => news.abort(), othersMs).unref()
      },
      wake,
      sent: (api) => notes.sent(api),
      failed: (failure) => notes.failed(text, failure),
    })
  }
}
