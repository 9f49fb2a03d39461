import { once } from 'node:events'
import net from 'node:net'
import tls from 'node:tls'
import type { Address } from '../../src/model/address.ts'

/** What the server does about a word. */
export type Behaviour = (socket: net.Socket, word: string) => void

export const says =
  (text: string): Behaviour =>
  (socket) =>
    void socket.end(text)
export const silence: Behaviour = () => undefined
export const closes: Behaviour = (socket) => void socket.end()
export const resets: Behaviour = (socket) => void socket.resetAndDestroy()
export const refuses: Behaviour = (socket, word) =>
  void socket.end(`${word} is not executed because it is not in the whitelist.\n`)
export const servesNobody = says('This ZooKeeper instance is not currently serving requests\n')

/** A byte every few milliseconds, for ever. */
export const trickles: Behaviour = (socket) => {
  const timer = setInterval(() => socket.write('z'), 5)
  socket.once('close', () => clearInterval(timer))
}

/** As fast as it is read, up to 1 GB; `sent` counts. */
export function floods(sent: { bytes: number }): Behaviour {
  const chunk = Buffer.alloc(64 * 1024, 'z')
  return (socket) => {
    const more = (): void => {
      while (!socket.destroyed && sent.bytes < 1e9) {
        sent.bytes += chunk.length
        if (!socket.write(chunk)) {
          socket.once('drain', more)
          return
        }
      }
    }
    more()
  }
}

/** A ZooKeeper server on 127.0.0.1 as far as four-letter words go. */
export class FakeZooKeeper {
  /** Words in the order in which they came. */
  readonly asked: string[] = []
  /** Connections accepted since the start. */
  accepted = 0
  readonly open = new Set<net.Socket>()
  /** For a word, else for every word. */
  behaviours: Readonly<Record<string, Behaviour>>
  /** Called with a word that came. */
  heard: (word: string) => void = () => undefined
  #server: net.Server
  #port = 0

  private constructor(behaviours: FakeZooKeeper['behaviours'], secure: tls.TlsOptions | undefined) {
    this.behaviours = behaviours
    const connected = (socket: net.Socket): void => this.#connected(socket)
    this.#server =
      secure === undefined
        ? net.createServer({ allowHalfOpen: false }, connected)
        : tls.createServer(secure, connected).on('tlsClientError', () => undefined)
  }

  static async start(behaviours: FakeZooKeeper['behaviours'], secure?: tls.TlsOptions): Promise<FakeZooKeeper> {
    const fake = new FakeZooKeeper(behaviours, secure)
    await fake.listen()
    return fake
  }

  get address(): Address {
    return { host: '127.0.0.1', port: this.#port }
  }

  /** On the same port as before. */
  async listen(): Promise<void> {
    this.#server.listen(this.#port, '127.0.0.1')
    await once(this.#server, 'listening')
    this.#port = (this.#server.address() as net.AddressInfo).port
  }

  /** As a killed server: nobody listens, and every connection is gone. */
  async die(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.closeConnections()
    await closed
  }

  closeConnections(): void {
    for (const socket of this.open) socket.destroy()
  }

  #connected(socket: net.Socket): void {
    this.accepted++
    this.open.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => this.open.delete(socket))
    socket.once('data', (data: Buffer) => {
      const word = data.toString()
      this.asked.push(word)
      this.heard(word)
      ;(this.behaviours[word] ?? this.behaviours['every'] ?? closes)(socket, word)
    })
  }
}
