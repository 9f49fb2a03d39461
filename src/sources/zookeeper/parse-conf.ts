import type { EnsembleMember, Membership } from '../../model/ensemble.ts'

/** What `conf` says of the server and of its ensemble. */
export interface Conf {
  readonly id: number | undefined
  /** undefined: it names no members (standalone, read-only, ZooKeeper 3.4). */
  readonly membership: Membership | undefined
}

/** undefined: no `conf`. Its last line has no end. */
export function parseConf(text: string): Conf | undefined {
  const id = /^serverId=(\d{1,19})\r?$/m.exec(text)?.[1]
  const membership = parseMembership(text)
  return id === undefined && membership === undefined
    ? undefined
    : { id: id === undefined ? undefined : toId(id), membership }
}

/** More members than anybody has; more than that is no configuration. */
const mostMembers = 1_000

/** The dynamic configuration as `conf` and `/zookeeper/config` have it: `server.1=host:2888:3888:participant;0.0.0.0:2181`. */
export function parseMembership(text: string): Membership | undefined {
  const members = new Map<number, EnsembleMember>()
  let version: bigint | undefined
  for (const line of text.split(/\r?\n/)) {
    const server = /^server\.(\d{1,19})=(.*)$/.exec(line)
    const member = server && parseMember(Number(server[1]), (server[2] ?? '').trim())
    if (member && members.size < mostMembers) members.set(member.id, member)
    const hex = /^version=([0-9a-f]{1,16})$/i.exec(line.trim())?.[1]
    if (hex !== undefined) version = BigInt(`0x${hex}`)
  }
  return members.size === 0 ? undefined : { members: [...members.values()], version }
}

/** `host:2888:3888`, more such addresses of it behind `|` (3.6), then its role, then its clients' address behind `;`. */
function parseMember(id: number, text: string): EnsembleMember | undefined {
  const [peers = '', clients = ''] = text.split(';', 2)
  const match = /^(?:\[([^\]]+)\]|([^:[\]|]+)):\d{1,5}:\d{1,5}(?=[:|]|$)/.exec(peers.trim())
  const host = match?.[1] ?? match?.[2]
  if (host === undefined || !Number.isSafeInteger(id)) return undefined
  const role = /:observer$/i.test(peers.trim()) ? 'observer' : 'participant'
  return { id, role, host, client: clientAddress(clients.trim(), host) }
}

/** `host:2181` or `2181`. Bound to every interface, it is reached where its peers reach it. */
export function clientAddress(text: string, peerHost: string): EnsembleMember['client'] {
  const match = /^(?:(?:\[([^\]]+)\]|([^:[\]]+)):)?(\d{1,5})$/.exec(text)
  if (match === null) return undefined
  const host = match[1] ?? match[2]
  const isAny = host === undefined || host === '0.0.0.0' || /^[0:]+$/.test(host)
  return { host: isAny ? peerHost : host, port: Number(match[3]) }
}

function toId(text: string): number | undefined {
  const id = Number(text)
  return Number.isSafeInteger(id) ? id : undefined
}
