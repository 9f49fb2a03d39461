import type { EnsembleServer, Membership } from '../../model/ensemble.ts'
import { addressText, type Address } from '../../model/address.ts'
import { failed, type Failure } from '../../model/result.ts'
import { Canary } from './canary.ts'
import { Refusals } from './refusals.ts'
import { askRarely, askState, complete, silentServer, type Questions } from './round.ts'
import { ServerLine, type LineSetup } from './server-line.ts'

export interface WatchSetup extends LineSetup {
  readonly perNamespace: boolean
  /** Something happened between looks that deserves one at once, and alert pace. */
  readonly wake: () => void
  /** Something that may be nothing: a look, no more. */
  readonly look: () => void
}

/** One silent look is a doubt only. */
const looksToJudge = 2
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
  readonly #name: string
  readonly #setup: WatchSetup
  readonly #line: ServerLine
  readonly #questions: Questions
  readonly #refusals = new Refusals()
  readonly #canary: Canary
  readonly #end = new AbortController()
  #asking: Promise<void> | undefined
  #isAwaited = false
  /** Its state when the last look ended. */
  #shown: EnsembleServer['state'] | undefined
  #silentLooks = 0
  /** State -> when the server was asked everything in it, `mono` ms. */
  readonly #rarelyAt = new Map<EnsembleServer['state'], number>()
  #isRareDue = true

  constructor(address: Address, adminServer: string | undefined, setup: WatchSetup) {
    this.#name = addressText(address)
    this.#setup = setup
    const { tls, clock, notes, patience, wake, look } = setup
    this.#line = new ServerLine(address, setup, this.#end.signal)
    this.#questions = {
      ask: (word) => this.#line.word(word),
      askAdmin: adminServer === undefined ? undefined : (command) => this.#line.admin(adminServer, command),
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
    if (!isDone && !this.#end.signal.aborted && this.#line.heardAt < since) this.#silent()
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
    this.#line.beginRound()
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
    this.#down((this.#line.isAccepted ? failed('hung', waited) : failed('timeout', `no connection, ${waited}`)).failure)
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
