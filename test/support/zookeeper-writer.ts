import net from 'node:net'
import type { Address } from '../../src/model/address.ts'
import { Framer } from '../../src/sources/kafka/framer.ts'
import { JuteReader, JuteWriter } from '../../src/sources/zookeeper/client/jute.ts'
import { connectFrame, noSession, readConnectResponse } from '../../src/sources/zookeeper/client/protocol.ts'

const ephemeral = 1
/** In place of a server's error. */
const closed = Number.NaN

/** Writes to a real ZooKeeper server what a test wants to find there: the exporter's own client cannot. */
export class ZookeeperWriter {
  readonly #socket: net.Socket
  readonly #waiting: ((error: number) => void)[] = []
  #xid = 1
  #greeted = false

  private constructor(socket: net.Socket) {
    this.#socket = socket
  }

  /** Without pings: a session that nothing is asked for ends after `timeoutMs`. */
  static async open({ host, port }: Address, timeoutMs = 30_000): Promise<ZookeeperWriter> {
    const socket = net.connect({ host, port })
    const writer = new ZookeeperWriter(socket)
    await new Promise<void>((resolve, reject) => {
      const framer = new Framer('a ZooKeeper server', 1024 * 1024)
      socket.on('error', reject)
      socket.on('close', () => {
        reject(new Error('the server closed the connection'))
        for (const answer of writer.#waiting.splice(0)) answer(closed)
      })
      socket.on('data', (chunk: Buffer) => {
        const frames = framer.push(chunk)
        if (!frames.ok) throw new Error(frames.failure.detail)
        for (const frame of frames.value) {
          if (writer.#greeted) writer.#replied(frame)
          else {
            writer.#greeted = true
            const granted = readConnectResponse(frame)
            if (granted.ok && granted.value !== undefined) resolve()
            else reject(new Error('no session granted'))
          }
        }
      })
      socket.write(connectFrame(noSession, timeoutMs, 0n))
    })
    return writer
  }

  async create(path: string, data = '', isEphemeral = false): Promise<void> {
    const request = this.#request(1).string(path).buffer(Buffer.from(data))
    // ALL permissions for everybody.
    request.int(1).int(31).string('world').string('anyone')
    await this.#send(`create ${path}`, request.int(isEphemeral ? ephemeral : 0))
  }

  async delete(path: string): Promise<void> {
    await this.#send(`delete ${path}`, this.#request(2).string(path).int(-1))
  }

  /** Lets nobody read a node, this writer included. */
  async hide(path: string): Promise<void> {
    const admin = 16
    await this.#send(`setACL ${path}`, this.#request(7).string(path).int(1).int(admin).string('world').string('anyone').int(-1)) // prettier-ignore
  }

  async close(): Promise<void> {
    // It answers, or only hangs up.
    if (!this.#socket.closed) await this.#send('closeSession', this.#request(-11)).catch(() => undefined)
    this.#socket.destroy()
  }

  #request(op: number): JuteWriter {
    return new JuteWriter().int(this.#xid++).int(op)
  }

  async #send(what: string, request: JuteWriter): Promise<void> {
    this.#socket.write(request.frame())
    const error = await new Promise<number>((resolve) => this.#waiting.push(resolve))
    if (error !== 0) throw new Error(`${what}: error ${error}`)
  }

  #replied(frame: Buffer): void {
    const body = new JuteReader(frame)
    const xid = body.int()
    body.long()
    if (xid > 0) this.#waiting.shift()?.(body.int())
  }
}
