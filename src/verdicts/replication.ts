import { listHas, listLength } from '../model/int-lists.ts'
import type { Topology } from '../model/topology.ts'

/** What Kafka's metadata says of replicas, counted over all partitions. */
export interface Replication {
  readonly underReplicated: number
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

/** The same topology is asked about at every tick; counting it once is enough. */
const counted = new WeakMap<Topology, Replication>()

export function judgeReplication(topology: Topology): Replication {
  const known = counted.get(topology)
  if (known !== undefined) return known
  const replication = countReplication(topology)
  counted.set(topology, replication)
  return replication
}

function countReplication({ partitions }: Topology): Replication {
  const { leader, replicas, isr, offline } = partitions
  let underReplicated = 0
  let notPreferredLeader = 0
  let leaderNotReplica = 0
  for (let row = 0; row < leader.length; row++) {
    if (isUnderReplicated(partitions, row)) underReplicated++
    const led = leader[row] ?? -1
    if (led >= 0 && !isPreferred(partitions, row)) notPreferredLeader++
    if (led >= 0 && !listHas(replicas, row, led)) leaderNotReplica++
  }
  const leaders = countEach(leader)
  const replicaCounts = countEach(replicas.values)
  const inSync = countEach(isr.values)
  const ids = new Set([...leaders.keys(), ...replicaCounts.keys(), ...inSync.keys()])
  const share = (id: number): BrokerShare => ({
    leaders: leaders.get(id) ?? 0,
    replicas: replicaCounts.get(id) ?? 0,
    inSync: inSync.get(id) ?? 0,
  })
  return {
    underReplicated,
    offlineReplicas: offline.values.length,
    notPreferredLeader,
    leaderNotReplica,
    perBroker: new Map([...ids].map((id) => [id, share(id)])),
  }
}

export function isUnderReplicated({ isr, replicas }: Topology['partitions'], row: number): boolean {
  return listLength(isr, row) < listLength(replicas, row)
}

/** Led by the first replica. A leaderless partition is not. */
export function isPreferred({ leader, replicas }: Topology['partitions'], row: number): boolean {
  const first = replicas.values[replicas.starts[row] ?? 0]
  return listLength(replicas, row) > 0 && leader[row] === first
}

function countEach(ids: Int32Array): ReadonlyMap<number, number> {
  const counts = new Map<number, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return counts
}
