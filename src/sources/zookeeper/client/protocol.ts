import { failed, success, type Result } from '../../../model/result.ts'
import { JuteReader, JuteWriter } from './jute.ts'

/** Every operation that this client can send: reads, and what keeps and ends a session. There is none that writes data. */
const opCodes = { exists: 3, getData: 4, getChildren: 8, ping: 11, closeSession: -11 } as const

export type OpName = keyof typeof opCodes

/** The xids that ZooKeeper keeps for what no request asked for by number. */
export const watcherEventXid = -1
export const pingXid = -2

const codes = { noNode: -101, noAuth: -102, sessionExpired: -112, authFailed: -115, saslRequired: -124 } as const

/** What the client shows of a session when it connects, and the server confirms. */
export interface Credentials {
  /** 0: give me a new one. */
  readonly id: bigint
  readonly password: Buffer
}

export const noSession: Credentials = { id: 0n, password: Buffer.alloc(16) }

export interface Grant extends Credentials {
  /** Negotiated, ms. */
  readonly timeoutMs: number
}

export interface Stat {
  readonly czxid: bigint
  readonly mzxid: bigint
  /** Session that the node ends with; 0: it does not. */
  readonly ephemeralOwner: bigint
  readonly dataLength: number
  readonly children: number
}

/** A read. `decode` is given what follows the reply's header. */
export interface Query<T> {
  readonly op: 'exists' | 'getData' | 'getChildren'
  readonly path: string
  readonly watch: boolean
  decode(body: JuteReader): T
}

/** undefined: there is no such node. A watch left by `exists` waits for one. */
export function exists(path: string, watch = false): Query<Stat> {
  return { op: 'exists', path, watch, decode: readStat }
}

export interface NodeData {
  readonly data: Buffer
  readonly stat: Stat
}

export function getData(path: string, watch = false): Query<NodeData> {
  return { op: 'getData', path, watch, decode: (body) => ({ data: body.buffer(), stat: readStat(body) }) }
}

export function getChildren(path: string, watch = false): Query<readonly string[]> {
  return { op: 'getChildren', path, watch, decode: (body) => body.strings() }
}

export function queryFrame(query: Query<unknown>, xid: number): Buffer {
  return new JuteWriter().int(xid).int(opCodes[query.op]).string(query.path).boolean(query.watch).frame()
}

/** Without a body. */
export function bareFrame(op: 'ping' | 'closeSession', xid: number): Buffer {
  return new JuteWriter().int(xid).int(opCodes[op]).frame()
}

/** A read-only server is refused: what it serves may be of before the last majority. */
export function connectFrame({ id, password }: Credentials, timeoutMs: number, lastZxid: bigint): Buffer {
  return new JuteWriter().int(0).long(lastZxid).int(timeoutMs).long(id).buffer(password).boolean(false).frame()
}

/** undefined: the session that was shown has expired. Servers before 3.4 end without the read-only flag. */
export function readConnectResponse(frame: Buffer): Result<Grant | undefined> {
  const body = new JuteReader(frame)
  const version = body.int()
  const timeoutMs = body.int()
  const id = body.long()
  const password = Buffer.from(body.buffer())
  if (body.failure !== undefined) return failed('protocol', `connect response: ${body.failure}`)
  if (version !== 0 || body.remaining > 1 || timeoutMs < 0) return failed('protocol', 'not a connect response')
  if (id === 0n || timeoutMs === 0) return success(undefined)
  return success({ id, password, timeoutMs })
}

export interface ReplyHeader {
  readonly xid: number
  readonly zxid: bigint
  readonly error: number
}

export function readHeader(body: JuteReader): ReplyHeader {
  return { xid: body.int(), zxid: body.long(), error: body.int() }
}

/** The path of a node whose watch has fired; undefined where the event tells of no node. */
export function readWatcherEvent(body: JuteReader): string | undefined {
  const type = body.int()
  body.int()
  const path = body.string()
  return type > 0 && body.failure === undefined ? path : undefined
}

/** What a reply with an error code comes to. undefined: there is no such node. */
export function replyError(query: Query<unknown>, code: number): Result<undefined> {
  if (code === codes.noNode) return success(undefined)
  const what = `${query.op} ${query.path}`
  if (code === codes.noAuth) return failed('auth', `${what}: its ACL lets this exporter not read it`)
  if (code === codes.authFailed || code === codes.saslRequired) return failed('auth', `${what}: the server wants SASL`)
  if (code === codes.sessionExpired) return failed('closed', `${what}: the session has expired`)
  return failed('protocol', `${what}: error ${code}`)
}

function readStat(body: JuteReader): Stat {
  const czxid = body.long()
  const mzxid = body.long()
  body.long() // ctime
  body.long() // mtime
  body.int() // version
  body.int() // cversion
  body.int() // aversion
  const ephemeralOwner = body.long()
  const dataLength = body.int()
  const children = body.int()
  body.long() // pzxid
  return { czxid, mzxid, ephemeralOwner, dataLength, children }
}
