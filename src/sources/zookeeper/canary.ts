import type net from 'node:net'
import type tls from 'node:tls'
import type { Address } from '../../model/address.ts'
import { openSocket } from '../kafka/socket.ts'

export interface CanarySetup {
  readonly address: Address
  readonly tls: tls.ConnectionOptions | undefined
  readonly connectMs: number
  /** The connection went, and another could not be had: the server is gone. */
  readonly lost: () => void
  /** The server closed it before its time, and takes another: it no longer is what it was (no quorum any more, restarted). */
  readonly stirred: () => void
  readonly sent: () => void
}

/** ZooKeeper ends a connection without a session after 10 s (3.5 and newer). */
const expectedLifeMs = 9_000
/** Of two in a row that lived shorter the second is not replaced: no storm of connections at a server that closes each. */
const settledMs = 1_000

/**
 * An idle connection to one server, without a session and without a word: when the server dies it closes at once. Not a sign
 * of life, for a server that hangs keeps it open.
 */
export class Canary {
  readonly #setup: CanarySetup
  #socket: net.Socket | undefined
  #opening = false
  #diedYoung = false
  #closed = false

  constructor(setup: CanarySetup) {
    this.#setup = setup
  }

  /** Sees to it that there is one; called whenever the server answered. */
  keep(): void {
    if (this.#socket === undefined && !this.#opening && !this.#closed) void this.#open(() => undefined)
  }

  close(): void {
    this.#closed = true
    this.#socket?.destroy()
  }

  /** `failed`: what to do if there is none to be had. */
  async #open(failed: () => void, opened = (): void => undefined): Promise<void> {
    this.#opening = true
    const { address, tls, connectMs, sent } = this.#setup
    sent()
    const result = await openSocket(address, tls, connectMs)
    this.#opening = false
    if (!result.ok) {
      if (!this.#closed) failed()
      return
    }
    const socket = result.value
    if (this.#closed) {
      socket.destroy()
      return
    }
    const openedAt = performance.now()
    this.#socket = socket
    socket.on('error', () => undefined)
    // Without a reader its end would not be seen; whatever it says is of no interest.
    socket.resume()
    socket.once('close', () => this.#gone(performance.now() - openedAt))
    opened()
  }

  #gone(livedMs: number): void {
    this.#socket = undefined
    if (this.#closed) return
    const { lost, stirred } = this.#setup
    const isYoung = livedMs < settledMs
    const again = isYoung && this.#diedYoung
    this.#diedYoung = isYoung
    if (again) return
    void this.#open(lost, isYoung || livedMs >= expectedLifeMs ? undefined : stirred)
  }
}
