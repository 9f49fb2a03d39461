import type { BrokerVerdicts } from './brokers.ts'

/** Whether a broker can be used. A broker that nobody expects is nobody's to answer for: down. */
export const reach = { down: 0, up: 1, unjudged: 2 } as const

/** Ids below this are looked up in an array: partitions are counted a hundred thousand at a time. */
const tableSize = 4_096

export type ReachOf = (broker: number) => number

export function reachOf(brokers: BrokerVerdicts): ReachOf {
  const table = new Uint8Array(tableSize)
  const rest = new Map<number, number>()
  for (const [id, { state }] of brokers) {
    const code = state === 'up' ? reach.up : state === 'unknown' ? reach.unjudged : reach.down
    if (id >= 0 && id < tableSize) table[id] = code
    else rest.set(id, code)
  }
  return (id) => (id >= 0 && id < tableSize ? (table[id] ?? reach.down) : (rest.get(id) ?? reach.down))
}
