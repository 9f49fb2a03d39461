import type { EligibleReplicas, Elr } from '../model/elr.ts'
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

interface Told extends EligibleReplicas {
  /** `mono` ms at which the look began. */
  readonly at: number
}

/** What was told of a partition last, and the last before that in another leader epoch. */
interface Remembered {
  readonly newest: Told
  readonly before: Told | undefined
}

/** Topic -> partition; of those that the newest answer tells of. */
export type EligibleMemory = ReadonlyMap<string, ReadonlyMap<number, Remembered>>

/** The answer may be newer than the topology: then an election that is still to be judged has changed who is eligible. */
export function rememberEligible(memory: EligibleMemory, { value, at }: Observed<Elr>): EligibleMemory {
  return new Map(
    [...value.partitions].map(([topic, partitions]) => {
      const known = memory.get(topic)
      const remembered = [...partitions].map(([partition, told]): [number, Remembered] => {
        const past = known?.get(partition)
        const before = past?.newest.leaderEpoch === told.leaderEpoch ? past.before : past?.newest
        return [partition, { newest: { ...told, at: at.mono }, before }]
      })
      return [topic, new Map(remembered)]
    }),
  )
}

/**
 * The eligible leader replicas of a row of the last topology (KIP-966), as they were in its leader epoch. There are none while
 * the ISR is as large as min.insync.replicas asks; else the row was asked for. undefined: not known.
 */
export function eligibleReplicas(
  { partitions: { layout }, memory, minIsr }: PartitionVerdicts,
  remembered: EligibleMemory,
  nowMs: number,
): (row: number) => Eligible | undefined {
  return (row) => {
    const topic = layout.topicOf[row] ?? -1
    const told = remembered.get(layout.topics[topic]?.name ?? '')?.get(layout.partition[row] ?? -1)
    if (told !== undefined) {
      const epoch = memory.epoch[row] ?? -1
      const then = [told.newest, told.before].find((one) => epoch < 0 || (one?.leaderEpoch ?? Infinity) <= epoch)
      return then && { ids: then.eligible, ageMs: nowMs - then.at }
    }
    const needed = minIsr.byTopic[topic] ?? minIsrUnknown
    if (needed === minIsrUnknown || needed === minIsrPending) return undefined
    const isLed = (memory.leader[row] ?? -1) >= 0
    return isLed && listLength(memory.isr, row) >= needed ? noneEligible : undefined
  }
}
