import type { EnsembleMember, Membership } from '../../model/ensemble.ts'

/** No ensemble has nearly as many. */
const mostMembers = 1_000
/** A server with ten addresses takes a few hundred characters. */
const longestLine = 4_096

/**
 * The members in ZooKeeper's own configuration text: `/zookeeper/config`, a dynamic or static file, or `conf`'s part of it.
 * Lines that are anything else are passed over. undefined: it names no member, as a standalone server's.
 *
 *     server.1=zk1:2888:3888:participant;0.0.0.0:2181
 *     server.2=[fd00::2]:2888:3888|zk2:2888:3888:observer;2181
 *     version=100000000
 */
export function parseMembership(text: string): Membership | undefined {
  const members = new Map<number, EnsembleMember>()
  let version: bigint | undefined
  for (const line of text.split('\n')) {
    if (line.length > longestLine) continue
    const at = line.search(/[=:]/)
    const [key, value] = [line.slice(0, Math.max(0, at)).trim(), line.slice(at + 1).trim()]
    const [, id] = /^server\.(\d{1,10})$/.exec(key) ?? []
    if (id !== undefined && members.size < mostMembers) {
      const member = parseMember(Number(id), value)
      if (member !== undefined) members.set(member.id, member)
    } else if (key === 'version' && /^[0-9a-f]{1,16}$/.test(value)) {
      version = BigInt(`0x${value}`)
    }
  }
  if (members.size === 0) return undefined
  return { members: [...members.values()].sort((a, b) => a.id - b.id), version }
}

/** `host:peerPort:electionPort[:role]`, several of them with `|` between (the first counts), then `;[clientHost:]clientPort`. */
function parseMember(id: number, text: string): EnsembleMember | undefined {
  const [peers = '', client = ''] = text.split(';')
  const [, address, role] = /^(.*?)(?::(participant|observer))?$/i.exec(peers.trim()) ?? []
  const first = address?.split('|')[0] ?? ''
  const host = parseAddress(first)?.host
  if (host === undefined) return undefined
  return {
    id,
    role: role?.toLowerCase() === 'observer' ? 'observer' : 'participant',
    host,
    client: clientAddress(client.trim(), host),
  }
}

/** `host:2181` or `2181`. A server that listens on every interface is reached where its peers reach it. */
export function clientAddress(text: string, peerHost: string): EnsembleMember['client'] {
  const given = parseAddress(
    /^\d+$/.test(text) ? `${peerHost.includes(':') ? `[${peerHost}]` : peerHost}:${text}` : text,
  )
  if (given === undefined) return undefined
  return /^(0\.0\.0\.0|::|0:0:0:0:0:0:0:0)$/.test(given.host) ? { host: peerHost, port: given.port } : given
}

/** The host and the first port. */
function parseAddress(text: string): { readonly host: string; readonly port: number } | undefined {
  const [, bracketed, plain, digits] = /^(?:\[([^\]]+)\]|([^:[\]\s]+)):(\d{1,5})(?::\d{1,5})?$/.exec(text.trim()) ?? []
  const host = bracketed ?? plain
  const port = Number(digits)
  return host === undefined || port < 1 || port > 65_535 ? undefined : { host, port }
}
