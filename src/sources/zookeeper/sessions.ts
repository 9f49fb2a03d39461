import { addressText, type Address } from '../../model/address.ts'
import type { Clock, Instant } from '../../model/instant.ts'
import { canHoldSessions } from '../../model/ensemble.ts'
import { leadingServer, type LeadingServer } from '../../model/leading.ts'
import type { Result } from '../../model/result.ts'
import {
  connectionMaxAgeMs,
  connectionOf,
  sessionMaxAgeMs,
  type ConnectedSessions,
  type SessionDump,
  type Sessions,
} from '../../model/sessions.ts'
import type { View } from '../../model/view.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { adminServerOf, type AdminAsking } from './admin-server.ts'
import type { ElapsedClock } from './elapsed-clock.ts'
import { parseConnections } from './parse-admin-sessions.ts'
import { parseCons } from './parse-cons.ts'
import { readAdminDump } from './read-admin-dump.ts'
import { readDump } from './read-dump.ts'
import { SessionQuestions, type Text } from './session-questions.ts'
import {
  areConnectionsDue,
  isDumpDue,
  nextAsked,
  nextDumpMs,
  pictureOf,
  unsettledMs,
  type LastAsked,
} from './sessions-due.ts'
import type { Asking } from './word.ts'

export interface SessionsOptions {
  readonly servers: readonly Address[]
  /** Base URLs; see `adminServerOf` for which is whose. */
  readonly adminServers: readonly string[]
  /** Kafka's root. */
  readonly chroot: string
  readonly tls: Asking['tls']
  readonly clock: Clock
  readonly notes: Notes
  readonly pace: Pace
  /** Asks for a look: a session is running out. */
  readonly look: () => void
  readonly ask?: (asking: Asking) => Promise<Result<string>>
  readonly askAdmin?: (asking: AdminAsking) => Promise<Result<string>>
}

/** Short of the look's own deadline, so that what was told in time is kept. */
const marginMs = 100
const never: LastAsked = { at: -Infinity, picture: '', pauseMs: unsettledMs }

/**
 * Who hangs on which session and until when: `dump` of the leader, `cons` of every server, or what their AdminServers have in
 * its place. Each word is a line in a server's log, so a look asks only for what is due, and hands on the rest as it was read,
 * with its time.
 */
export class SessionsSource implements Source<Sessions> {
  readonly name = 'sessions'
  readonly apis: readonly string[]
  readonly pace: Pace
  readonly #options: SessionsOptions
  #known: Sessions = { dump: undefined, servers: new Map() }
  #dump = never
  #connections = never
  readonly #questions: SessionQuestions
  /** `host:port` -> what the dumps of its AdminServer tell of its clock. */
  readonly #clocks = new Map<string, ElapsedClock>()
  #timer: NodeJS.Timeout | undefined

  constructor(options: SessionsOptions) {
    this.#options = options
    this.pace = options.pace
    const { servers, adminServers, pace } = options
    this.apis = ['dump', 'cons', ...(adminServers.length === 0 ? [] : ['/commands/dump', '/commands/connections'])]
    this.#questions = new SessionQuestions({
      ...options,
      deadlineMs: pace.deadlineMs - marginMs,
      adminServerOf: (server) => adminServerOf(server, servers, adminServers),
    })
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
      if (address !== undefined && this.#questions.mayAsk(address, 'dump')) {
        asks.push(this.#askDump(address, leader, view, signal))
      }
    }
    if (areConnectionsDue(this.#known, this.#connections, picture, now)) {
      this.#connections = nextAsked(this.#connections, picture, now)
      const asked = this.#options.servers.filter(
        (server) => serves(view, addressText(server)) && this.#questions.mayAsk(server, 'cons'),
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
    const answer = await this.#questions.ask(address, 'dump', signal)
    if (answer === undefined || answer === 'refused') return answer !== undefined
    const read = this.#readDump(answer, leader.server, at, view)
    if (!read.ok) {
      this.#questions.unread(address, 'dump', answer.by, read.failure)
      return false
    }
    const { sessions, errorMs } = read.value
    const dump: SessionDump = { at, server: leader.server, epoch: leader.epoch, sessions, errorMs }
    this.#known = { ...this.#known, dump }
    return true
  }

  #readDump(
    { by, text }: Text,
    server: string,
    asked: Instant,
    view: View,
  ): Result<Pick<SessionDump, 'sessions' | 'errorMs'>> {
    const { chroot, clock } = this.#options
    const answered = clock()
    const longestTimeoutMs = longestTimeout(this.#known)
    const own = view.znodes?.value.session
    if (by === 'word') {
      return readDump(text, { chroot, askedAt: asked.wall, answeredAt: answered.wall, longestTimeoutMs, own })
    }
    const timeoutOf = (session: string): number | undefined => connectionOf(session, this.#known)?.timeoutMs
    const known = this.#clocks.get(server)
    // One that does not fit is not believed, nor is what it does not fit: the next one begins anew.
    this.#clocks.delete(server)
    const read = readAdminDump(text, { chroot, clock: known, asked, answered, timeoutOf, longestTimeoutMs, own })
    if (read.ok && read.value.clock !== undefined) this.#clocks.set(server, read.value.clock)
    return read
  }

  async #askConnections(address: Address, signal: AbortSignal): Promise<boolean> {
    const at = this.#options.clock()
    const answer = await this.#questions.ask(address, 'cons', signal)
    if (answer === undefined || answer === 'refused') return answer !== undefined
    const parsed = answer.by === 'word' ? parseCons(answer.text) : parseConnections(answer.text)
    if (!parsed.ok) {
      this.#questions.unread(address, 'cons', answer.by, parsed.failure)
      return false
    }
    const told: ConnectedSessions = { at, timeouts: parsed.value }
    this.#known = { ...this.#known, servers: new Map([...this.#known.servers, [addressText(address), told]]) }
    return true
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
