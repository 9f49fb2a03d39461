import { askQuorum, type QuorumWords } from '../raw-quorum.ts'

const EVERY_MS = 250
const DEADLINE_MS = 1000

export interface ControllerHeard {
  readonly controller: number
  /** performance.now() when the answer, or the failure, was there. */
  readonly at: number
  readonly words: QuorumWords | 'follows' | undefined
  readonly error: string | undefined
}

interface Place {
  readonly id: number
  readonly host: string
  readonly port: number
}

/** Asks one controller for the quorum every 250 ms. */
export class ControllerSampler {
  readonly #place: Place
  readonly #hear: (heard: ControllerHeard) => void
  #timer: NodeJS.Timeout | undefined
  /** Of the newest start or stop: an answer to an older one is dropped. */
  #epoch = 0

  constructor(place: Place, hear: (heard: ControllerHeard) => void) {
    this.#place = place
    this.#hear = hear
  }

  /** Not asked while it is paused: what its backlog takes is the exporter's to use. */
  start(): void {
    this.stop()
    void this.#look(this.#epoch)
  }

  stop(): void {
    this.#epoch++
    clearTimeout(this.#timer)
  }

  async #look(epoch: number): Promise<void> {
    const began = performance.now()
    let words: QuorumWords | 'follows' | undefined
    let error: string | undefined
    try {
      words = (await askQuorum(this.#place, DEADLINE_MS)) ?? 'follows'
    } catch (failure) {
      error = failure instanceof Error ? failure.message : String(failure)
    }
    if (epoch !== this.#epoch) return
    this.#hear({ controller: this.#place.id, at: performance.now(), words, error })
    const wait = Math.max(0, began + EVERY_MS - performance.now())
    this.#timer = setTimeout(() => void this.#look(epoch), wait)
  }
}
