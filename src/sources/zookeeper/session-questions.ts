import { addressText, type Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import { failed, type Failure, type Result } from '../../model/result.ts'
import type { Notes } from '../../source.ts'
import { askAdminServer, type AdminAsking } from './admin-server.ts'
import { replyKind } from './replies.ts'
import { unsettledMs } from './sessions-due.ts'
import { askWord, type Asking } from './word.ts'

export interface QuestionSetup {
  readonly tls: Asking['tls']
  readonly clock: Clock
  readonly notes: Notes
  /** For everything that one question takes. */
  readonly deadlineMs: number
  /** Base URL of a server's AdminServer. */
  readonly adminServerOf: (server: Address) => string | undefined
  readonly ask?: (asking: Asking) => Promise<Result<string>>
  readonly askAdmin?: (asking: AdminAsking) => Promise<Result<string>>
}

/** What sessions are read from, by its four-letter word. */
export type Question = 'dump' | 'cons'

export interface Text {
  readonly by: 'word' | 'admin'
  readonly text: string
}

/** A whitelist changes with a restart of its server. */
const refusedForMs = 600_000
/** A word's answer that is too long, or that nobody can read, will hardly be another in a moment. */
const unreadableForMs = 60_000
/** An AdminServer that failed, whatever at: it may be the whole of Jetty, or this moment without a quorum. */
const adminFailedForMs = 10_000
const commands = { dump: 'dump', cons: 'connections' } as const

/** Asks a server by its four-letter words, and by its AdminServer what the words do not tell; remembers what was in vain. */
export class SessionQuestions {
  readonly #setup: QuestionSetup
  /** `host:port question way` -> `mono` ms until which it is not asked so again. */
  readonly #leftOut = new Map<string, { readonly until: number; readonly isRefused: boolean }>()

  constructor(setup: QuestionSetup) {
    this.#setup = setup
  }

  mayAsk(server: Address, question: Question): boolean {
    return this.#isOpen(server, question, 'word') || this.#mayAskAdmin(server, question)
  }

  /** The answer's text; `refused` is a usable answer: nothing more can be had. undefined: it failed, and that is noted. */
  async ask(server: Address, question: Question, signal: AbortSignal): Promise<Text | 'refused' | undefined> {
    const until = this.#setup.clock().mono + this.#setup.deadlineMs
    if (this.#isOpen(server, question, 'word')) {
      const text = await this.#askWord(server, question, signal)
      if (text !== undefined) return { by: 'word', text }
    }
    // A word that failed otherwise is tried again; so is, by and by, one that was refused.
    if (this.#isOpen(server, question, 'word')) return undefined
    if (!this.#mayAskAdmin(server, question)) {
      return this.#leftOut.get(key(server, question, 'word'))?.isRefused === true ? 'refused' : undefined
    }
    const text = await this.#askAdmin(server, question, until - this.#setup.clock().mono, signal)
    return text === undefined ? undefined : { by: 'admin', text }
  }

  /** Nobody could read its answer. */
  unread(server: Address, question: Question, by: Text['by'], failure: Failure): void {
    // Connections are not due so often that this would be needed.
    if (question === 'dump') this.#leaveOut(server, question, by, unsettledMs)
    this.#setup.notes.failed(addressText(server), failure)
  }

  async #askWord(address: Address, word: Question, signal: AbortSignal): Promise<string | undefined> {
    const { notes, tls, deadlineMs, ask = askWord } = this.#setup
    notes.sent(word)
    const answer = await ask({ address, word, tls, signal, deadlineMs })
    const target = addressText(address)
    if (!answer.ok) {
      if (answer.failure.reason === 'protocol') this.#leaveOut(address, word, 'word', unreadableForMs)
      notes.failed(target, answer.failure)
      return undefined
    }
    const kind = replyKind(word, answer.value)
    if (kind === 'text') return answer.value
    if (kind === 'refused') this.#leaveOut(address, word, 'word', refusedForMs)
    // The AdminServer tells what the whitelist refuses: nobody need know.
    const isReplaced = kind === 'refused' && this.#setup.adminServerOf(address) !== undefined
    const reason = kind === 'refused' ? 'auth' : 'protocol'
    if (!isReplaced) notes.failed(target, failed(reason, `${word}: ${answer.value.trim()}`).failure)
    return undefined
  }

  async #askAdmin(
    address: Address,
    question: Question,
    deadlineMs: number,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    const { notes, tls, adminServerOf, askAdmin = askAdminServer } = this.#setup
    const server = adminServerOf(address)
    if (server === undefined || deadlineMs <= 0) return undefined
    const command = commands[question]
    notes.sent(`/commands/${command}`)
    const answer = await askAdmin({ server, command, tls, deadlineMs, signal })
    if (answer.ok) return answer.value
    this.#leaveOut(address, question, 'admin', adminFailedForMs)
    notes.failed(server, answer.failure)
    return undefined
  }

  #mayAskAdmin(server: Address, question: Question): boolean {
    return this.#setup.adminServerOf(server) !== undefined && this.#isOpen(server, question, 'admin')
  }

  #isOpen(server: Address, question: Question, by: Text['by']): boolean {
    return (this.#leftOut.get(key(server, question, by))?.until ?? -Infinity) <= this.#setup.clock().mono
  }

  #leaveOut(server: Address, question: Question, by: Text['by'], forMs: number): void {
    const until = this.#setup.clock().mono + forMs
    this.#leftOut.set(key(server, question, by), { until, isRefused: forMs === refusedForMs })
  }
}

function key(server: Address, question: Question, by: Text['by']): string {
  return `${addressText(server)} ${question} ${by}`
}
