import type { Elr } from '../model/elr.ts'
import { listLength } from '../model/int-lists.ts'
import type { Observed } from '../model/view.ts'
import { minIsrPending, minIsrUnknown } from './min-isr.ts'
import type { PartitionVerdicts } from './partition-verdicts.ts'

/** Replicas that may lead without loss though they are not in the ISR, and how long ago the look began that told. */
export interface Eligible {
  readonly ids: readonly number[]
  readonly ageMs: number
}

/** ZooKeeper mode. */
export const noneEligible: Eligible = { ids: [], ageMs: 0 }

/**
 * The eligible leader replicas of a row of the last topology (KIP-966). There are none while the ISR is as large as
 * min.insync.replicas asks; else the row was asked for. undefined: not known.
 */
export function eligibleReplicas(
  { partitions: { layout }, memory, minIsr }: PartitionVerdicts,
  elr: Observed<Elr> | undefined,
  nowMs: number,
): (row: number) => Eligible | undefined {
  return (row) => {
    const topic = layout.topicOf[row] ?? -1
    const told = elr?.value.partitions.get(layout.topics[topic]?.name ?? '')?.get(layout.partition[row] ?? -1)
    if (elr !== undefined && told !== undefined) return { ids: told.eligible, ageMs: nowMs - elr.at.mono }
    const needed = minIsr.byTopic[topic] ?? minIsrUnknown
    if (needed === minIsrUnknown || needed === minIsrPending) return undefined
    const isLed = (memory.leader[row] ?? -1) >= 0
    return isLed && listLength(memory.isr, row) >= needed ? noneEligible : undefined
  }
}
