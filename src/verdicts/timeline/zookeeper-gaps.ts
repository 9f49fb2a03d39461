import type { KeptEvent, LogRecord } from '../../model/log-facts.ts'
import { type Cast, hostOf, proofOf } from './actors.ts'
import type { Proof, ZookeeperGap } from './types.ts'

/** A server that dies, and the election after it, cost a broker less. */
const shortestMs = 6000
const mostProofs = 3

const failures: ReadonlySet<string> = new Set(['zkc_eof', 'zkc_reconnect', 'zkc_session_timed_out', 'zkc_socket_error'])
/** With these it is no longer waiting for ZooKeeper. */
const ends: ReadonlySet<string> = new Set(['zkc_session_established', 'kafka_starting', 'kafka_stopped'])
export const zookeeperGapsTell: readonly string[] = [...failures, ...ends, 'zkc_connecting', 'zkc_new_session']

interface Client {
  /** How many servers it knows; undefined: its log does not go back that far. */
  servers: number | undefined
  hadSession: boolean
  from: number | undefined
  readonly tried: Set<string>
  /** The first failures. */
  readonly proof: KeptEvent[]
  newest: KeptEvent | undefined
}

/** The times in which a broker, by its own log, had a session and no server of ZooKeeper that served it. */
export function zookeeperGapsOf({ events }: LogRecord, cast: Cast): ZookeeperGap[] {
  const clients = new Map<number, Client>()
  const gaps: ZookeeperGap[] = []
  const close = (id: number, client: Client, end: KeptEvent | undefined): void => {
    const { from, servers, tried } = client
    client.from = undefined
    if (from === undefined || (end !== undefined && end.at - from < shortestMs)) return
    const proof: Proof[] = client.proof.map(proofOf)
    const last = end ?? client.newest
    if (last !== undefined && !client.proof.includes(last)) proof.push(proofOf(last))
    gaps.push({ brokers: [id], from, until: end?.at, tried: tried.size, servers, proof })
  }
  for (const event of events) {
    if (event.component === 'zookeeper' || !told.has(event.event)) continue
    const id = cast.writer(event)
    if (id === undefined) continue
    const client = clients.get(id) ?? fresh()
    clients.set(id, client)
    const { session, address } = event.fields
    if (event.event === 'zkc_new_session') client.servers = address?.split(',').length
    else if (ends.has(event.event)) {
      close(id, client, event)
      client.hadSession = event.event === 'zkc_session_established'
    } else {
      if (client.from === undefined && failures.has(event.event)) begin(client, event, session)
      if (client.from === undefined) continue
      if (address !== undefined) client.tried.add(hostOf(address))
      if (!failures.has(event.event)) continue
      if (client.proof.length < mostProofs) client.proof.push(event)
      if (event.lastAt >= (client.newest?.lastAt ?? -Infinity)) client.newest = event
    }
  }
  for (const [id, client] of clients) {
    const { from, newest } = client
    if (from !== undefined && newest !== undefined && newest.lastAt - from >= shortestMs) close(id, client, undefined)
  }
  return together(gaps.sort((a, b) => a.from - b.from))
}

const told: ReadonlySet<string> = new Set(zookeeperGapsTell)
const fresh = (): Client => ({
  servers: undefined,
  hadSession: false,
  from: undefined,
  tried: new Set(),
  proof: [],
  newest: undefined,
})

/** Who has no session yet, as at its start, has none to lose. */
function begin(client: Client, { at }: KeptEvent, session: string | undefined): void {
  if (!client.hadSession && (session === undefined || /^0x0*$/.test(session))) return
  client.from = at
  client.tried.clear()
  client.proof.length = 0
  client.newest = undefined
}

/** What several brokers tell of the same time. */
function together(gaps: readonly ZookeeperGap[]): ZookeeperGap[] {
  const found: ZookeeperGap[] = []
  for (const gap of gaps) {
    const last = found.at(-1)
    if (last === undefined || gap.from > (last.until ?? Infinity)) found.push(gap)
    else {
      found[found.length - 1] = {
        brokers: [...new Set([...last.brokers, ...gap.brokers])].sort((a, b) => a - b),
        from: last.from,
        until: last.until === undefined || gap.until === undefined ? undefined : Math.max(last.until, gap.until),
        tried: Math.min(last.tried, gap.tried),
        servers: last.servers ?? gap.servers,
        proof: [...last.proof, ...gap.proof],
      }
    }
  }
  return found
}
