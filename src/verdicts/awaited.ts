import type { Partitions } from '../model/topology.ts'
import type { PartitionMemory } from './memory.ts'

/**
 * Broker -> leaderless partitions that come back without loss with it: it is in their last ISR that was not empty. Source: the
 * memory of the very same partitions, which has an ISR for rows whose own is empty. undefined: of some partition no ISR is known.
 */
export function judgeAwaited(
  { leader }: Partitions,
  { filledIsr: isr }: PartitionMemory,
): ReadonlyMap<number, number> | undefined {
  const awaited = new Map<number, number>()
  for (let row = 0; row < leader.length; row++) {
    if ((leader[row] ?? -1) >= 0) continue
    const first = isr.starts[row] ?? 0
    const end = isr.starts[row + 1] ?? 0
    if (end === first) return undefined
    for (let i = first; i < end; i++) {
      const id = isr.values[i] ?? -1
      awaited.set(id, (awaited.get(id) ?? 0) + 1)
    }
  }
  return awaited
}
