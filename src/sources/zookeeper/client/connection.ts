import type net from 'node:net'
import type tls from 'node:tls'
import type { Address } from '../../../model/address.ts'
import { failed, success, type Failure, type Result } from '../../../model/result.ts'
import { Framer } from '../../kafka/framer.ts'
import { networkFailure } from '../../kafka/network-failure.ts'
import { openSocket } from '../../kafka/socket.ts'
import { inItsOwnTurn } from '../../kafka/turns.ts'
import { JuteReader } from './jute.ts'
import { PendingQueries, type Reply } from './pending.ts'
import {
  bareFrame,
  connectFrame,
  pingXid,
  queryFrame,
  readConnectResponse,
  readHeader,
  readWatcherEvent,
  replyError,
  watcherEventXid,
  type Credentials,
  type Grant,
  type OpName,
  type Query,
} from './protocol.ts'
import { Pulse } from './pulse.ts'

export interface ConnectionSetup {
  /** Options for tls.connect; undefined = plain TCP. */
  readonly tls: tls.ConnectionOptions | undefined
  readonly credentials: Credentials
  /** Asked for, ms; the server settles it between 2 and 20 of its ticks. */
  readonly timeoutMs: number
  /** A server that is behind this closes the connection: no going back in time within a session. */
  readonly lastZxid: bigint
}

export interface ConnectionEvents {
  readonly sent: (op: OpName) => void
  /** A request was answered that left at this moment (`performance.now`): the session was re-armed by it. */
  readonly answered: (sentAt: number, zxid: bigint) => void
  /** A watch on this path has fired. */
  readonly fired: (path: string) => void
  /** The socket is gone and this side did not ask for it. At most once. */
  readonly closed: (failure: Failure) => void
}

/** Room for a list of some 600,000 names. ZooKeeper's own clients take 4 MiB unless told otherwise. */
export const largestFrame = 32 * 1024 * 1024
/** What a server may send before it has accepted the session. */
const largestGreeting = 1024
/** Bytes from which on a reply may take a millisecond to decode. */
const bigReply = 64 * 1024
/**
 * One connection to one server, within one session: handshake, questions and answers, a pulse, an end. It never throws and
 * never reconnects.
 */
export class SessionConnection {
  readonly #socket: net.Socket
  readonly #events: ConnectionEvents
  readonly #framer = new Framer('a ZooKeeper server', largestGreeting)
  readonly #pending = new PendingQueries()
  readonly #pulse: Pulse
  #greet: ((response: Result<Grant | undefined>) => void) | undefined
  #closure: Failure | undefined

