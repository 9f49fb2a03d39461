import type { Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import { failed, type Failure, type Result } from '../../model/result.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { unauthenticatedFrameLimit } from './framer.ts'

/** The newest word on one address: what it answers, or why it does not. */
export type ProbeState<V> =
  | { readonly up: true; readonly view: V; readonly returnedAt: number | undefined }
  | { readonly up: false; readonly failure: Failure }

export interface ProberSetup<V> {
  readonly clock: Clock
  readonly connection: ConnectionOptions
  /** One probe over a connection that stands. */
  readonly ask: (connection: Connection, deadlineMs: number) => Promise<Result<V>>
  /** Whether two answers are the same story. */
  readonly same: (a: V, b: V) => boolean
  /** For one connect with handshake, and for one probe. */
  readonly deadlineMs: number
  /** A paused broker accepts only as many connections as its backlog holds: while hung it gets a new one this often. */
  readonly hungReconnectMs: number
  /** The address's state is another than before. */
  readonly changed: () => void
  /** Something happened between probes that deserves one at once. */
  readonly wake: () => void
  readonly sent: (api: string) => void
  readonly failed: (failure: Failure) => void
}

/** A connection that lived shorter than this does not ask for an immediate look when it goes: no storms of reconnects. */
const settledMs = 1_000

/** Room for 10,000 brokers: more need not be kept of one that trickles for as long as it is listened to. */
const largestFrame = unauthenticatedFrameLimit

/**
 * Watches one address, a broker or a controller, over one connection of its own. Down at once when the connection goes and the immediate reconnect
 * fails; down after two silent probes in a row; up with every answer.
 */
export class Prober<V> {
  state: ProbeState<V> | undefined
  /** `mono` ms at which the first question went out that was not answered; undefined while it answers. */
  unansweredSince: number | undefined
  readonly #address: Address
  readonly #setup: ProberSetup<V>
  #connection: Connection | undefined
  /** The newest connection that fell silent: an answer or a reset on it is the first sign of a change. */
  #silent: Connection | undefined
  #probing: Promise<void> | undefined
  #lastConnectAt = -Infinity
  #returnedAt: number | undefined
  #isStirred = false
  /** The connection that fell silent last has been reset since. */
  #wasReset = false
  #closed = false

  constructor(address: Address, setup: ProberSetup<V>) {
    this.#address = address
    this.#setup = setup
  }

  /** Nothing is known yet, or something happened since the last probe. */
  get urgent(): boolean {
    return this.state === undefined || this.#isStirred
  }

  /** Starts a probe unless one is under way; resolves when that one is over. */
  probe(): Promise<void> {
    if (this.#probing === undefined) this.#isStirred = false
    this.#probing ??= this.#probe().finally(() => (this.#probing = undefined))
    return this.#probing
  }

  close(): void {
    this.#closed = true
    this.#connection?.destroy()
    this.#silent?.destroy()
  }

  async #probe(): Promise<void> {
    this.unansweredSince ??= this.#setup.clock().mono
    if (this.#connection?.usable === true) {
      const answer = await this.#ask(this.#connection)
      if (answer.ok) this.#up(answer.value)
      if (answer.ok || this.#closed) return
      this.#setup.failed(answer.failure)
    } else if (this.#hangs && this.#setup.clock().mono - this.#lastConnectAt < this.#setup.hungReconnectMs) {
      return
    }
    const connection = await this.#reconnect()
    const answer = connection.ok ? await this.#ask(connection.value) : connection
    if (this.#closed) return
    if (answer.ok) this.#up(answer.value)
    else this.#down(answer.failure)
  }

  /** With or without a connection to listen on: one that fell silent during its TLS handshake is not kept. */
  get #hangs(): boolean {
    return this.state?.up === false && this.state.failure.reason === 'hung' && !this.#wasReset
  }

  async #reconnect(): Promise<Result<Connection>> {
    const { connection: options, deadlineMs, sent, clock } = this.#setup
    const startedAt = clock().mono
    this.#lastConnectAt = startedAt
    this.#connection?.destroy()
    this.#connection = undefined
    const events = { sent, closed: () => this.#gone(startedAt), late: () => this.#stirred() }
    const connected = await Connection.connect(this.#address, { ...options, largestFrame }, events, deadlineMs)
    if (!connected.ok) return connected
    if (this.#closed) {
      connected.value.destroy()
      return failed('closed', 'closed by this exporter')
    }
    this.#connection = connected.value
    const ready = await connected.value.handshake(deadlineMs - (clock().mono - startedAt))
    if (ready.ok) return connected
    this.#leave(connected.value, ready.failure)
    return ready
  }

  async #ask(connection: Connection): Promise<Result<V>> {
    const answer = await this.#setup.ask(connection, this.#setup.deadlineMs)
    if (!answer.ok) this.#leave(connection, answer.failure)
    return answer
  }

  /** A silent connection is kept to listen on; every other failed one is of no more use. */
  #leave(connection: Connection, failure: Failure): void {
    this.#connection = undefined
    if (failure.reason === 'hung' && !this.#closed) {
      this.#silent?.destroy()
      this.#silent = connection
    } else {
      connection.destroy()
    }
  }

  #gone(openedAt: number): void {
    if (this.#silent?.closed === true) {
      this.#silent = undefined
      this.#wasReset = true
      this.#stirred()
    } else if (this.#probing === undefined && this.#setup.clock().mono - openedAt >= settledMs) {
      this.#isStirred = true
      this.#setup.wake()
    }
  }

  /** A sign of life or death from a hung broker: the next probe may reconnect at once. */
  #stirred(): void {
    this.#lastConnectAt = -Infinity
    this.#isStirred = true
    this.#setup.wake()
  }

  #up(view: V): void {
    this.unansweredSince = undefined
    this.#silent?.destroy()
    this.#silent = undefined
    if (this.state?.up === false) this.#returnedAt = this.#setup.clock().mono
    const before = this.state
    this.state = { up: true, view, returnedAt: this.#returnedAt }
    if (before?.up !== true || !this.#setup.same(before.view, view)) this.#setup.changed()
  }

  #down(failure: Failure): void {
    this.#setup.failed(failure)
    // After `hung` a full backlog that drops SYNs is no news, unless a reset came in between.
    if (this.#hangs && failure.reason === 'timeout') return
    this.#wasReset = false
    const before = this.state
    // A host that is switched off is silent and unreachable by turns: no news either.
    if (before?.up === false && isFar(before.failure) && isFar(failure)) return
    this.state = { up: false, failure }
    if (before?.up !== false || before.failure.reason !== failure.reason) this.#setup.changed()
  }
}

function isFar({ reason }: Failure): boolean {
  return reason === 'timeout' || reason === 'no_route'
}
