import type { Clock } from '../../model/instant.ts'
import type { QuorumAnswer } from '../../model/kraft-quorum.ts'
import type { Failure } from '../../model/result.ts'
import type { Notes } from '../../source.ts'
import type { AnsweringBroker } from './answering.ts'
import type { ConnectionOptions } from './connection.ts'
import { describeQuorumCall } from './describe-quorum.ts'
import { Pool } from './pool.ts'
import { answerOfFailure, readAnswer } from './quorum-answer.ts'

export interface InquirerOptions {
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly notes: Notes
  /** An answer came when nobody waited for it any more. */
  readonly answered: () => void
  /** How long a question may stay unanswered before its connection is given up; ms. */
  readonly patienceMs: number
}

/** While one broker is silent the next one is asked after this long: perhaps only the first is cut off. */
const nextAfterMs = 400
/** Brokers that owe an answer at a time: when so many cannot reach a leader, more will not either. */
const mostPending = 3
/** A description of a few thousand observers. */
const largestFrame = 1024 * 1024

type Broker = Pick<AnsweringBroker, 'address' | 'text'>

/**
 * Asks for the quorum through brokers. They forward the question to the controller that leads, and keep it while none does: so
 * a question is left where it is, on a connection that carries nothing else, and the next looks wait for it instead of asking
 * anew. At most one is pending on each broker.
 */
export class Inquirer {
  readonly #options: InquirerOptions
  readonly #pool: Pool
  readonly #pending = new Set<string>()
  #favourite: string | undefined
  /** `mono` ms at which the first question went out since the last answer. */
  #unansweredSince: number | undefined
  #lastFailure: Failure | undefined
  /** Tells the look under way what came of a question. */
  #tell: ((answer: QuorumAnswer | undefined) => void) | undefined

  constructor(options: InquirerOptions) {
    this.#options = options
    const { connection, notes } = options
    this.#pool = new Pool({ ...connection, largestFrame }, (api) => notes.sent(api))
  }

  /** What comes of it within `forMs`. undefined: there is nobody to ask. */
  async ask(brokers: readonly Broker[], forMs: number, signal: AbortSignal): Promise<QuorumAnswer | undefined> {
    this.#pool.keep(brokers.map(({ address }) => address))
    if (brokers.length === 0) return undefined
    const untried = [...brokers].sort((a, b) => Number(b.text === this.#favourite) - Number(a.text === this.#favourite))
    const answer = await new Promise<QuorumAnswer | undefined>((resolve) => {
      const askNext = (): void => {
        const next = untried.find(({ text }) => !this.#pending.has(text))
        if (next !== undefined && this.#pending.size < mostPending) {
          untried.splice(untried.indexOf(next), 1)
          void this.#question(next)
        } else if (this.#pending.size === 0) {
          end(undefined)
        }
      }
      const turns = setInterval(askNext, nextAfterMs)
      const timer = setTimeout(() => end(undefined), forMs)
      const end = (outcome: QuorumAnswer | undefined): void => {
        clearInterval(turns)
        clearTimeout(timer)
        this.#tell = undefined
        resolve(outcome)
      }
      signal.addEventListener('abort', () => end(undefined), { once: true })
      this.#tell = (outcome) => (outcome === undefined ? askNext() : end(outcome))
      askNext()
    })
    if (answer !== undefined || this.#unansweredSince === undefined) return answer
    const waiting: Failure = { reason: 'hung', detail: 'no answer to DescribeQuorum yet' }
    return answerOfFailure(this.#pending.size > 0 ? waiting : (this.#lastFailure ?? waiting), this.#unansweredSince)
  }

  close(): void {
    this.#pool.close()
  }

  async #question({ address, text }: Broker): Promise<void> {
    const { clock, notes, patienceMs, answered } = this.#options
    this.#unansweredSince ??= clock().mono
    this.#pending.add(text)
    const described = await this.#pool.ask(address, describeQuorumCall, patienceMs)
    const answer = described.ok ? readAnswer(described.value) : described
    this.#pending.delete(text)
    if (answer.ok) {
      this.#favourite = text
      this.#unansweredSince = undefined
      if (this.#tell === undefined) answered()
      this.#tell?.(answer.value)
    } else {
      this.#lastFailure = answer.failure
      notes.failed(text, answer.failure)
      this.#tell?.(undefined)
    }
  }
}
