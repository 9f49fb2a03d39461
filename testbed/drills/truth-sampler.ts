import { RawBroker } from './raw-metadata.ts'
import { askEligible } from './raw-elr.ts'
import type { Cluster } from '../types.ts'
import { withoutController, withEligible, type BrokerView } from './view.ts'

const EVERY_MS = 200
const DEADLINE_MS = 1000

export interface Answer {
  readonly broker: number
  /** performance.now() when the answer, or the failure, was there. */
  readonly at: number
  readonly view: BrokerView | undefined
  readonly error: string | undefined
}

/** What its words mean. */
export interface Sampling {
  /** With ZooKeeper it names the controller; with KRaft any broker. */
  readonly namesController: boolean
  /** Kafka 4 and newer: leaderless partitions may have eligible leader replicas. */
  readonly knowsEligible: boolean
}

export function samplingOf({ mode, kafka }: Cluster): Sampling {
  return { namesController: mode === 'zookeeper', knowsEligible: !/^[23]\./.test(kafka) }
}

/** Asks one broker for all its metadata every 200 ms, with a new connection after any failure. */
export class TruthSampler {
  readonly #broker: { readonly id: number; readonly host: string; readonly port: number }
  readonly #sampling: Sampling
  readonly #hear: (answer: Answer) => void
  #raw: RawBroker | undefined
  #timer: NodeJS.Timeout | undefined
  /** Of the newest pause or resumption: an answer to an older one is dropped. */
  #epoch = 0

  constructor(
    broker: { readonly id: number; readonly host: string; readonly port: number },
    sampling: Sampling,
    hear: (answer: Answer) => void,
  ) {
    this.#broker = broker
    this.#sampling = sampling
    this.#hear = hear
  }

  /** Not asked while it is paused: a stopped process accepts 51 connections, and they are the exporter's to use. */
  start(): void {
    this.stop()
    void this.#look(this.#epoch)
  }

  stop(): void {
    this.#epoch++
    clearTimeout(this.#timer)
    this.#raw?.close()
    this.#raw = undefined
  }

  async #look(epoch: number): Promise<void> {
    const began = performance.now()
    let view: BrokerView | undefined
    let error: string | undefined
    try {
      if (this.#raw === undefined) {
        const raw = await RawBroker.connect(this.#broker.host, this.#broker.port, DEADLINE_MS)
        if (epoch !== this.#epoch) {
          raw.close()
          return
        }
        this.#raw = raw
      }
      view = await this.#asMeant(await this.#raw.metadata())
    } catch (failure) {
      error = failure instanceof Error ? failure.message : String(failure)
    }
    if (epoch !== this.#epoch) return
    if (view === undefined) {
      this.#raw?.close()
      this.#raw = undefined
    }
    this.#hear({ broker: this.#broker.id, at: performance.now(), view, error })
    const wait = Math.max(0, began + EVERY_MS - performance.now())
    this.#timer = setTimeout(() => void this.#look(epoch), wait)
  }

  async #asMeant(view: BrokerView): Promise<BrokerView> {
    const { namesController, knowsEligible } = this.#sampling
    const told = namesController ? view : withoutController(view)
    const leaderless = [...view.partitions.values()].filter(({ leader }) => leader === -1).map(({ topic }) => topic)
    if (!knowsEligible || leaderless.length === 0) return told
    return withEligible(told, await askEligible(this.#broker, [...new Set(leaderless)].sort(), DEADLINE_MS))
  }
}
