import { addressText, type Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import {
  namesNobody,
  sameView,
  watchedCluster,
  type BrokerView,
  type Liveness,
  type TargetState,
} from '../../model/liveness.ts'
import { success } from '../../model/result.ts'
import { isKraftInZookeeper } from '../../model/znodes.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { askForView } from './broker-view.ts'
import type { ConnectionOptions } from './connection.ts'
import { Prober } from './prober.ts'

export interface LivenessOptions {
  readonly seeds: readonly Address[]
  readonly connection: ConnectionOptions
  readonly clock: Clock
  /** A socket closed or spoke between looks: asks for an immediate look, and for alert pace. */
  readonly wake: () => void
  /** A probe that outlasted its look has news: asks for an immediate look. */
  readonly look: () => void
  readonly notes: Notes
  readonly pace: Pace
}

const hungReconnectMs = 10_000
/** Looks that it takes to probe every target once. */
const turns = 2

/**
 * Probes every seed and every expected broker, each on a connection of its own. A look ends as soon as any of them
 * changed, and after `pace.alertMs` at the latest, so that one silent broker neither delays the news of another's death
 * nor its probes; its own probe goes on into the next look.
 */
export class LivenessSource implements Source<Liveness> {
  readonly name = 'liveness'
  readonly apis = ['ApiVersions', 'Metadata']
  readonly pace: Pace
  readonly #options: LivenessOptions
  readonly #probers = new Map<string, Prober<BrokerView>>()
  #turn = 0
  #cluster: string | undefined
  #isMigrating = false
  /** Ends the look under way. */
  #end: (() => void) | undefined

  constructor(options: LivenessOptions) {
    this.#options = options
    this.pace = options.pace
  }

  async observe({ signal, view }: Look): Promise<Liveness> {
    this.#isMigrating = isKraftInZookeeper(this.#isMigrating, view.znodes?.value)
    this.#track([...this.#options.seeds, ...[...view.roster.values()].flatMap(({ address }) => address ?? [])])
    await new Promise<void>((resolve, reject) => {
      const timer = setTimeout(resolve, this.pace.alertMs)
      const end = (): void => {
        clearTimeout(timer)
        resolve()
      }
      this.#end = end
      signal.addEventListener('abort', end, { once: true })
      void Promise.all(this.#dueProbers().map((prober) => prober.probe())).then(end, reject)
    })
    this.#end = undefined
    const targets = new Map<string, TargetState>()
    for (const [address, { state }] of this.#probers) if (state !== undefined) targets.set(address, state)
    this.#cluster = watchedCluster(this.#cluster, this.#options.seeds.map(addressText), targets)
    return { targets, cluster: this.#cluster }
  }

  close(): void {
    for (const prober of this.#probers.values()) prober.close()
  }

  /**
   * Every second target, and whoever cannot wait. Brokers learn of an election together, so probing them by turns shows it
   * in half the time for the same number of requests.
   */
  #dueProbers(): readonly Prober<BrokerView>[] {
    this.#turn = (this.#turn + 1) % turns
    return [...this.#probers.values()].filter((prober, i) => prober.urgent || i % turns === this.#turn)
  }

  #track(addresses: readonly Address[]): void {
    const wanted = new Map(addresses.map((address) => [addressText(address), address]))
    for (const [text, prober] of this.#probers) {
      if (wanted.has(text)) continue
      prober.close()
      this.#probers.delete(text)
    }
    for (const [text, address] of wanted) {
      if (!this.#probers.has(text)) this.#probers.set(text, this.#prober(text, address))
    }
  }

  #prober(text: string, address: Address): Prober<BrokerView> {
    const { clock, connection, pace, wake, look, notes } = this.#options
    return new Prober(address, {
      clock,
      connection,
      ask: async (one, deadlineMs) => {
        const told = await askForView(one, deadlineMs)
        return this.#isMigrating && told.ok ? success(namesNobody(told.value)) : told
      },
      same: sameView,
      deadlineMs: pace.deadlineMs,
      hungReconnectMs,
      changed: () => (this.#end ?? look)(),
      wake,
      sent: (api) => notes.sent(api),
      failed: (failure) => notes.failed(text, failure),
    })
  }
}
