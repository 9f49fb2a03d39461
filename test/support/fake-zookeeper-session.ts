import net from 'node:net'
import tls from 'node:tls'
import { afterEach } from 'vitest'
import type { Address } from '../../src/model/address.ts'
import { addressText } from '../../src/model/address.ts'
import { Framer } from '../../src/sources/kafka/framer.ts'
import { JuteReader, JuteWriter } from '../../src/sources/zookeeper/client/jute.ts'

export interface FakeNode {
  data: Buffer
  owner: bigint
  czxid: bigint
}

interface Request {
  readonly op: number
  readonly path: string
}

/** What a server does with a request instead of answering it. */
type Behaviour = (request: Request, socket: net.Socket) => 'answer' | 'ignore'

const eventTypes = { created: 1, deleted: 2, changed: 3, children: 4 } as const

/** The data and the sessions that the servers of one ensemble share. */
export class FakeEnsemble {
  readonly nodes = new Map<string, FakeNode>()
  /** Sessions granted and not over, by id. */
  readonly sessions = new Map<bigint, Buffer>()
  readonly closed: bigint[] = []
  readonly servers: FakeZookeeper[] = []
  /** Paths whose ACL lets nobody read. */
  readonly secret = new Set<string>()
  timeoutMs = 6_000
  zxid = 0x100000001n
  #nextSession = 0x1000a0000000001n

  newSession(): bigint {
    const id = this.#nextSession++
    this.sessions.set(id, Buffer.alloc(16, Number(id & 0x7fn)))
    return id
  }

  set(path: string, data: string | Buffer = '', owner = 0n): void {
    this.zxid++
    const known = this.nodes.get(path)
    const bytes = Buffer.from(data)
    this.nodes.set(path, known ? { ...known, data: bytes } : { data: bytes, owner, czxid: this.zxid })
    this.#fire(path, known ? 'changed' : 'created')
    if (!known) this.#fire(parentOf(path), 'children')
  }

  delete(path: string): void {
    this.zxid++
    this.nodes.delete(path)
    this.#fire(path, 'deleted')
    this.#fire(parentOf(path), 'children')
  }

  children(path: string): readonly string[] {
    const prefix = path === '/' ? '/' : `${path}/`
    return [...this.nodes.keys()].flatMap((name) =>
      name.startsWith(prefix) && name !== path && !name.slice(prefix.length).includes('/')
        ? [name.slice(prefix.length)]
        : [],
    )
  }

  #fire(path: string, type: keyof typeof eventTypes): void {
    for (const server of this.servers) server.fire(path, type)
  }
}

function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/'
}

interface Client {
  readonly socket: net.Socket
  readonly dataWatches: Set<string>
  readonly childWatches: Set<string>
  session: bigint
}

export interface FakeZookeeperOptions {
  readonly ensemble?: FakeEnsemble
  readonly tls?: tls.TlsOptions
}

/** One ZooKeeper server as a session's client sees it, on a port of its own. */
export class FakeZookeeper {
  readonly ensemble: FakeEnsemble
  /** What was asked, pings included: `exists /a`. */
  readonly asked: string[] = []
  readonly connects: { readonly session: bigint; readonly zxid: bigint; readonly timeoutMs: number }[] = []
  readonly clients = new Set<Client>()
  /** Says nothing to anybody any more, as after SIGSTOP. */
  silent = false
  /** Ends every connection before it answers, as without a quorum. */
  notServing = false
  /** As 3.3 and older: no read-only flag at the end of its response. */
  isOld = false
  behaviour: Behaviour = () => 'answer'
  /** Instead of the handshake. */
  greeting: Buffer | undefined
  #server: net.Server
  readonly #options: FakeZookeeperOptions
  #address: Address = { host: '127.0.0.1', port: 0 }

  private constructor(options: FakeZookeeperOptions) {
    this.#options = options
    this.ensemble = options.ensemble ?? new FakeEnsemble()
    this.ensemble.servers.push(this)
    this.#server = this.#create()
  }

  static async start(options: FakeZookeeperOptions = {}): Promise<FakeZookeeper> {
    const server = new FakeZookeeper(options)
    await server.#listen()
    return server
  }

  get address(): Address {
    return this.#address
  }

  get text(): string {
    return addressText(this.#address)
  }

  /** Ends every connection and listens no more. */
  async kill(): Promise<void> {
    const ended = new Promise((resolve) => this.#server.close(resolve))
    for (const { socket } of this.clients) socket.destroy()
    await ended
  }

  async restart(): Promise<void> {
    this.#server = this.#create()
    await this.#listen()
  }

  fire(path: string, type: keyof typeof eventTypes): void {
    for (const client of this.clients) {
      const watches = type === 'children' ? [client.childWatches] : [client.dataWatches, ...(type === 'deleted' ? [client.childWatches] : [])] // prettier-ignore
      const hit = watches.filter((paths) => paths.delete(path))
      if (hit.length === 0 || this.silent) continue
      const header = new JuteWriter().int(-1).long(-1n).int(0)
      client.socket.write(header.int(eventTypes[type]).int(3).string(path).frame())
    }
  }

  #create(): net.Server {
    const accept = (socket: net.Socket): void => this.#accept(socket)
    return this.#options.tls ? tls.createServer(this.#options.tls, accept) : net.createServer(accept)
  }

  async #listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#address.port, '127.0.0.1', resolve))
    const address = this.#server.address()
    if (typeof address === 'object' && address !== null) this.#address = { host: '127.0.0.1', port: address.port }
  }

