import { sameLayout, type Topology } from '../../model/topology.ts'

/**
 * The last look's own objects for what is as it was then: its layout where nothing was created, grown or deleted (label
 * text hangs on it), all of it where the same was told again.
 */
export function asKnown(topology: Topology, last: Topology | undefined): Topology {
  if (last === undefined || !sameLayout(last.partitions.layout, topology.partitions.layout)) return topology
  if (isToldAgain(topology, last)) return last
  return { ...topology, partitions: { ...topology.partitions, layout: last.partitions.layout } }
}

/** Made of the very objects that the last one is made of. */
function isToldAgain(now: Topology, { partitions, ...last }: Topology): boolean {
  const columns = ['leader', 'leaderEpoch', 'replicas', 'isr', 'offline'] as const
  return (
    columns.every((column) => now.partitions[column] === partitions[column]) &&
    now.brokers === last.brokers &&
    now.clusterId === last.clusterId &&
    now.controllerId === last.controllerId &&
    now.leaderDisagreements === last.leaderDisagreements &&
    now.topicDisagreements === last.topicDisagreements &&
    now.refusedTopics.join() === last.refusedTopics.join() &&
    now.askedOf.join() === last.askedOf.join()
  )
}
