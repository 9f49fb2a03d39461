import type tls from 'node:tls'
import type { EnsembleServer, Membership } from '../../model/ensemble.ts'
import { addressText, type Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import { failed, type Failure, type Result } from '../../model/result.ts'
import type { Notes } from '../../source.ts'
import { askAdminServer, type AdminCommand } from './admin-server.ts'
import { Canary } from './canary.ts'
import { Refusals } from './refusals.ts'
import { askRarely, askState, complete, silentServer, type Questions } from './round.ts'
import { replyKind } from './replies.ts'
import { askWord, type Word } from './word.ts'

export interface WatchSetup {
  readonly tls: tls.ConnectionOptions | undefined
  readonly perNamespace: boolean
  readonly clock: Clock
  readonly notes: Notes
  readonly patience: Patience
  /** Something happened between looks that deserves one at once, and alert pace. */
  readonly wake: () => void
  /** Something that may be nothing: a look, no more. */
  readonly look: () => void
}

/** All in milliseconds. */
export interface Patience {
  /** How long a look waits for a server. Two looks in a row without an answer make it `hung`, or unreachable. */
  readonly lookMs: number
  /** A connection that is not accepted is given up after this. */
  readonly connectMs: number
  /** A word that was sent is waited for so long: a hung server accepts only 51 connections. */
  readonly hungMs: number
  /** Membership, `ruok` and what else does not decide anything. */
  readonly rareMs: number
}

export const usualPatience: Patience = { lookMs: 1_000, connectMs: 2_500, hungMs: 10_000, rareMs: 300_000 }

/** One silent look is a doubt only. */
const looksToJudge = 2
/** An AdminServer that was silent is not waited for again so soon, as long as the server's words tell its state. */
const adminRestMs = 60_000
/** A server that comes into the same state again and again is not asked everything each time. */
const rareRestMs = 10_000

/** What is wanted of a look besides the state. */
export interface Wanted {
  /** `srvr` is asked first, which alone tells the zxid. */
  readonly wantsZxid: boolean
  /** Both words are asked: what the other one told before no longer stands. */
  readonly isAfresh: boolean
}

/** Watches one server: what it last said, and what to make of its silence. */
export class ServerWatch {
  /** undefined: not judged yet, or it says nothing about its state to anybody. */
  state: EnsembleServer | undefined
  /** As it last told, however long ago. */
  membership: Membership | undefined
  readonly #address: Address
  readonly #name: string
  readonly #setup: WatchSetup
  readonly #questions: Questions
  readonly #refusals = new Refusals()
  readonly #canary: Canary
  readonly #end = new AbortController()
  #asking: Promise<void> | undefined
  #isAwaited = false
  /** Its state when the last look ended. */
  #shown: EnsembleServer['state'] | undefined
  #silentLooks = 0
  #isAccepted = false
  /** When the server last said anything (`performance.now`). */
  #heardAt = -Infinity
  /** A word told something in this round. */
  #isTold = false
  #adminSilentAt = -Infinity
  /** State -> when the server was asked everything in it, `mono` ms. */
  readonly #rarelyAt = new Map<EnsembleServer['state'], number>()
  #isRareDue = true

  constructor(address: Address, adminServer: string | undefined, setup: WatchSetup) {
    this.#address = address
    this.#name = addressText(address)
    this.#setup = setup
    const { tls, clock, notes, patience, wake, look } = setup
    this.#questions = {
      ask: (word) => this.#word(word),
      askAdmin: adminServer === undefined ? undefined : (command) => this.#admin(adminServer, command),
      refusals: this.#refusals,
      numbers: { perNamespace: setup.perNamespace },
      now: () => clock().mono,
      failed: (failure) => this.#note(failure),
    }
    const sent = (): void => notes.sent('connect')
    this.#canary = new Canary({ address, tls, connectMs: patience.lookMs, lost: wake, stirred: look, sent })
  }

  /**
   * Asks, unless a question is still unanswered; resolves when the server is judged for this look. One that is silent anyway
   * does not keep the others waiting.
   */
  async look(wanted: Wanted): Promise<void> {
    const { lookMs } = this.#setup.patience
    const since = performance.now()
    this.#asking ??= this.#ask(wanted)
    this.#isAwaited = true
    const isDone = await soonerOf(this.#asking, this.#isSilent ? lookMs / 10 : lookMs)
    this.#isAwaited = false
    this.#shown = this.state?.state
    // One that has said something meanwhile is slow with the rest.
    if (!isDone && !this.#end.signal.aborted && this.#heardAt < since) this.#silent()
  }

  close(): void {
    this.#end.abort()
    this.#canary.close()
  }

  /** It has been judged by its silence, and has not spoken since. */
  get #isSilent(): boolean {
    return this.#silentLooks >= looksToJudge
  }

  async #ask(wanted: Wanted): Promise<void> {
    this.#isAccepted = false
    this.#isTold = false
    try {
      await this.#round(wanted)
    } catch (error) {
      // An answer that trips a parser fails this server for this look, not the source for ever.
      this.#down(failed('protocol', `its answer cannot be read: ${String(error)}`).failure)
    } finally {
      this.#asking = undefined
    }
    // An answer that comes after its look is news: a hung server is alive again.
    if (!this.#isAwaited && this.state?.state !== this.#shown) this.#setup.wake()
  }

  async #round({ wantsZxid, isAfresh }: Wanted): Promise<void> {
    const before = this.state
    const answer = await askState(this.#questions, wantsZxid ? ['srvr', 'mntr'] : ['mntr', 'srvr'])
    if (this.#end.signal.aborted) return
    if (answer.kind === 'failed') {
      this.#down(answer.failure)
      return
    }
    this.#silentLooks = 0
    if (answer.kind === 'unknown') {
      this.state = undefined
      this.#note(failed('auth', 'it executes neither mntr nor srvr, and no AdminServer of it is given').failure)
      return
    }
    this.#canary.keep()
    const state = answer.kind === 'serving' ? answer.told.state : answer.kind
    const isNews = before?.state !== state
    const { id, ruok } = before ?? { id: undefined, ruok: undefined }
    const known = { id, ruok, refused: this.#refusals.words }
    if (answer.kind === 'not_serving') {
      this.state = silentServer('not_serving', undefined, known)
    } else {
      const told = await complete(this.#questions, answer, isNews || isAfresh ? undefined : before, wantsZxid)
      // Zxids are compared with those of other servers, so all of them are of the same look.
      const zxid = isNews || isAfresh || wantsZxid ? told.zxid : before.zxid
      this.state = { ...told, zxid, ...known, failure: undefined }
    }
    const { clock, patience } = this.#setup
    this.#isRareDue ||= isNews
    const agoMs = clock().mono - (this.#rarelyAt.get(state) ?? -Infinity)
    if (agoMs >= (this.#isRareDue ? rareRestMs : patience.rareMs)) await this.#askRarely(this.state)
  }

  async #askRarely(server: EnsembleServer): Promise<void> {
    this.#rarelyAt.set(server.state, this.#setup.clock().mono)
    this.#isRareDue = false
    const { id, membership, ruok } = await askRarely(this.#questions, server.state)
    if (this.#end.signal.aborted) return
    this.membership = membership ?? this.membership
    this.state = { ...server, id: id ?? server.id, ruok, refused: this.#refusals.words }
  }

  #silent(): void {
    this.#silentLooks++
    if (this.#silentLooks === 1) this.#setup.wake()
    if (this.#silentLooks !== looksToJudge) return
    const waited = `no answer in ${looksToJudge} looks`
    this.#down((this.#isAccepted ? failed('hung', waited) : failed('timeout', `no connection, ${waited}`)).failure)
    this.#shown = this.state?.state
  }

  #down(failure: Failure): void {
    this.#note(failure)
    const { reason } = failure
    if (reason !== 'timeout' && reason !== 'hung') this.#silentLooks = 0
    // The backlog of a hung server fills up, and then it takes no more connections: no news.
    if (this.state?.state === 'hung' && reason === 'timeout') return
    this.#refusals.forget()
    const known = { id: this.state?.id, ruok: undefined, refused: this.#refusals.words }
    this.state = silentServer(reason === 'hung' ? 'hung' : 'unreachable', failure, known)
  }

  async #word(word: Word): Promise<Result<string>> {
    const { tls, notes, patience } = this.#setup
    notes.sent(word)
    const { signal } = this.#end
    const connected = (): void => void (this.#isAccepted = true)
    const { hungMs: deadlineMs, connectMs } = patience
    const asking = { address: this.#address, word, tls, deadlineMs, connectMs, connected, signal }
    const reply = await askWord(asking)
    if (reply.ok) {
      this.#heardAt = performance.now()
      this.#isTold ||= replyKind(word, reply.value) !== 'refused'
    }
    return reply
  }

  async #admin(server: string, command: AdminCommand): Promise<Result<string>> {
    const { tls, notes, patience, clock } = this.#setup
    const isResting = clock().mono - this.#adminSilentAt < adminRestMs
    if (this.#isTold && isResting) return failed('hung', `${server} was silent a moment ago`)
    notes.sent(`/commands/${command}`)
    const { signal } = this.#end
    // A look has time for up to two of these, one after the other, besides the words.
    const reply = await askAdminServer({ server, command, tls, deadlineMs: patience.lookMs / 3, signal })
    if (reply.ok || reply.failure.reason === 'protocol') this.#heardAt = performance.now()
    else if (reply.failure.reason === 'hung') this.#adminSilentAt = clock().mono
    if (!reply.ok) notes.failed(server, reply.failure)
    return reply
  }

  #note(failure: Failure): void {
    this.#setup.notes.failed(this.#name, failure)
  }
}

/** Whether it was done in time. */
async function soonerOf(promise: Promise<void>, ms: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>((resolve) => (timer = setTimeout(() => resolve(false), ms)))
  try {
    return await Promise.race([promise.then(() => true), late])
  } finally {
    clearTimeout(timer)
  }
}