  private constructor(socket: net.Socket, events: ConnectionEvents) {
    this.#socket = socket
    this.#events = events
    this.#pulse = new Pulse({
      ping: () => {
        events.sent('ping')
        socket.write(bareFrame('ping', pingXid))
      },
      oldest: () => this.#pending.oldest,
      lost: (failure) => this.#close(failure, true),
    })
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('error', (error) => this.#close(networkFailure(error).failure, true))
    socket.on('close', () => this.#close({ reason: 'closed', detail: this.#closureDetail() }, true))
  }

  /** TCP, TLS where asked, and ZooKeeper's handshake, all within the deadline. Without a connection: the session has expired. */
  static async open(
    target: Address,
    setup: ConnectionSetup,
    events: ConnectionEvents,
    deadlineMs: number,
  ): Promise<Result<{ readonly connection: SessionConnection; readonly grant: Grant } | undefined>> {
    const until = performance.now() + deadlineMs
    const socket = await openSocket(target, setup.tls, deadlineMs)
    if (!socket.ok) return socket
    const connection = new SessionConnection(socket.value, events)
    const granted = await connection.#handshake(setup, Math.max(1, until - performance.now()))
    if (granted.ok && granted.value !== undefined) return success({ connection, grant: granted.value })
    connection.destroy()
    return granted.ok ? success(undefined) : granted
  }

  /** Why it is over; undefined while it is not. */
  get closure(): Failure | undefined {
    return this.#closure
  }

  /** Whether anything came after this moment (`performance.now`). */
  heardSince(moment: number): boolean {
    return this.#pulse.heardSince(moment)
  }

  /** One read. undefined: there is no such node. `hung` at the deadline; what closes the connection fails with its reason. */
  async ask<T>(query: Query<T>, deadlineMs: number): Promise<Result<T | undefined>> {
    const reply = await this.#send(query, deadlineMs)
    if (!reply.ok) return reply
    const { body, bytes, error } = reply.value
    if (error !== 0) return replyError(query, error)
    const value = bytes < bigReply ? query.decode(body) : await inItsOwnTurn(() => query.decode(body))
    if (body.failure === undefined) return success(value)
    const garbage = failed('protocol', `reply to ${query.op}: ${body.failure}`)
    this.#close(garbage.failure, true)
    return garbage
  }

  /** Ends the session at the server, which need not wait for its expiry then; gives up after the deadline. */
  async endSession(deadlineMs: number): Promise<void> {
    if (this.#closure === undefined) {
      const over = new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, deadlineMs)
        this.#socket.once('close', () => {
          clearTimeout(timer)
          resolve()
        })
      })
      this.#closure = { reason: 'closed', detail: 'closed by this exporter' }
      this.#settleAll(this.#closure)
      this.#events.sent('closeSession')
      this.#socket.write(bareFrame('closeSession', this.#pending.nextXid))
      // The server answers and hangs up.
      this.#socket.resume()
      await over
    }
    this.#socket.destroy()
  }

  destroy(): void {
    this.#close({ reason: 'closed', detail: 'closed by this exporter' }, false)
  }

  #handshake(setup: ConnectionSetup, deadlineMs: number): Promise<Result<Grant | undefined>> {
    return new Promise<Result<Grant | undefined>>((resolve) => {
      const timer = setTimeout(() => {
        resolve(failed('hung', `no answer to the session's request within ${Math.round(deadlineMs)} ms`))
      }, deadlineMs)
      this.#greet = (result) => {
        clearTimeout(timer)
        resolve(result)
      }
      if (this.#closure !== undefined) this.#greet({ ok: false, failure: this.#closure })
      else this.#socket.write(connectFrame(setup.credentials, setup.timeoutMs, setup.lastZxid))
    })
  }

  #send(query: Query<unknown>, deadlineMs: number): Promise<Result<Reply>> {
    if (this.#closure !== undefined) return Promise.resolve({ ok: false, failure: this.#closure })
    this.#events.sent(query.op)
    const { xid, reply } = this.#pending.add(query, deadlineMs)
    this.#socket.write(queryFrame(query, xid))
    return reply
  }

  #received(chunk: Buffer): void {
    if (this.#closure !== undefined) return
    this.#pulse.heard()
    const frames = this.#framer.push(chunk)
    if (!frames.ok) {
      this.#close(frames.failure, true)
      return
    }
    for (const frame of frames.value) {
      if (this.#pulse.hasBegun) this.#replied(frame)
      else this.#greeted(frame)
    }
  }

  #greeted(frame: Buffer): void {
    const response = readConnectResponse(frame)
    if (!response.ok) {
      this.#close(response.failure, true)
      return
    }
    if (response.value !== undefined) {
      this.#framer.limit = largestFrame
      this.#pulse.begin(response.value.timeoutMs)
    }
    const greet = this.#greet
    this.#greet = undefined
    greet?.(response)
  }

  #replied(frame: Buffer): void {
    if (this.#closure !== undefined) return
    const body = new JuteReader(frame)
    const header = readHeader(body)
    if (body.failure !== undefined) {
      this.#close({ reason: 'protocol', detail: `reply header: ${body.failure}` }, true)
    } else if (header.xid === watcherEventXid) {
      const path = readWatcherEvent(body)
      if (path !== undefined) this.#events.fired(path)
    } else if (header.xid === pingXid) {
      const sentAt = this.#pulse.ponged()
      if (sentAt !== undefined) this.#events.answered(sentAt, header.zxid)
    } else {
      const pending = this.#pending.take(header.xid)
      if (pending === undefined) {
        this.#close({ reason: 'protocol', detail: `a reply to request ${header.xid}, which was not due` }, true)
        return
      }
      this.#events.answered(pending.sentAt, header.zxid)
      pending.settle(success({ ...header, body, bytes: frame.length }))
    }
  }

  #closureDetail(): string {
    if (this.#pulse.hasBegun) return 'the server closed the connection'
    return 'closed before any answer: it serves nobody now (no quorum?), is behind what was seen already, or wants TLS'
  }

  #close(failure: Failure, tell: boolean): void {
    if (this.#closure !== undefined) return
    this.#closure = failure
    this.#socket.destroy()
    this.#framer.clear()
    this.#settleAll(failure)
    if (this.#greet !== undefined) this.#greet({ ok: false, failure })
    else if (tell) this.#events.closed(failure)
  }

  #settleAll(failure: Failure): void {
    this.#pulse.end()
    this.#pending.failAll(failure)
  }
}
