import { once } from 'node:events'
import net from 'node:net'
import type { Result } from '../../src/model/result.ts'
import type { ClusterMetadata } from '../../src/model/topology.ts'
import { Connection } from '../../src/sources/kafka/connection.ts'
import { Framer } from '../../src/sources/kafka/framer.ts'
import { metadataCall } from '../../src/sources/kafka/metadata.ts'
import type { Prng } from '../support/prng.ts'
import { apiVersionsBody, frameOf, metadataBody } from '../support/replies.ts'
import { parseRequest } from '../support/requests.ts'
import { randomOf, type Tally } from './decoders.ts'
import { metadataWrong } from './invariants.ts'
import { hostile } from './mutations.ts'

const version = 8
const deadlineMs = 300
/** A deadline may be late by as much as a busy machine makes it. */
const mostMs = 5_000

/** One thing that comes from the broker. `answers`: the request it is for, by its place; undefined: nobody's. */
interface Piece {
  readonly bytes: Buffer
  readonly answers?: number
  /**
   * right: that request's own reply. other: something with its correlation id. broken: a frame that ends the connection.
   * unframed: a size that cannot be; whole frames that come in one chunk with it are lost.
   */
  readonly kind: 'right' | 'other' | 'broken' | 'unframed'
}

interface Plan {
  readonly requests: number
  readonly pieces: readonly Piece[]
  readonly end: 'silence' | 'close' | 'reset'
  readonly random: Prng
}

const firstId = 2 // ApiVersions is the first request of a connection

function bodyFor(request: number): Buffer {
  return metadataBody(version, { clusterId: 'abc', controllerId: request, brokers: [], topics: [] })
}

/** What a hostile broker sends for case `number` of a seed, in order. */
function planOf(seed: number, number: number): Plan {
  const random = randomOf(seed, number)
  const requests = 1 + random.below(4)
  const pieces: Piece[] = []
  for (const request of random.shuffled(Array.from({ length: requests }, (_, i) => i))) {
    const id = firstId + request
    const kind = random.below(12)
    if (kind === 0) pieces.push({ bytes: frameOf(id + 1_000, bodyFor(request)), kind: 'broken' })
    else if (kind === 1) pieces.push({ bytes: frameOf(id, bodyFor(request + 100)), answers: request, kind: 'other' })
    else if (kind === 2)
      pieces.push({ bytes: frameOf(id, hostile(random, [bodyFor(request)])), answers: request, kind: 'other' }) // prettier-ignore
    else if (kind === 3)
      pieces.push({ bytes: frameOf(id, apiVersionsBody({ 3: [0, 8] })), answers: request, kind: 'other' }) // prettier-ignore
    else if (kind !== 4) pieces.push({ bytes: frameOf(id, bodyFor(request)), answers: request, kind: 'right' })
    const last = pieces.at(-1)
    if (random.chance(0.08) && last !== undefined) pieces.push({ bytes: last.bytes, kind: 'broken' })
    if (random.chance(0.05)) pieces.push({ bytes: Buffer.concat(Array(500).fill(frameOf(0, Buffer.alloc(0)))), kind: 'broken' }) // prettier-ignore
    if (random.chance(0.05)) pieces.push({ bytes: Buffer.from([0x7f, 0xff, 0xff, 0xff]), kind: 'unframed' })
  }
  // Half a frame, and nothing after it.
  if (random.chance(0.1)) pieces.push({ bytes: Buffer.from([0, 0x0f, 0xff, 0xff, 1, 2, 3]), kind: 'other' })
  const end = (['silence', 'close', 'reset'] as const)[random.below(3)] ?? 'close'
  return { requests, pieces, end, random }
}

/** A server that plays the plan that the client id of a connection names. */
export class HostileServer {
  readonly #server: net.Server
  readonly #open = new Set<net.Socket>()

  private constructor() {
    this.#server = net.createServer((socket) => this.#serve(socket))
  }

