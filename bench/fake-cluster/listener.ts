import { once } from 'node:events'
import net from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { Framer, frameLimit } from '../../src/sources/kafka/framer.ts'
import { Reader } from '../../src/sources/kafka/reader.ts'
import { Writer } from '../../src/sources/kafka/writer.ts'

/** One request as it arrived; `body` is what follows the header. */
export interface Arrived {
  readonly key: number
  readonly version: number
  readonly flexible: boolean
  readonly body: Buffer
}

/** The reply's body in pieces, undefined for what no broker would answer: the connection is closed. */
export type Answer = (request: Arrived) => readonly Buffer[] | undefined

/** Api key -> first version with flexible headers. */
const flexibleFrom: Readonly<Record<number, number>> = { 2: 6, 3: 9, 18: 3, 32: 4, 46: 0 }
const apiVersionsKey = 18

/** One broker's port on 127.0.0.1: alive, dead (refuses) or hung (accepts and says nothing). */
export class Listener {
  port: number
  latencyMs = 0
  readonly #answer: Answer
  readonly #open = new Set<net.Socket>()
  #server: net.Server | undefined
  #hung = false

  constructor(port: number, answer: Answer) {
    this.port = port
    this.#answer = answer
  }

  get alive(): boolean {
    return this.#server !== undefined
  }

  /** On the port it had, if it had one. */
  async revive(): Promise<void> {
    this.#hung = false
    if (this.#server !== undefined) return
    const server = net.createServer((socket) => this.#accept(socket))
    this.#server = server
    server.listen(this.port, '127.0.0.1')
    await once(server, 'listening')
    this.port = (server.address() as net.AddressInfo).port
  }

  kill(): void {
    this.#server?.close()
    this.#server = undefined
    for (const socket of this.#open) socket.resetAndDestroy()
  }

  /** As SIGSTOP: the kernel goes on accepting, nobody reads. */
  hang(): void {
    this.#hung = true
    for (const socket of this.#open) socket.pause()
  }

  /** As SIGCONT: what was asked meanwhile is answered. */
  release(): void {
    this.#hung = false
    for (const socket of this.#open) socket.resume()
  }

  #accept(socket: net.Socket): void {
    const framer = new Framer()
    framer.limit = frameLimit
    this.#open.add(socket)
    socket.setNoDelay(true)
    socket.on('close', () => this.#open.delete(socket))
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => {
      const frames = framer.push(chunk)
      if (!frames.ok) socket.destroy()
      else for (const frame of frames.value) void this.#receive(socket, frame)
    })
    if (this.#hung) socket.pause()
  }

  async #receive(socket: net.Socket, frame: Buffer): Promise<void> {
    const reader = new Reader(frame)
    const [key, version, id] = [reader.int16(), reader.int16(), reader.int32()]
    reader.string(false)
    const flexible = version >= (flexibleFrom[key] ?? Infinity)
    reader.tags(flexible)
    const body = frame.subarray(frame.length - reader.remaining)
    const pieces = reader.ok() ? this.#answer({ key, version, flexible, body }) : undefined
    if (this.latencyMs > 0) await sleep(this.latencyMs)
    if (pieces === undefined) socket.destroy()
    if (pieces === undefined || socket.destroyed) return
    const head = new Writer().int32(0).int32(id)
    if (key !== apiVersionsKey) head.tags(flexible)
    const start = head.finish()
    start.writeInt32BE(start.length - 4 + pieces.reduce((sum, piece) => sum + piece.length, 0), 0)
    socket.cork()
    for (const piece of [start, ...pieces]) socket.write(piece)
    socket.uncork()
  }
}
