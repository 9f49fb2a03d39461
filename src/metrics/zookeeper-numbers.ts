import type { Ensemble } from '../model/ensemble.ts'
import type { State } from '../store.ts'
import { aggregation, labelText, type Family, type Row } from './family.ts'

interface Numbers {
  readonly families: readonly Family[]
  readonly omitted: number
}

/** These have a meaning of their own, whatever a server calls its numbers. */
const taken = new Set(['zk_up', 'zk_server_leader', 'zk_ruok', 'zk_peer_state', 'zk_version'])

const remembered = new WeakMap<Ensemble, Numbers>()

/**
 * Every number that a server tells as `zk_KEY`: which ones there are is known only when a server has told them. What they are
 * is not told either, so they are untyped, as in dabealu/zookeeper-exporter.
 */
export function numberFamilies(state: State): readonly Family[] {
  return numbersOf(state).families
}

/** How many numbers of servers are not shown. */
export function omittedOf(state: State): number {
  return numbersOf(state).omitted
}

function numbersOf({ view }: State): Numbers {
  const ensemble = view.zookeeper?.value
  if (ensemble === undefined) return { families: [], omitted: 0 }
  const known = remembered.get(ensemble) ?? gather(ensemble)
  remembered.set(ensemble, known)
  return known
}

function gather({ servers }: Ensemble): Numbers {
  const keys = new Set<string>()
  for (const { numbers } of servers.values()) for (const key of numbers.keys()) keys.add(key)
  const keyOf = new Map<string, string>()
  // Of keys that come to the same name the one that is that name is shown, else the first in order.
  for (const key of [...keys].sort()) {
    const name = metricName(key)
    if (!taken.has(name) && (!keyOf.has(name) || name === `zk_${key}`)) keyOf.set(name, key)
  }
  const families: Family[] = []
  let shown = 0
  for (const [name, key] of keyOf) {
    const rows: Row[] = []
    for (const [server, { numbers }] of servers) {
      const value = numbers.get(key)
      if (value !== undefined) rows.push({ labels: labelText({ zk_host: server }), value })
    }
    shown += rows.length
    const help = `${key.replaceAll('_', ' ')}, as ZooKeeper's mntr or srvr tells it. ${aggregation.kafkaSays}`
    families.push({ name, help, type: 'untyped', labels: ['zk_host'], rows: () => rows })
  }
  const all = [...servers.values()].reduce((sum, { numbers, omitted }) => sum + numbers.size + omitted, 0)
  return { families, omitted: all - shown }
}

function metricName(key: string): string {
  return `zk_${key.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`
}
