import type { FakeCluster } from './cluster.ts'
import type { PartitionChange, Where } from './commands.ts'
import type { ClusterState, PartitionState, TopicState } from './state.ts'

/** Changes what the brokers believe that were not frozen. Each gives the number of partitions or topics it changed. */

export function changePartitions(state: ClusterState, where: Where, change: PartitionChange): number {
  const { share = 1 } = where
  let taken = 0
  let seen = 0
  return changeEach(state, where.topic, (partition) => {
    if (where.partition !== undefined && partition.partition !== where.partition) return false
    if (where.ledBy !== undefined && partition.leader !== where.ledBy) return false
    seen++
    if (Math.floor(seen * share) <= taken) return false
    taken++
    apply(partition, change)
    return true
  })
}

function apply(partition: PartitionState, change: PartitionChange): void {
  const { leader, isr, epochs = 0, ...rest } = change
  for (const key of ['replicas', 'offline', 'adding', 'removing', 'error', 'offsetError'] as const) {
    if (rest[key] !== undefined) Object.assign(partition, { [key]: rest[key] })
  }
  if (leader === 'next') partition.leader = partition.isr.find((id) => id !== partition.leader) ?? -1
  else if (leader !== undefined) partition.leader = leader
  if (isr === 'leader') partition.isr = partition.leader < 0 ? [] : [partition.leader]
  else if (isr === 'replicas') partition.isr = partition.replicas
  else if (isr !== undefined) partition.isr = isr
  partition.epoch += epochs
}

export function changeTopics(
  state: ClusterState,
  name: string | undefined,
  { minIsr, uncleanElection }: { readonly minIsr?: number | undefined; readonly uncleanElection?: boolean | undefined },
): number {
  const topics = state.topics.filter((topic) => name === undefined || topic.name === name)
  for (const topic of topics) {
    topic.minIsr = minIsr ?? topic.minIsr
    topic.uncleanElection = uncleanElection ?? topic.uncleanElection
  }
  return topics.length
}

/**
 * What a controller does about the brokers that were killed: they go from the metadata and the ISRs, their partitions are
 * led by whoever is left in sync, by nobody where that was the last one.
 */
export function elect({ state, brokers }: FakeCluster): number {
  const alive = new Set(brokers.filter(({ listener }) => listener.alive).map(({ id }) => id))
  state.brokers = state.brokers.filter(({ id }) => alive.has(id))
  if (!alive.has(state.controllerId)) state.controllerId = state.brokers[0]?.id ?? -1
  return changeEach(state, undefined, (partition) => {
    const dead = partition.replicas.filter((id) => !alive.has(id))
    if (dead.length === partition.offline.length) return false
    const inSync = partition.isr.filter((id) => alive.has(id))
    partition.offline = dead
    if (!alive.has(partition.leader)) {
      partition.leader = inSync[0] ?? -1
      partition.epoch++
    }
    // The last one in sync stays in the ISR: only it may lead again.
    partition.isr = inSync.length > 0 ? inSync : partition.isr.slice(0, 1)
    return true
  })
}

function changeEach(
  state: ClusterState,
  name: string | undefined,
  change: (partition: PartitionState, topic: TopicState) => boolean,
): number {
  state.clock++
  let changed = 0
  for (const topic of state.topics) {
    if (name !== undefined && topic.name !== name) continue
    for (const partition of topic.partitions) {
      if (!change(partition, topic)) continue
      changed++
      topic.changedAt = state.clock
    }
  }
  return changed
}
