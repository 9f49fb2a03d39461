import type { Elr } from '../model/elr.ts'
import { listOf } from '../model/int-lists.ts'
import type { Partitions } from '../model/topology.ts'
import type { PartitionMemory } from './memory.ts'

/**
 * Broker -> leaderless partitions that come back without loss with it. KRaft from Kafka 4.0: it is an eligible leader replica, or,
 * where there is none, the last that was known. Else: it is in the last ISR that was not empty, which the memory of the very same
 * partitions has for rows whose own is empty. undefined: of some partition nothing is known.
 */
export function judgeAwaited(
  { layout, leader }: Partitions,
  { filledIsr }: PartitionMemory,
  elr: Elr | undefined,
): ReadonlyMap<number, number> | undefined {
  const awaited = new Map<number, number>()
  for (let row = 0; row < leader.length; row++) {
    if ((leader[row] ?? -1) >= 0) continue
    const topic = layout.topics[layout.topicOf[row] ?? -1]?.name ?? ''
    const told = elr?.partitions.get(topic)?.get(layout.partition[row] ?? -1)
    const [ids] = [told?.eligible, told?.lastKnown, listOf(filledIsr, row)].filter((one) => one && one.length > 0)
    if (ids === undefined) return undefined
    for (const id of ids) awaited.set(id, (awaited.get(id) ?? 0) + 1)
  }
  return awaited
}
