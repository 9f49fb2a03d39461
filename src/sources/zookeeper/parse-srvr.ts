import { numberIn, servingState, wholeLines, type Told } from './told.ts'

/** How `srvr` calls what `mntr` tells under another name: the numbers of one line, divided by slashes. */
const lines: Readonly<Record<string, readonly string[]>> = {
  'Latency min/avg/max': ['min_latency', 'avg_latency', 'max_latency'],
  Received: ['packets_received'],
  Sent: ['packets_sent'],
  Connections: ['num_alive_connections'],
  Outstanding: ['outstanding_requests'],
  'Node count': ['znode_count'],
  'Proposal sizes last/min/max': ['last_proposal_size', 'min_proposal_size', 'max_proposal_size'],
}

/** undefined: no answer of a server that serves. */
export function parseSrvr(text: string): Told | undefined {
  const numbers = new Map<string, number>()
  let state: Told['state'] | undefined
  let version: string | undefined
  let zxid: bigint | undefined
  for (const line of wholeLines(text)) {
    const colon = line.indexOf(':')
    const name = line.slice(0, Math.max(0, colon))
    const value = line.slice(colon + 1).trim()
    if (name === 'Mode') state = servingState(value)
    else if (name === 'Zookeeper version') version = value
    else if (name === 'Zxid') zxid = parseZxid(value)
    const keys = Object.hasOwn(lines, name) ? (lines[name] ?? []) : []
    const parts = value.split('/', 3)
    keys.forEach((key, i) => {
      const known = numberIn(parts[i] ?? '')
      if (known !== undefined) numbers.set(key, known)
    })
  }
  if (state === undefined) return undefined
  return { state, version, zxid, syncedFollowers: undefined, peerState: undefined, numbers, omitted: 0 }
}

function parseZxid(text: string): bigint | undefined {
  return /^0x[0-9a-f]{1,16}$/i.test(text) ? BigInt(text) : undefined
}
