import { addressText, type Address } from '../../model/address.ts'
import { failed, type Result } from '../../model/result.ts'
import type { ApiVersions, Call } from './api.ts'
import { Connection, type ConnectionOptions } from './connection.ts'

interface Slot {
  readonly opening: Promise<Result<Connection>>
  /** What `opening` came to. */
  opened: Result<Connection> | undefined
}

/** Who wants to know what becomes of a connection that fell silent: with it, such a connection is kept and listened to. */
export interface PoolListener {
  /** An address answers a request whose deadline has passed. */
  readonly late: (address: string) => void
  /** An address closed the connection. */
  readonly closed: (address: string) => void
}

/** The connections of one source: one an address, opened when first asked for and again after it failed. */
export class Pool {
  readonly #options: ConnectionOptions
  readonly #sent: (api: string) => void
  readonly #listener: PoolListener | undefined
  readonly #slots = new Map<string, Slot>()
  #closed = false

  constructor(options: ConnectionOptions, sent: (api: string) => void, listener?: PoolListener) {
    this.#options = options
    this.#sent = sent
    this.#listener = listener
  }

  /**
   * One request to one broker, connecting first where needed, all within the deadline. `call` gives undefined when none of
   * the broker's versions will do.
   */
  async ask<T>(
    address: Address,
    call: (versions: ApiVersions) => Call<T> | undefined,
    deadlineMs: number,
  ): Promise<Result<T>> {
    const until = performance.now() + deadlineMs
    const connection = await patiently(this.#connection(address, deadlineMs), deadlineMs)
    if (!connection.ok) return connection
    const request = call(connection.value.versions)
    if (request === undefined) return failed('protocol', 'the broker and this exporter share no version of a request')
    const answer = await connection.value.request(request, Math.max(1, until - performance.now()))
    // After a silence nobody listens to it any more; what still trickles in would only be kept.
    const isOver = !connection.value.usable && !connection.value.awaited
    if (isOver && this.#listener === undefined) connection.value.destroy()
    return answer
  }

  /** Ends the connections to every other address. */
  keep(addresses: readonly Address[]): void {
    const wanted = new Set(addresses.map(addressText))
    for (const [text, slot] of this.#slots) {
      if (wanted.has(text)) continue
      this.#slots.delete(text)
      void slot.opening.then((opened) => opened.ok && opened.value.destroy())
    }
  }

  /** Ends them all, and opens no more: a look that is still under way would ask the next broker. */
  close(): void {
    this.#closed = true
    this.keep([])
  }

  async #connection(address: Address, deadlineMs: number): Promise<Result<Connection>> {
    if (this.#closed) return failed('closed', 'closed by this exporter')
    const text = addressText(address)
    const present = this.#slots.get(text)
    if (present !== undefined && (present.opened === undefined || isUsable(present.opened))) return present.opening
    if (present?.opened?.ok === true) present.opened.value.destroy()
    const events = {
      sent: this.#sent,
      late: () => this.#listener?.late(text),
      closed: () => this.#listener?.closed(text),
    }
    const opening = Connection.open(address, this.#options, events, deadlineMs)
    const slot: Slot = { opening, opened: undefined }
    this.#slots.set(text, slot)
    slot.opened = await opening
    return slot.opened
  }
}

/** A connection that another request is opening has that one's deadline; this one's may be earlier. */
function patiently<T>(opening: Promise<Result<T>>, deadlineMs: number): Promise<Result<T>> {
  return new Promise((resolve) => {
    const waited = failed('hung', `no connection within ${Math.round(deadlineMs)} ms`)
    // A moment later than the opening's own deadline, whose reason says more.
    const timer = setTimeout(() => resolve(waited), deadlineMs + 10)
    void opening.then((opened) => {
      clearTimeout(timer)
      resolve(opened)
    })
  })
}

function isUsable(opened: Result<Connection>): boolean {
  return opened.ok && opened.value.usable
}
