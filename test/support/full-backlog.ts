import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import net from 'node:net'
import type { Address } from '../../src/model/address.ts'

/** Listens with room for one and is stopped (SIGSTOP) before it accepts anything, as a paused broker is. */
const server = `
  const server = require('node:net').createServer()
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    console.log(server.address().port)
    process.kill(process.pid, 'SIGSTOP')
  })
  setTimeout(() => process.exit(), 60000)
`

/** A paused process that listens: its kernel accepts until the backlog is full, and drops SYNs from then on. */
export class FullBacklog {
  address: Address = { host: '127.0.0.1', port: 0 }
  #child: ChildProcess | undefined
  readonly #sockets: net.Socket[] = []

  async start(): Promise<void> {
    this.#child = spawn(process.execPath, ['-e', server], { stdio: ['ignore', 'pipe', 'ignore'] })
    const { stdout } = this.#child
    if (stdout === null) throw new Error('no output')
    const [line] = (await once(stdout, 'data')) as [Buffer]
    this.address = { host: '127.0.0.1', port: Number(line.toString()) }
  }

  async fill(): Promise<void> {
    for (let i = 0; i < 20; i++) {
      const socket = net.connect(this.address)
      socket.on('error', () => undefined)
      this.#sockets.push(socket)
      const connected = new Promise<boolean>((resolve) => {
        socket.once('connect', () => resolve(true))
        setTimeout(() => resolve(false), 300)
      })
      if (!(await connected)) return
    }
    throw new Error('the backlog does not fill')
  }

  end(): void {
    for (const socket of this.#sockets) socket.destroy()
    this.#child?.kill('SIGKILL')
  }
}
