import type tls from 'node:tls'
import type { Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import { failed, type Result } from '../../model/result.ts'
import type { Notes } from '../../source.ts'
import { askAdminServer, type AdminCommand } from './admin-server.ts'
import type { Patience } from './patience.ts'
import { replyKind } from './replies.ts'
import { askWord, type Word } from './word.ts'

export interface LineSetup {
  readonly tls: tls.ConnectionOptions | undefined
  readonly clock: Clock
  readonly notes: Notes
  readonly patience: Patience
}

/** An AdminServer that was silent is not waited for again so soon, as long as the server's words tell its state. */
const adminRestMs = 60_000

/** The ways to ask one server, and whether it said anything on any of them. */
export class ServerLine {
  readonly #address: Address
  readonly #setup: LineSetup
  readonly #signal: AbortSignal
  #isAccepted = false
  #heardAt = -Infinity
  /** A word told something in this round. */
  #isTold = false
  #adminSilentAt = -Infinity

  constructor(address: Address, setup: LineSetup, signal: AbortSignal) {
    this.#address = address
    this.#setup = setup
    this.#signal = signal
  }

  /** It accepted a connection in this round. */
  get isAccepted(): boolean {
    return this.#isAccepted
  }

  /** When it last said anything (`performance.now`). */
  get heardAt(): number {
    return this.#heardAt
  }

  beginRound(): void {
    this.#isAccepted = false
    this.#isTold = false
  }

  async word(word: Word): Promise<Result<string>> {
    const { tls, notes, patience } = this.#setup
    notes.sent(word)
    const connected = (): void => void (this.#isAccepted = true)
    const { hungMs: deadlineMs, connectMs } = patience
    const asking = { address: this.#address, word, tls, deadlineMs, connectMs, connected, signal: this.#signal }
    const reply = await askWord(asking)
    if (reply.ok) {
      this.#heardAt = performance.now()
      this.#isTold ||= replyKind(word, reply.value) !== 'refused'
    }
    return reply
  }

  async admin(server: string, command: AdminCommand): Promise<Result<string>> {
    const { tls, notes, patience, clock } = this.#setup
    const isResting = clock().mono - this.#adminSilentAt < adminRestMs
    if (this.#isTold && isResting) return failed('hung', `${server} was silent a moment ago`)
    notes.sent(`/commands/${command}`)
    // A look has time for up to two of these, one after the other, besides the words.
    const asking = { server, command, tls, deadlineMs: patience.lookMs / 3, signal: this.#signal }
    const reply = await askAdminServer(asking)
    if (reply.ok || reply.failure.reason === 'protocol') this.#heardAt = performance.now()
    else if (reply.failure.reason === 'hung') this.#adminSilentAt = clock().mono
    if (!reply.ok) notes.failed(server, reply.failure)
    return reply
  }
}
