import type net from 'node:net'
import type tls from 'node:tls'
import type { Address } from '../../model/address.ts'
import { success, type Failure, type Result } from '../../model/result.ts'
import type { ApiName, ApiVersions, Call } from './api.ts'
import { apiVersionsCall } from './api-versions.ts'
import { frameLimit, Framer } from './framer.ts'
import { networkFailure } from './network-failure.ts'
import { frame, Requests } from './requests.ts'
import { openSocket } from './socket.ts'
import { inItsOwnTurn } from './turns.ts'

/** Logs a fresh connection in. `left` gives the milliseconds that remain. */
export type Login = (
  connection: Pick<Connection, 'request'>,
  target: Address,
  left: () => number,
) => Promise<Result<undefined>>

export interface ConnectionOptions {
  readonly clientId: string
  /** Options for tls.connect; undefined = plain TCP. */
  readonly tls: tls.ConnectionOptions | undefined
  readonly login: Login | undefined
  /** Largest frame taken after the handshake, in bytes; default `frameLimit`. */
  readonly largestFrame?: number
}

export interface ConnectionEvents {
  /** A request leaves. */
  readonly sent?: (api: ApiName) => void
  /** The socket is gone and this side did not ask for it. At most once. */
  readonly closed?: (failure: Failure) => void
  /** A reply came after its deadline: the broker lives again. */
  readonly late?: () => void
}

/** Bytes from which on a reply may take a millisecond to decode. */
const bigReply = 64 * 1024

/**
 * One connection to one broker: frames, correlation ids, a deadline for every request. It never throws and never
 * reconnects; once a request timed out, or anything but the awaited replies arrived, it is not `usable` any more.
 */
export class Connection {
  /** What the broker said it speaks. */
  versions: ApiVersions = new Map()
  readonly #socket: net.Socket
  readonly #target: Address
  readonly #options: ConnectionOptions
  readonly #events: ConnectionEvents
  readonly #framer = new Framer()
  readonly #requests = new Requests()
  #closure: Failure | undefined

  private constructor(socket: net.Socket, target: Address, options: ConnectionOptions, events: ConnectionEvents) {
    this.#socket = socket
    this.#target = target
    this.#options = options
    this.#events = events
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('error', (error) => this.#close(networkFailure(error).failure, true))
    socket.on('close', () => this.#close({ reason: 'closed', detail: this.#closureDetail() }, true))
  }

  /** TCP, and TLS where asked; `handshake` comes next. */
  static async connect(
    target: Address,
    options: ConnectionOptions,
    events: ConnectionEvents,
    deadlineMs: number,
  ): Promise<Result<Connection>> {
    const socket = await openSocket(target, options.tls, deadlineMs)
    return socket.ok ? success(new Connection(socket.value, target, options, events)) : socket
  }

  /** Both steps within one deadline, for whoever needs nothing from a connection that cannot be used. */
  static async open(
    target: Address,
    options: ConnectionOptions,
    events: ConnectionEvents,
    deadlineMs: number,
  ): Promise<Result<Connection>> {
    const until = performance.now() + deadlineMs
    const connection = await Connection.connect(target, options, events, deadlineMs)
    if (!connection.ok) return connection
    const ready = await connection.value.handshake(until - performance.now())
    if (ready.ok) return connection
    connection.value.destroy()
    return ready
  }

  /** Learns the broker's versions and logs in. */
  async handshake(deadlineMs: number): Promise<Result<undefined>> {
    const until = performance.now() + deadlineMs
    const left = (): number => Math.max(1, until - performance.now())
    const versions = await this.request(apiVersionsCall, left())
    if (!versions.ok) return versions
    this.versions = versions.value
    const login = (await this.#options.login?.(this, this.#target, left)) ?? success(undefined)
    if (login.ok) this.#framer.limit = this.#options.largestFrame ?? frameLimit
    return login
  }

  get usable(): boolean {
    return this.#closure === undefined && !this.#requests.timedOut
  }

  /** Whether anybody waits for an answer. */
  get awaited(): boolean {
    return this.#requests.awaited
  }

  get closed(): boolean {
    return this.#closure !== undefined
  }

  /** One request and its decoded reply. Fails with `hung` at the deadline, with the closure's reason when the socket goes. */
  async request<T>(call: Call<T>, deadlineMs: number): Promise<Result<T>> {
    if (this.#closure !== undefined) return { ok: false, failure: this.#closure }
    this.#events.sent?.(call.api)
    const reply = await this.#requests.begin(call, deadlineMs, (id) => {
      this.#socket.write(frame(call, id, this.#options.clientId))
    })
    if (!reply.ok) return reply
    const decode = (): Result<T> => call.decode(reply.value)
    const decoded = reply.value.length < bigReply ? decode() : await inItsOwnTurn(decode)
    if (!decoded.ok && decoded.failure.reason === 'protocol') this.#close(decoded.failure, true)
    return decoded
  }

  destroy(): void {
    this.#close({ reason: 'closed', detail: 'closed by this exporter' }, false)
  }

  #received(chunk: Buffer): void {
    if (this.#closure !== undefined) return
    const frames = this.#framer.push(chunk)
    if (!frames.ok) {
      this.#close(frames.failure, true)
      return
    }
    for (const reply of frames.value) {
      const taken = this.#requests.take(reply)
      if (!taken.ok) this.#close(taken.failure, true)
      else if (taken.value === 'late') this.#events.late?.()
    }
  }

  /** What misconfigured listeners do instead of saying what they want. */
  #closureDetail(): string {
    const wants = this.#options.tls === undefined ? 'wants TLS' : 'does not accept our certificate'
    if (this.#requests.replies === 0) return `closed before any answer: not a Kafka listener, or one that ${wants}`
    if (this.#requests.replies === 1 && this.#options.login === undefined)
      return 'closed at the first request: wants SASL?'
    return 'the broker closed the connection'
  }

  #close(failure: Failure, tell: boolean): void {
    if (this.#closure !== undefined) return
    this.#closure = failure
    this.#socket.destroy()
    this.#requests.abandon(failure)
    this.#framer.clear()
    if (tell) this.#events.closed?.(failure)
  }
}
