import type { Failure } from '../../../model/result.ts'
import type { Pending } from './pending.ts'

export interface PulseSetup {
  readonly ping: () => void
  /** The question that has waited the longest. */
  readonly oldest: () => Pending | undefined
  /** The server is as good as gone. */
  readonly lost: (failure: Failure) => void
}

/** Of a server that says other things meanwhile, or its silence would have been noticed. */
const mostUnansweredPings = 4

/** Pings every third of the session's time-out, and says when nothing came for two thirds of it. */
export class Pulse {
  readonly #setup: PulseSetup
  /** When the unanswered pings left, the oldest first. */
  readonly #pings: number[] = []
  #pingedAt = performance.now()
  #heardAt = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor(setup: PulseSetup) {
    this.#setup = setup
  }

  /** Also after its end. */
  get hasBegun(): boolean {
    return this.#timer !== undefined
  }

  begin(timeoutMs: number): void {
    this.#timer = setInterval(() => this.#beat(timeoutMs), Math.max(20, timeoutMs / 12))
  }

  end(): void {
    clearInterval(this.#timer)
  }

  heard(): void {
    this.#heardAt = performance.now()
  }

  /** Whether anything came after this moment (`performance.now`). */
  heardSince(moment: number): boolean {
    return this.#heardAt > moment
  }

  /** A ping was answered: when it left. */
  ponged(): number | undefined {
    return this.#pings.shift()
  }

  #beat(timeoutMs: number): void {
    const now = performance.now()
    const silentMs = now - this.#heardAt
    const oldest = this.#setup.oldest()
    if (silentMs > (timeoutMs * 2) / 3) {
      this.#setup.lost({ reason: 'hung', detail: `silent for ${Math.round(silentMs)} ms` })
    } else if (oldest !== undefined && now - oldest.sentAt > timeoutMs) {
      this.#setup.lost({ reason: 'hung', detail: `${oldest.query.op} ${oldest.query.path} is never answered` })
    } else if (this.#pings.length >= mostUnansweredPings) {
      this.#setup.lost({ reason: 'hung', detail: 'pings are never answered' })
    } else if (now - this.#pingedAt >= timeoutMs / 3 - 2) {
      this.#pingedAt = now
      this.#pings.push(now)
      this.#setup.ping()
    }
  }
}
