import { failed, success, type Result } from '../../model/result.ts'
import { sessionText } from '../../model/sessions.ts'
import { isFields, served, type Fields } from './parse-admin.ts'
import { brokerOf, rootOf, type HeldNodes } from './parse-dump.ts'
import { longestTimeoutMs } from './parse-cons.ts'

/** Sessions that expire together, and when by the server's own elapsed time: ms since a moment that nobody else knows. */
export interface ElapsedBucket {
  readonly at: number
  readonly sessions: readonly string[]
}

export interface AdminDump {
  /** As far as this answer can tell: a follower knows who holds what, and no times. */
  readonly leads: boolean
  /** In the order of their times; also those that are empty by now. */
  readonly buckets: readonly ElapsedBucket[]
  readonly held: ReadonlyMap<string, HeldNodes>
}

/** `/commands/dump`, of 3.5 to 3.9. `protocol` where it is something else, or the server does not serve. */
export function parseAdminDump(text: string, chroot: string): Result<AdminDump> {
  const fields = fieldsOf('dump', text)
  if (!fields.ok) return fields
  const { expiry_time_to_session_ids: times, session_id_to_ephemeral_paths: paths } = fields.value
  if (!isFields(times) || !isFields(paths)) return failed('protocol', 'dump: without its sessions')
  const buckets: ElapsedBucket[] = []
  for (const [key, ids] of Object.entries(times)) {
    const sessions = isList(ids) ? ids.map(sessionOf) : [undefined]
    if (!/^-?\d{1,15}$/.test(key) || !sessions.every((id) => id !== undefined)) return unreadable('dump', key)
    buckets.push({ at: Number(key), sessions })
  }
  const held = new Map<string, HeldNodes>()
  const root = rootOf(chroot)
  for (const [key, nodes] of Object.entries(paths)) {
    const session = sessionOf(key)
    if (session === undefined || !isTexts(nodes)) return unreadable('dump', key)
    const broker = nodes.map((path) => brokerOf(path, root)).find((id) => id !== undefined)
    held.set(session, { broker, ephemerals: nodes.length })
  }
  return success({ leads: buckets.length > 0 || held.size === 0, buckets: buckets.sort((a, b) => a.at - b.at), held })
}

/** `/commands/connections`: what `cons` tells, of plain and TLS connections. */
export function parseConnections(text: string): Result<ReadonlyMap<string, number | undefined>> {
  const fields = fieldsOf('connections', text)
  if (!fields.ok) return fields
  const { connections, secure_connections: secure = [] } = fields.value
  if (!isList(connections) || !isList(secure)) return unreadable('connections', 'its lists')
  const sessions = new Map<string, number | undefined>()
  for (const connection of [...connections, ...secure]) {
    if (!isFields(connection)) return unreadable('connections', 'an entry')
    const { session_id: id = 0, session_timeout: timeout } = connection
    const session = sessionOf(id)
    if (session === undefined) return unreadable('connections', 'a session id')
    const isTimeout = typeof timeout === 'number' && timeout > 0 && timeout <= longestTimeoutMs
    // Without a session: a client that is being greeted.
    if (session !== '0x0') sessions.set(session, isTimeout ? timeout : undefined)
  }
  return success(sessions)
}

function fieldsOf(command: string, text: string): Result<Fields> {
  const fields = served(text)
  if (fields === 'not_serving') return failed('protocol', `${command}: the server does not serve`)
  return fields === undefined ? failed('protocol', `${command}: no answer of an AdminServer's`) : success(fields)
}

function unreadable(command: string, what: string): Result<never> {
  return failed('protocol', `${command}: cannot read ${JSON.stringify(what.slice(0, 40))}`)
}

/** A signed number of 64 bits, which is text here where JSON would have rounded it. */
function sessionOf(id: unknown): string | undefined {
  const text = typeof id === 'number' ? String(id) : id
  return typeof text === 'string' && /^-?\d{1,19}$/.test(text) ? sessionText(BigInt(text)) : undefined
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}

function isTexts(value: unknown): value is readonly string[] {
  return isList(value) && value.every((one) => typeof one === 'string')
}
