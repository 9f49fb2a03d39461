import { addressText, type Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import { canHoldSessions } from '../../model/ensemble.ts'
import { leadingServer, type LeadingServer } from '../../model/leading.ts'
import { failed, type Result } from '../../model/result.ts'
import {
  connectionMaxAgeMs,
  sessionMaxAgeMs,
  type ConnectedSessions,
  type SessionDump,
  type Sessions,
} from '../../model/sessions.ts'
import type { View } from '../../model/view.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { parseCons } from './parse-cons.ts'
import { readDump } from './read-dump.ts'
import { replyKind } from './replies.ts'
import {
  areConnectionsDue,
  isDumpDue,
  nextAsked,
  nextDumpMs,
  pictureOf,
  unsettledMs,
  type LastAsked,
} from './sessions-due.ts'
import { askWord, type Asking, type Word } from './word.ts'

export interface SessionsOptions {
  readonly servers: readonly Address[]
  /** Kafka's root. */
  readonly chroot: string
  readonly tls: Asking['tls']
  readonly clock: Clock
  readonly notes: Notes
  readonly pace: Pace
  /** Asks for a look: a session is running out. */
  readonly look: () => void
  readonly ask?: (asking: Asking) => Promise<Result<string>>
}

/** A whitelist changes with a restart of its server. */
const refusedForMs = 600_000
/** An answer that is too long, or that nobody can read, will hardly be another in a moment. */
const unreadableForMs = 60_000
/** Short of the look's own deadline, so that what was told in time is kept. */
const marginMs = 100
const never: LastAsked = { at: -Infinity, picture: '', pauseMs: unsettledMs }

/**
 * Who hangs on which session and until when: `dump` of the leader, `cons` of every server. Each word is a line in a server's
 * log, so a look asks only for what is due, and hands on the rest as it was read, with its time.
 */
export class SessionsSource implements Source<Sessions> {
  readonly name = 'sessions'
  readonly apis = ['dump', 'cons']
  readonly pace: Pace
  readonly #options: SessionsOptions
  #known: Sessions = { dump: undefined, servers: new Map() }
  #dump = never
  #connections = never
  /** `host:port word` -> `mono` ms until which it is not asked again. */
  readonly #leftOut = new Map<string, { readonly until: number; readonly isRefused: boolean }>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: SessionsOptions) {
    this.#options = options
    this.pace = options.pace
  }

  async observe({ view, signal }: Look): Promise<Sessions | undefined> {
    clearTimeout(this.#timer)
    this.#forgetTheDead(view)
    const leader = view.zookeeper && leadingServer(view.zookeeper.value)
    const now = this.#options.clock().mono
    const picture = pictureOf(view)
    const asks: Promise<boolean>[] = []
    if (leader !== undefined && isDumpDue(view, this.#known, this.#dump, picture, now)) {
      this.#dump = { ...this.#dump, at: now, picture }
      const address = this.#options.servers.find((server) => addressText(server) === leader.server)
      if (address !== undefined && this.#mayAsk(address, 'dump')) {
        asks.push(this.#askDump(address, leader, view, signal))
      }
    }
    if (areConnectionsDue(this.#known, this.#connections, picture, now)) {
      this.#connections = nextAsked(this.#connections, picture, now)
      const asked = this.#options.servers.filter(
        (server) => serves(view, addressText(server)) && this.#mayAsk(server, 'cons'),
      )
      asks.push(...asked.map((server) => this.#askConnections(server, signal)))
    }
    const told = await Promise.all(asks)
    this.#forgetTheAged()
    if (this.#known.dump !== undefined) {
      this.#timer = setTimeout(this.#options.look, nextDumpMs(view, this.#known)).unref()
    }
    // What one word does not tell must not take away what another told.
    const isNothing = this.#known.dump === undefined && this.#known.servers.size === 0
    return isNothing && told.length > 0 && !told.includes(true) ? undefined : this.#known
  }

  close(): void {
    clearTimeout(this.#timer)
  }

  async #askDump(address: Address, leader: LeadingServer, view: View, signal: AbortSignal): Promise<boolean> {
    const at = this.#options.clock()
    const text = await this.#ask(address, 'dump', signal)
    if (text === undefined) return this.#isRefused(address, 'dump')
    const read = readDump(text, {
      chroot: this.#options.chroot,
      askedAt: at.wall,
      answeredAt: this.#options.clock().wall,
      longestTimeoutMs: longestTimeout(this.#known),
      own: view.znodes?.value.session,
    })
    if (!read.ok) {
      this.#leaveOut(leader.server, 'dump', unsettledMs)
      this.#options.notes.failed(leader.server, read.failure)
      return false
    }
    const dump: SessionDump = { at, server: leader.server, epoch: leader.epoch, ...read.value }
    this.#known = { ...this.#known, dump }
    return true
  }

  async #askConnections(address: Address, signal: AbortSignal): Promise<boolean> {
    const at = this.#options.clock()
    const text = await this.#ask(address, 'cons', signal)
    if (text === undefined) return this.#isRefused(address, 'cons')
    const parsed = parseCons(text)
    if (!parsed.ok) {
      this.#options.notes.failed(addressText(address), parsed.failure)
      return false
    }
    const told: ConnectedSessions = { at, timeouts: parsed.value }
    this.#known = { ...this.#known, servers: new Map([...this.#known.servers, [addressText(address), told]]) }
    return true
  }

  async #ask(address: Address, word: Word, signal: AbortSignal): Promise<string | undefined> {
    const { notes, tls, ask = askWord } = this.#options
    notes.sent(word)
    const answer = await ask({ address, word, tls, signal, deadlineMs: this.pace.deadlineMs - marginMs })
    const target = addressText(address)
    if (!answer.ok) {
      if (answer.failure.reason === 'protocol') this.#leaveOut(target, word, unreadableForMs)
      notes.failed(target, answer.failure)
      return undefined
    }
    const kind = replyKind(word, answer.value)
    if (kind === 'text') return answer.value
    if (kind === 'refused') this.#leaveOut(target, word, refusedForMs)
    const reason = kind === 'refused' ? 'auth' : 'protocol'
    notes.failed(target, failed(reason, `${word}: ${answer.value.trim()}`).failure)
    return undefined
  }

  #mayAsk(address: Address, word: Word): boolean {
    return (this.#leftOut.get(`${addressText(address)} ${word}`)?.until ?? -Infinity) <= this.#options.clock().mono
  }

  #leaveOut(target: string, word: Word, forMs: number): void {
    this.#leftOut.set(`${target} ${word}`, {
      until: this.#options.clock().mono + forMs,
      isRefused: forMs === refusedForMs,
    })
  }

  /** What is refused is a usable answer: nothing more can be had. */
  #isRefused(address: Address, word: Word): boolean {
    return !this.#mayAsk(address, word) && this.#leftOut.get(`${addressText(address)} ${word}`)?.isRefused === true
  }

  /** Whose server has died is on its way to another: until it is found there its connection is on none that is known. */
  #forgetTheDead(view: View): void {
    const servers = new Map([...this.#known.servers].filter(([server]) => serves(view, server)))
    this.#known = { ...this.#known, servers }
  }

  #forgetTheAged(): void {
    const now = this.#options.clock().mono
    const { dump, servers } = this.#known
    this.#known = {
      dump: dump !== undefined && now - dump.at.mono <= sessionMaxAgeMs ? dump : undefined,
      servers: new Map([...servers].filter(([, { at }]) => now - at.mono <= connectionMaxAgeMs)),
    }
  }
}

/** Without the word of the ensemble's own source every server is asked. */
function serves({ zookeeper }: View, server: string): boolean {
  return canHoldSessions(zookeeper?.value.servers.get(server)?.state)
}

/** Twenty ticks of 3 s, unless a session has more: what a server grants by default. */
function longestTimeout({ servers }: Sessions): number {
  let longest = 60_000
  for (const { timeouts } of servers.values()) {
    for (const timeoutMs of timeouts.values()) longest = Math.max(longest, timeoutMs ?? 0)
  }
  return longest
}
