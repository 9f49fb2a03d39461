import { RawBroker } from './raw-metadata.ts'
import type { BrokerView } from './view.ts'

const EVERY_MS = 200
const DEADLINE_MS = 1000

export interface Answer {
  readonly broker: number
  /** performance.now() when the answer, or the failure, was there. */
  readonly at: number
  readonly view: BrokerView | undefined
  readonly error: string | undefined
}

/** Asks one broker for all its metadata every 200 ms, with a new connection after any failure. */
export class TruthSampler {
  readonly #broker: { readonly id: number; readonly host: string; readonly port: number }
  readonly #hear: (answer: Answer) => void
  #raw: RawBroker | undefined
  #timer: NodeJS.Timeout | undefined
  /** Of the newest pause or resumption: an answer to an older one is dropped. */
  #epoch = 0

  constructor(
    broker: { readonly id: number; readonly host: string; readonly port: number },
    hear: (answer: Answer) => void,
  ) {
    this.#broker = broker
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
      view = await this.#raw.metadata()
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
}
