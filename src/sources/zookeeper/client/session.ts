import type tls from 'node:tls'
import { addressText, type Address } from '../../../model/address.ts'
import type { Clock } from '../../../model/instant.ts'
import { failed, type Result } from '../../../model/result.ts'
import { sessionText } from '../../../model/sessions.ts'
import type { Notes } from '../../../source.ts'
import { SessionConnection } from './connection.ts'
import { noSession, type Credentials, type Query } from './protocol.ts'
import { Pause, pauseMs, shuffled } from './reconnecting.ts'

export interface SessionSetup {
  readonly servers: readonly Address[]
  /** Options for tls.connect; undefined = plain TCP. */
  readonly tls: tls.ConnectionOptions | undefined
  /** Asked for, ms. */
  readonly timeoutMs: number
  readonly clock: Clock
  readonly notes: Pick<Notes, 'sent' | 'failed'>
  /** A watch on this path has fired. */
  readonly fired: (path: string) => void
  /** Connected, for the first time or again: every watch that was left before is lost. */
  readonly connected: () => void
  /** 0 <= x < 1: scatters the order of servers and the pauses. */
  readonly random?: () => number
}

/** A session that has a connection. */
export interface Seat {
  /** `host:port`. */
  readonly server: string
  readonly connection: SessionConnection
  readonly timeoutMs: number
}

/** A connection that lived shorter than this counts as a failed attempt: no storms of reconnects. */
const settledMs = 1_000
/** For TCP, TLS and the server's word on the session; doubled with every round in which nobody was in time. */
const firstConnectMs = 1_000
/** Servers that are away for longer than so many time-outs have forgotten the session, or their data. */
const timeoutsToKeep = 3
const closeMs = 500

/**
 * A session with the ensemble: one connection at a time, another server at once when it goes, the same session as long as
 * the servers know it and a new one after. Reads fail while there is no connection; asking again is up to the caller.
 */
export class Session {
  readonly #setup: SessionSetup
  readonly #random: () => number
  readonly #pause = new Pause()
  readonly #waiters = new Set<() => void>()
  readonly #order: readonly Address[]
  #tried = 0
  #seat: Seat | undefined
  #credentials: Credentials = noSession
  #lastZxid = 0n
  #answeredAt = performance.now()
  #touchedAt: number | undefined
  #timeoutMs: number
  #started = false
  #closed = false

  constructor(setup: SessionSetup) {
    this.#setup = setup
    this.#random = setup.random ?? Math.random
    this.#order = shuffled(setup.servers, this.#random)
    this.#timeoutMs = setup.timeoutMs
  }

  /** undefined: not connected now. Another object for every connection. */
  get seat(): Seat | undefined {
    return this.#seat
  }

  /** As ZooKeeper's tools write it; `0x0`: none was ever granted. */
  get id(): string {
    return sessionText(this.#credentials.id)
  }

  /** Wall ms at which the newest request left that was answered: what the session's expiry is counted from. */
  get touchedAt(): number | undefined {
    return this.#touchedAt
  }

  /** Connects if that is needed, and waits for it. undefined: not within the deadline. */
  async ready(deadlineMs: number): Promise<Seat | undefined> {
    if (!this.#started && !this.#closed) {
      this.#started = true
      void this.#run()
    }
    if (this.#seat === undefined && !this.#closed) {
      await new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer)
          this.#waiters.delete(end)
          resolve()
        }
        const timer = setTimeout(end, deadlineMs)
        this.#waiters.add(end)
      })
    }
    return this.#seat
  }

  /** One read. undefined: there is no such node. */
  ask<T>(query: Query<T>, deadlineMs: number): Promise<Result<T | undefined>> {
    const connection = this.#seat?.connection
    return connection?.ask(query, deadlineMs) ?? Promise.resolve(failed('closed', 'no server is connected'))
  }

  /** Ends the session at the server, if that takes no longer than half a second. */
  async close(): Promise<void> {
    this.#closed = true
    const seat = this.#seat
    this.#seat = undefined
    this.#pause.end()
    for (const end of this.#waiters) end()
    await seat?.connection.endSession(closeMs)
  }

  async #run(): Promise<void> {
    let failures = 0
    while (!this.#closed) {
      const lived = await this.#live(this.#next(), Math.floor(failures / this.#setup.servers.length))
      failures = lived === 'settled' ? 0 : lived === 'expired' ? failures : failures + 1
      const rounds = Math.floor(failures / this.#setup.servers.length)
      const isRound = failures % this.#setup.servers.length === 0
      if (rounds > 0 && isRound) await this.#pause.wait(pauseMs(rounds, this.#random))
    }
  }

  /** Connects to one server and stays until that is over. */
  async #live(target: Address, rounds: number): Promise<'settled' | 'failed' | 'expired'> {
    this.#forgetIfTooOld()
    const server = addressText(target)
    const { notes, tls, timeoutMs, connected, fired } = this.#setup
    notes.sent('connect')
    let gone = (): void => undefined
    const over = new Promise<void>((resolve) => (gone = resolve))
    const opened = await SessionConnection.open(
      target,
      { tls, credentials: this.#credentials, timeoutMs, lastZxid: this.#lastZxid },
      {
        sent: (op) => notes.sent(op),
        answered: (sentAt, zxid) => this.#answered(sentAt, zxid),
        fired,
        closed: (failure) => {
          notes.failed(server, failure)
          gone()
        },
      },
      Math.min(firstConnectMs * 2 ** rounds, Math.max(firstConnectMs, timeoutMs / 2)),
    )
    if (!opened.ok) {
      if (!this.#closed) notes.failed(server, opened.failure)
      return 'failed'
    }
    if (opened.value === undefined) return this.#expired(server)
    const { connection, grant } = opened.value
    this.#credentials = grant
    this.#timeoutMs = grant.timeoutMs
    if (this.#closed) {
      await connection.endSession(closeMs)
      return 'failed'
    }
    const openedAt = performance.now()
    this.#answeredAt = openedAt
    if (connection.closure === undefined) {
      this.#seat = { server, connection, timeoutMs: grant.timeoutMs }
      for (const end of this.#waiters) end()
      connected()
      await over
      this.#seat = undefined
    }
    return performance.now() - openedAt >= settledMs ? 'settled' : 'failed'
  }

  #expired(server: string): 'failed' | 'expired' {
    const wasNew = this.#credentials.id === 0n
    this.#forget()
    if (!wasNew) return 'expired'
    this.#setup.notes.failed(server, failed('protocol', 'the server grants no session').failure)
    return 'failed'
  }

  #answered(sentAt: number, zxid: bigint): void {
    const now = performance.now()
    this.#answeredAt = now
    this.#touchedAt = this.#setup.clock().wall - (now - sentAt)
    if (zxid > this.#lastZxid) this.#lastZxid = zxid
  }

  #forgetIfTooOld(): void {
    if (performance.now() - this.#answeredAt > timeoutsToKeep * this.#timeoutMs) this.#forget()
  }

  #forget(): void {
    this.#credentials = noSession
    this.#lastZxid = 0n
    this.#touchedAt = undefined
  }

  /** In turn, so that the server after the one that went is another. */
  #next(): Address {
    const next = this.#order[this.#tried++ % this.#order.length]
    if (next === undefined) throw new Error('a session without servers')
    return next
  }
}
