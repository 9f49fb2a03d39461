import type net from 'node:net'
import type tls from 'node:tls'
import type { Address } from '../../model/address.ts'
import { failed, success, type Failure, type Result } from '../../model/result.ts'
import { apiKeys, type ApiName, type ApiVersions, type Call } from './api.ts'
import { apiVersionsCall } from './api-versions.ts'
import { frameLimit, Framer } from './framer.ts'
import { networkFailure } from './network-failure.ts'
import { openSocket } from './socket.ts'
import { inItsOwnTurn } from './turns.ts'
import { Writer } from './writer.ts'

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

interface Pending {
  /** Given the reply without its header, or why there is none. */
  readonly settle: (reply: Result<Buffer>) => void
  readonly flexible: boolean
  expired: boolean
}

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
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #replies = 0
  #timedOut = false
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
    return this.#closure === undefined && !this.#timedOut
  }

  /** Whether anybody waits for an answer. */
  get awaited(): boolean {
    return [...this.#pending.values()].some(({ expired }) => !expired)
  }

  get closed(): boolean {
    return this.#closure !== undefined
  }

  /** One request and its decoded reply. Fails with `hung` at the deadline, with the closure's reason when the socket goes. */
  async request<T>(call: Call<T>, deadlineMs: number): Promise<Result<T>> {
    if (this.#closure !== undefined) return { ok: false, failure: this.#closure }
    const id = this.#nextId
    this.#nextId = (this.#nextId + 1) & 0x7fffffff
    this.#events.sent?.(call.api)
    const reply = await new Promise<Result<Buffer>>((resolve) => {
      const pending: Pending = {
        settle: (result) => {
          clearTimeout(timer)
          resolve(result)
        },
        flexible: call.flexible && call.plainReply !== true,
        expired: false,
      }
      const timer = setTimeout(() => {
        pending.expired = true
        this.#timedOut = true
        resolve(failed('hung', `no answer to ${call.api} within ${Math.round(deadlineMs)} ms`))
      }, deadlineMs)
      this.#pending.set(id, pending)
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
    for (const reply of frames.value) this.#replied(reply)
  }

  #replied(reply: Buffer): void {
    const id = reply.readInt32BE(0)
    const pending = this.#pending.get(id)
    if (pending === undefined) {
      this.#close({ reason: 'protocol', detail: `a reply to request ${id}, which was not asked` }, true)
      return
    }
    this.#pending.delete(id)
    this.#replies++
    if (pending.expired) {
      this.#events.late?.()
      return
    }
    // A flexible reply header ends with tagged fields; brokers send none, and one byte says so.
    const body = pending.flexible ? 5 : 4
    if (pending.flexible && reply[4] !== 0) {
      pending.settle(failed('protocol', 'tagged fields in a reply header'))
      this.#close({ reason: 'protocol', detail: 'tagged fields in a reply header' }, true)
    } else {
      pending.settle(success(reply.subarray(body)))
    }
  }

  /** What misconfigured listeners do instead of saying what they want. */
  #closureDetail(): string {
    const wants = this.#options.tls === undefined ? 'wants TLS' : 'does not accept our certificate'
    if (this.#replies === 0) return `closed before any answer: not a Kafka listener, or one that ${wants}`
    if (this.#replies === 1 && this.#options.login === undefined) return 'closed at the first request: wants SASL?'
    return 'the broker closed the connection'
  }

  #close(failure: Failure, tell: boolean): void {
    if (this.#closure !== undefined) return
    this.#closure = failure
    this.#socket.destroy()
    for (const pending of this.#pending.values()) if (!pending.expired) pending.settle({ ok: false, failure })
    this.#pending.clear()
    this.#framer.clear()
    if (tell) this.#events.closed?.(failure)
  }
}

function frame(call: Call<unknown>, id: number, clientId: string): Buffer {
  const head = new Writer()
    .int32(0)
    .int16(apiKeys[call.api])
    .int16(call.version)
    .int32(id)
    .string(clientId, false)
    .tags(call.flexible)
    .finish()
  head.writeInt32BE(head.length - 4 + call.body.length, 0)
  return Buffer.concat([head, call.body])
}
