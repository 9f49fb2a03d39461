import type { KeptEvent, LogFileFacts, LogRecord } from '../../model/log-facts.ts'
import type { Actor, Proof } from './types.ts'

export const proofOf = (event: KeptEvent): Proof => ({
  file: event.file,
  line: event.line,
  at: event.at,
  text: event.text,
})

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

/** Who is who, from the whole record: what single lines leave open. */
export interface Cast {
  readonly kraft: boolean
  /** The broker, or KRaft's node, of that id. */
  kafka(id: number): Actor
  /** The id of whoever wrote the line. */
  writer(event: KeptEvent): number | undefined
  /** The broker that holds a session; undefined: no log tells. */
  holder(session: string): Actor
  /** The ZooKeeper server behind `host/ip:port`, by ids that lines name together with the address. */
  serverAt(address: string): number | undefined
  /** The files in which an actor itself writes. */
  ownFiles(actor: Actor): readonly LogFileFacts[]
}

const hostOf = (address: string): string => address.replace(/:\d+$/, '').replace(/^.*\//, '').toLowerCase()

export function castOf(record: LogRecord): Cast {
  const files = new Map(record.files.map((file) => [file.file, file]))
  const kraft = record.files.some((file) => file.roles.includes('kraft'))
  const sessions = new Map<string, number>()
  const servers = new Map<string, number>()
  const writer = (event: KeptEvent): number | undefined => event.fields.self ?? files.get(event.file)?.node
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
    } else if (event.event === 'kafka_broker_registered' || event.event === 'zk_started') {
      if (self !== undefined) servers.set(hostOf(address), self)
    }
  }
  return {
    kraft,
    kafka: (id) => ({ role: kraft ? 'node' : 'broker', id, name: String(id) }),
    writer,
    holder(session) {
      const id = sessions.get(session)
      return id === undefined ? { role: 'client', id: undefined, name: session } : broker(id)
    },
    serverAt: (address) => servers.get(hostOf(address)),
    ownFiles: (actor) =>
      record.files.filter(
        ({ node, roles }) =>
          node !== undefined &&
          node === actor.id &&
          (actor.role === 'zookeeper'
            ? roles.includes('zookeeper')
            : actor.role === 'node'
              ? roles.includes('kraft')
              : roles.includes('broker')),
      ),
  }
}
