import { addressText } from '../model/address.ts'
import { countIds } from '../model/id-counts.ts'
import type { KnownBroker, Roster } from '../model/roster.ts'
import type { Topology } from '../model/topology.ts'

/** A hostile reply could name millions of brokers; no cluster has this many. */
const mostBrokers = 10_000

/**
 * The brokers to expect after a look at the topology: those registered, those named as replicas, and those that were until
 * `retentionMs` ago. An address belongs to whoever is registered with it now.
 */
export function nextRoster(roster: Roster, topology: Topology, now: number, retentionMs: number): Roster {
  const next = new Map<number, KnownBroker>()
  const taken = new Set<string>()
  for (const { id, host, port } of topology.brokers.slice(0, mostBrokers)) {
    next.set(id, { address: { host, port }, namedAt: now })
    taken.add(addressText({ host, port }))
  }
  const lastAddress = (id: number): KnownBroker['address'] => {
    const address = roster.get(id)?.address
    return address === undefined || taken.has(addressText(address)) ? undefined : address
  }
  for (const id of countIds(topology.partitions.replicas.values).keys()) {
    if (!next.has(id) && next.size < mostBrokers) next.set(id, { address: lastAddress(id), namedAt: now })
  }
  for (const [id, { namedAt }] of roster) {
    if (!next.has(id) && now - namedAt < retentionMs && next.size < mostBrokers) {
      next.set(id, { address: lastAddress(id), namedAt })
    }
  }
  return next
}
