import { countIds } from '../model/id-counts.ts'
import { listHas, listLength } from '../model/int-lists.ts'
import type { Partitions } from '../model/topology.ts'
import { minIsrUnknown, type MinIsr } from './min-isr.ts'
import { countedReplicas, type Adding } from './reassigning.ts'

/** What Kafka's metadata says of replicas, counted over all partitions. */
export interface Replication {
  /** As Kafka counts: replicas that a reassignment is adding are missed by nobody. */
  readonly underReplicated: number
  /** undefined: min.insync.replicas is not known everywhere. */
  readonly underMinIsr: number | undefined
  readonly atMinIsr: number | undefined
  readonly singleIsr: number
  readonly offlineReplicas: number
  readonly notPreferredLeader: number
  /** Partitions whose leader is not one of their replicas: a contradiction. */
  readonly leaderNotReplica: number
  /** Broker id -> partitions it leads, holds a replica of, is in sync for. */
  readonly perBroker: ReadonlyMap<number, BrokerShare>
}

export interface BrokerShare {
  readonly leaders: number
  readonly replicas: number
  readonly inSync: number
}

export function judgeReplication(partitions: Partitions, { byTopic, complete }: MinIsr, adding: Adding): Replication {
  const { layout, leader, replicas, isr, offline } = partitions
  const counts = { under: 0, underMin: 0, atMin: 0, single: 0, notPreferred: 0, notReplica: 0 }
  for (let row = 0; row < leader.length; row++) {
    const inSync = listLength(isr, row)
    const all = listLength(replicas, row)
    if (inSync < all) {
      if (adding.size === 0 || inSync < countedReplicas(partitions, row, adding)) counts.under++
      if (inSync === 1) counts.single++
    }
    const needed = byTopic[layout.topicOf[row] ?? 0] ?? minIsrUnknown
    if (inSync < needed) counts.underMin++
    if (inSync === needed && inSync < all) counts.atMin++
    const led = leader[row] ?? -1
    if (led >= 0 && !isPreferred(partitions, row)) counts.notPreferred++
    if (led >= 0 && !listHas(replicas, row, led)) counts.notReplica++
  }
  return {
    underReplicated: counts.under,
    underMinIsr: complete ? counts.underMin : undefined,
    atMinIsr: complete ? counts.atMin : undefined,
    singleIsr: counts.single,
    offlineReplicas: offline.values.length,
    notPreferredLeader: counts.notPreferred,
    leaderNotReplica: counts.notReplica,
    perBroker: shares(partitions),
  }
}

function shares({ leader, replicas, isr }: Partitions): ReadonlyMap<number, BrokerShare> {
  const leaders = countIds(leader)
  const replicaCounts = countIds(replicas.values)
  const inSync = countIds(isr.values)
  const ids = new Set([...leaders.keys(), ...replicaCounts.keys(), ...inSync.keys()])
  const share = (id: number): BrokerShare => ({
    leaders: leaders.get(id) ?? 0,
    replicas: replicaCounts.get(id) ?? 0,
    inSync: inSync.get(id) ?? 0,
  })
  return new Map([...ids].map((id) => [id, share(id)]))
}

/** The plain comparison, whatever a reassignment adds. */
export function isUnderReplicated({ isr, replicas }: Partitions, row: number): boolean {
  return listLength(isr, row) < listLength(replicas, row)
}

/** Led by the first replica. A leaderless partition is not. */
export function isPreferred({ leader, replicas }: Partitions, row: number): boolean {
  const first = replicas.values[replicas.starts[row] ?? 0]
  return listLength(replicas, row) > 0 && leader[row] === first
}