  #accept(socket: net.Socket): void {
    const client: Client = { socket, dataWatches: new Set(), childWatches: new Set(), session: 0n }
    this.clients.add(client)
    socket.on('error', () => undefined)
    socket.on('close', () => this.clients.delete(client))
    if (this.notServing) {
      socket.destroy()
      return
    }
    const framer = new Framer('a client', 1024 * 1024)
    socket.on('data', (chunk: Buffer) => {
      const frames = framer.push(chunk)
      if (!frames.ok) socket.destroy()
      else for (const frame of frames.value) this.#take(client, frame)
    })
  }

  #take(client: Client, frame: Buffer): void {
    if (this.silent) return
    if (client.session === 0n) this.#connect(client, new JuteReader(frame))
    else this.#answer(client, new JuteReader(frame))
  }

  #connect(client: Client, body: JuteReader): void {
    body.int()
    const zxid = body.long()
    const timeoutMs = body.int()
    const shown = body.long()
    const password = Buffer.from(body.buffer())
    this.connects.push({ session: shown, zxid, timeoutMs })
    if (this.greeting !== undefined) {
      client.socket.write(this.greeting)
      return
    }
    const { sessions } = this.ensemble
    if (zxid > this.ensemble.zxid) {
      client.socket.destroy()
      return
    }
    const session = shown === 0n ? this.ensemble.newSession() : shown
    const isKnown = shown === 0n || sessions.get(shown)?.equals(password) === true
    const response = new JuteWriter().int(0).int(isKnown ? this.ensemble.timeoutMs : 0)
    response.long(isKnown ? session : 0n).buffer((isKnown ? sessions.get(session) : undefined) ?? Buffer.alloc(16))
    if (!this.isOld) response.boolean(false)
    client.socket.write(response.frame())
    if (isKnown) client.session = session
    else client.socket.end()
  }

  #answer(client: Client, body: JuteReader): void {
    const xid = body.int()
    const op = body.int()
    const { ensemble } = this
    const reply = (error = 0): JuteWriter => new JuteWriter().int(xid).long(ensemble.zxid).int(error)
    if (op === 11) {
      this.asked.push('ping')
      if (this.behaviour({ op, path: '' }, client.socket) === 'answer') client.socket.write(reply().frame())
      return
    }
    if (op === -11) {
      this.asked.push('closeSession')
      ensemble.sessions.delete(client.session)
      ensemble.closed.push(client.session)
      client.socket.end(reply().frame())
      return
    }
    const path = body.string()
    const watch = body.boolean()
    this.asked.push(`${names[op] ?? op} ${path}`)
    if (this.behaviour({ op, path }, client.socket) === 'ignore') return
    const node = path === '/' ? root : ensemble.nodes.get(path)
    if (ensemble.secret.has(path) && op !== 3) {
      client.socket.write(reply(-102).frame())
      return
    }
    if (watch && (node !== undefined || op === 3)) (op === 8 ? client.childWatches : client.dataWatches).add(path)
    if (node === undefined) {
      client.socket.write(reply(-101).frame())
      return
    }
    const answer = reply()
    if (op === 8) {
      const names = ensemble.children(path)
      answer.int(names.length)
      for (const name of names) answer.string(name)
    }
    if (op === 4) answer.buffer(node.data)
    if (op !== 8) stat(answer, node)
    client.socket.write(answer.frame())
  }
}

const root: FakeNode = { data: Buffer.alloc(0), owner: 0n, czxid: 0n }
const names: Readonly<Record<number, string>> = { 3: 'exists', 4: 'getData', 8: 'getChildren' }

export function stat(writer: JuteWriter, { data, owner, czxid }: FakeNode): JuteWriter {
  writer.long(czxid).long(czxid).long(0n).long(0n).int(0).int(0).int(0).long(owner)
  return writer.int(data.length).int(0).long(czxid)
}

/** Servers of one ensemble that end with the test that started them. */
export function zookeepersOfEachTest(): (count?: number, options?: FakeZookeeperOptions) => Promise<FakeZookeeper[]> {
  const started: FakeZookeeper[] = []
  afterEach(async () => {
    await Promise.all(started.splice(0).map((server) => server.kill()))
  })
  return async (count = 1, options = {}) => {
    const ensemble = options.ensemble ?? new FakeEnsemble()
    const servers = await Promise.all(
      Array.from({ length: count }, () => FakeZookeeper.start({ ...options, ensemble })),
    )
    started.push(...servers)
    return servers
  }
}
