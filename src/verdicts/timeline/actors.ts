import type { KeptEvent, LogFileFacts, LogRecord } from '../../model/log-facts.ts'
import { between } from './in-time.ts'
import type { Actor, Proof } from './types.ts'

/** The event itself: a night has a hundred thousand proofs, and few of them are looked at. */
export const proofOf = (event: KeptEvent): Proof => event

export const actorKey = ({ role, id, name }: Actor): string => `${role} ${id ?? name}`

export function actorName({ role, id, name }: Actor): string {
  switch (role) {
    case 'broker':
      return `broker ${id ?? name}`
    case 'zookeeper':
      return id === undefined ? `the ZooKeeper server at ${name}` : `ZooKeeper server ${id}`
    case 'node':
      return `node ${id ?? name}`
    case 'client':
      return `the holder of session ${name}`
  }
}

export const broker = (id: number): Actor => ({ role: 'broker', id, name: String(id) })
export const zookeeper = (id: number): Actor => ({ role: 'zookeeper', id, name: String(id) })

/** Lines that name an id with its address or session. */
export const namesSomebody: readonly string[] = [
  'kafka_broker_failed',
  'kafka_broker_registered',
  'kafka_peer_unreachable',
  'zk_listening',
  'zk_peer_unreachable',
  'zk_session_created',
  'zkc_session_established',
]

/** Who is who, from the whole record: what single lines leave open. */
export interface Cast {
  readonly kraft: boolean
  /** Brokers' logs are there that tell their sessions: whose is none of theirs is a client's. */
  readonly knowsSessions: boolean
  /** The broker, or KRaft's node, of that id. */
  kafka(id: number): Actor
  /** The id of whoever wrote the line. */
  writer(event: KeptEvent): number | undefined
  /** The broker that holds a session; undefined: no log tells. */
  holder(session: string): Actor
  /** Sessions whose holder was found by what came of their end. */
  readonly inferred: readonly { readonly session: string; readonly id: number }[]
  /** The ZooKeeper server behind `host/ip:port`, by ids that lines name together with the address. */
  serverAt(address: string): number | undefined
  /** The files in which an actor itself writes. */
  ownFiles(actor: Actor): readonly LogFileFacts[]
}

/** `zk-1/10.0.0.1:3888` and `/10.0.0.1:33266`: the address without name and port. */
export const hostOf = (address: string): string => address.replace(/:\d+$/, '').replace(/^.*\//, '').toLowerCase()

/** The controller hears of a session's end from ZooKeeper and removes the broker at once. */
const removedWithinMs = 2000

/** Where one session ended and one broker was removed right after it, the session was the broker's. */
function inferHolders(
  { events }: LogRecord,
  known: ReadonlyMap<string, number>,
): { readonly session: string; readonly id: number }[] {
  const ends = events.filter(({ event }) => event === 'zk_session_expired' || event === 'zk_session_close_submitted')
  return events.flatMap(({ event, at, fields }) => {
    if (event !== 'kafka_broker_failed' || fields.peer === undefined) return []
    const near = new Set(between(ends, at - removedWithinMs, at).flatMap((end) => end.fields.session ?? []))
    const [session] = near
    return near.size === 1 && session !== undefined && !known.has(session) ? [{ session, id: fields.peer }] : []
  })
}

function byIdOf({ files }: LogRecord, kind: 'node' | 'myid'): Map<number | undefined, LogFileFacts[]> {
  const byId = new Map<number | undefined, LogFileFacts[]>()
  for (const file of files) byId.set(file[kind], [...(byId.get(file[kind]) ?? []), file])
  return byId
}

export function castOf(record: LogRecord): Cast {
  const files = new Map(record.files.map((file) => [file.file, file]))
  const kraft = record.files.some((file) => file.roles.includes('kraft'))
  const sessions = new Map<string, number>()
  const servers = new Map<string, number>()
  const writer = ({ fields, file, component }: KeptEvent): number | undefined =>
    fields.self ?? (component === 'zookeeper' ? files.get(file)?.myid : files.get(file)?.node)
  for (const event of record.events) {
    const { session, address, peer } = event.fields
    const self = writer(event)
    if (event.event === 'zkc_session_established' && session !== undefined && self !== undefined) {
      sessions.set(session, self)
    }
    if (address === undefined) continue
    // Whatever names an id with an address: one node has one address for its broker and its ZooKeeper server.
    if (event.event === 'zk_peer_unreachable' || event.event === 'kafka_peer_unreachable') {
      if (peer !== undefined) servers.set(hostOf(address), peer)
    } else if (event.event === 'kafka_broker_registered' || event.event === 'zk_listening') {
      if (self !== undefined) servers.set(hostOf(address), self)
    }
  }
  const byId = { node: byIdOf(record, 'node'), myid: byIdOf(record, 'myid') }
  const knowsSessions = sessions.size > 0
  const inferred = inferHolders(record, sessions)
  for (const { session, id } of inferred) sessions.set(session, id)
  return {
    kraft,
    knowsSessions,
    inferred,
    kafka: (id) => ({ role: kraft ? 'node' : 'broker', id, name: String(id) }),
    writer,
    holder(session) {
      const id = sessions.get(session)
      return id === undefined ? { role: 'client', id: undefined, name: session } : broker(id)
    },
    serverAt: (address) => servers.get(hostOf(address)),
    ownFiles: ({ role, id }) =>
      id === undefined || role === 'client' ? [] : (byId[role === 'zookeeper' ? 'myid' : 'node'].get(id) ?? []),
  }
}