  static async start(): Promise<HostileServer> {
    const server = new HostileServer()
    server.#server.listen(0, '127.0.0.1')
    await once(server.#server, 'listening')
    return server
  }

  /** Case `number` of a seed; resolves when every request has been settled and the connection is over. */
  async run(seed: number, number: number, tally: Tally): Promise<void> {
    const plan = planOf(seed, number)
    const violated = (what: string): void => {
      const told = plan.pieces.map(({ kind, answers, bytes }) => `${kind} ${answers ?? '-'} ${bytes.toString('hex', 0, 60)}`) // prettier-ignore
      tally.violations.push(`Connection, seed ${seed} case ${number}: ${what}; ${told.join(', ')}, ${plan.end}`)
    }
    tally.cases++
    const options = { clientId: `${seed} ${number}`, tls: undefined, login: undefined }
    const { port } = this.#server.address() as net.AddressInfo
    const opened = await Connection.open({ host: '127.0.0.1', port }, options, {}, mostMs)
    if (!opened.ok) {
      violated(`no connection: ${opened.failure.detail}`)
      return
    }
    const connection = opened.value
    const ask = (): Promise<Result<ClusterMetadata>> => {
      const call = metadataCall(connection.versions, 'none')
      return call === undefined ? Promise.reject(new Error('no version')) : connection.request(call, deadlineMs)
    }
    const startedAt = performance.now()
    const replies = await Promise.all(Array.from({ length: plan.requests }, ask)).catch((error: unknown) => {
      violated(`throws ${String(error)}`)
      return []
    })
    const took = performance.now() - startedAt
    tally.slowestMs = Math.max(tally.slowestMs, took)
    if (took > mostMs) violated(`settled after ${took.toFixed(0)} ms`)
    for (const wrong of wrongs(plan, replies)) violated(wrong)
    for (const { ok } of replies)
      if (ok) tally.values++
      else tally.failures++
    if (replies.some((reply) => !reply.ok)) {
      if (connection.usable) violated('usable after a failure')
      if (connection.closed && (await ask()).ok) violated('asked and answered after its end')
    }
    connection.destroy()
  }

  async stop(): Promise<void> {
    for (const socket of this.#open) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }

  /** Connections that the exporter's side has not closed. */
  get open(): number {
    return this.#open.size
  }

  #serve(socket: net.Socket): void {
    const framer = new Framer()
    let waiting = 0
    this.#open.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => this.#open.delete(socket))
    socket.on('data', (chunk: Buffer) => {
      const frames = framer.push(chunk)
      for (const frame of frames.ok ? frames.value : []) {
        const { api, correlationId, clientId } = parseRequest(frame)
        if (api === 'ApiVersions') {
          socket.write(frameOf(correlationId, apiVersionsBody({ 3: [0, version] })))
          continue
        }
        const [seed = 0, number = 0] = clientId.split(' ').map(Number)
        const plan = planOf(seed, number)
        waiting++
        if (waiting === plan.requests) void play(socket, plan)
      }
    })
  }
}

/** In pieces of any length, so that one reply's end comes with the beginning of the next. */
async function play(socket: net.Socket, { pieces, end, random }: Plan): Promise<void> {
  const bytes = Buffer.concat(pieces.map((piece) => piece.bytes))
  for (let at = 0; at < bytes.length;) {
    const length = 1 + random.below(bytes.length)
    await new Promise((resolve) => socket.write(bytes.subarray(at, at + length), resolve))
    at += length
  }
  if (end === 'close') socket.end()
  if (end === 'reset') socket.resetAndDestroy()
}

/** What the replies may not be, given what was sent. */
function* wrongs({ pieces, end }: Plan, replies: readonly Result<ClusterMetadata>[]): Generator<string> {
  const ends = ({ kind }: Piece): boolean => kind === 'broken' || kind === 'unframed'
  const broken = pieces.findIndex(ends)
  for (const [request, reply] of replies.entries()) {
    const place = pieces.findIndex(({ answers }) => answers === request)
    const piece = pieces[place]
    if (reply.ok) {
      const wrong = metadataWrong(reply.value)
      if (wrong !== undefined) yield `request ${request}: ${wrong}`
      if (piece === undefined || (broken >= 0 && broken < place)) yield `request ${request}: answered by nobody`
      else if (piece.kind === 'right' && reply.value.controllerId !== request)
        yield `request ${request}: another's reply`
      continue
    }
    const { reason } = reply.failure
    if (!['protocol', 'closed', 'hung'].includes(reason)) yield `request ${request}: fails with ${reason}`
    if (reason === 'closed' && end === 'silence') yield `request ${request}: closed, but nobody closed it`
    // A reset may overtake what was sent before it, and a body of another reply may end the connection before its turn.
    const isWhole = end !== 'reset' && pieces.every(({ kind }) => kind !== 'unframed')
    const isClean = isWhole && pieces.slice(0, place).every(({ kind }) => kind === 'right')
    if (piece?.kind === 'right' && isClean) yield `request ${request}: fails with ${reason} in spite of its reply`
    const isOver = pieces.some(ends) && pieces.every(({ kind }) => kind !== 'other')
    if (isOver && end !== 'reset' && reason !== 'protocol') yield `request ${request}: ${reason} instead of protocol`
  }
}
