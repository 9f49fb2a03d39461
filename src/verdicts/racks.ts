import type { Roster } from '../model/roster.ts'
import type { BrokerNode } from '../model/topology.ts'

/** Broker -> the rack that it registered with; undefined = none. Brokers never seen registered are not in it. */
export type Racks = ReadonlyMap<number, string | undefined>

/** The same object while nothing is another. */
export function nextRacks(before: Racks, brokers: readonly BrokerNode[], roster: Roster): Racks {
  const registered = new Map(brokers.map(({ id, rack }) => [id, rack]))
  const kept = [...before].filter(([id]) => roster.has(id) && !registered.has(id))
  const next = new Map([...kept, ...registered].sort(([a], [b]) => a - b))
  const isSame = next.size === before.size && [...next].every(([id, rack]) => before.has(id) && before.get(id) === rack)
  return isSame ? before : next
}
