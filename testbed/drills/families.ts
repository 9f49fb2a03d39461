/**
 * The metric contract once more, computed from Kafka's own words instead of by the exporter: family -> every series that
 * has to be there. A series that is not in this table's answer is as wrong as a missing one: it is frozen or invented.
 */
import type { Wanted } from './compare.ts'
import { clusterFamilies } from './families-cluster.ts'
import { leaderUnreachable, partitionsOf, type Picture } from './picture.ts'
import type { PartitionView } from './view.ts'

export type Expected = (picture: Picture) => readonly Wanted[]

/** For families that live as long as their observation: gone once it is too old, unknown while there was none. */
export function fresh(expected: Expected): Expected {
  return (picture) => (picture.aged || picture.view === undefined ? [] : expected(picture))
}

export function one(value: number): readonly Wanted[] {
  return [{ labels: {}, value }]
}

function count(matches: (partition: PartitionView, picture: Picture) => boolean): Expected {
  return (picture) => one(partitionsOf(picture).filter((partition) => matches(partition, picture)).length)
}

/** These outlive their observation. Before the first one there is nothing to count: 0 or absent, both are honest. */
function lasting(matches: (partition: PartitionView, picture: Picture) => boolean): Expected {
  return (picture) =>
    picture.view === undefined ? [{ labels: {}, value: 0, optional: true }] : count(matches)(picture)
}

function eachPartition(value: (partition: PartitionView, picture: Picture) => number | undefined): Expected {
  return fresh((picture) =>
    partitionsOf(picture).flatMap((said) => {
      const number = value(said, picture)
      if (number === undefined) return []
      return [{ labels: { topic: said.topic, partition: String(said.partition) }, value: number }]
    }),
  )
}

function offset(which: 'current' | 'oldest'): Expected {
  return eachPartition((said, picture) => {
    if (said.leader === -1 || leaderUnreachable(picture, said)) return undefined
    // NaN equals nothing: an offset that truth could not read fails the stage instead of passing it.
    return picture.offsets[which].get(`${said.topic}/${said.partition}`) ?? NaN
  })
}

const underReplicated = (said: PartitionView): boolean => said.isr.length < said.replicas.length
const leaderless = (said: PartitionView): boolean => said.leader === -1
const unreachableLeader = (said: PartitionView, picture: Picture): boolean => leaderUnreachable(picture, said)

function unhealthySince(picture: Picture): readonly Wanted[] {
  return partitionsOf(picture).flatMap((said) => {
    const state = leaderless(said) ? 'leaderless' : leaderUnreachable(picture, said) ? 'unreachable_leader' : undefined
    if (state === undefined) return []
    const labels = { topic: said.topic, partition: String(said.partition), state }
    // In a total outage the contract leaves open whether these follow the lasting counts or the aged topology.
    return [{ labels, value: picture.window, optional: picture.aged }]
  })
}

const partitionFamilies: Readonly<Record<string, Expected>> = {
  kafka_topic_partitions: fresh((picture) =>
    [...(picture.view?.topics ?? [])].map((topic) => ({
      labels: { topic },
      value: partitionsOf(picture).filter((said) => said.topic === topic).length,
    })),
  ),
  kafka_topic_partition_leader: eachPartition((said) => said.leader),
  kafka_topic_partition_leader_is_preferred: eachPartition((said) => Number(said.leader === said.replicas[0])),
  kafka_topic_partition_replicas: eachPartition((said) => said.replicas.length),
  kafka_topic_partition_in_sync_replica: eachPartition((said) => said.isr.length),
  kafka_topic_partition_under_replicated_partition: eachPartition((said) => Number(underReplicated(said))),
  kafka_topic_partition_current_offset: offset('current'),
  kafka_topic_partition_oldest_offset: offset('oldest'),
  kafka_ha_topics: fresh((picture) => one(picture.view?.topics.size ?? 0)),
  kafka_ha_partitions: fresh(count(() => true)),
  kafka_ha_leaderless_partitions: fresh(count(leaderless)),
  kafka_ha_unreachable_leader_partitions: lasting(unreachableLeader),
  kafka_ha_unavailable_partitions: lasting((said, picture) => leaderless(said) || leaderUnreachable(picture, said)),
  kafka_ha_under_replicated_partitions: fresh(count(underReplicated)),
  kafka_ha_offline_replicas: fresh((picture) =>
    one(partitionsOf(picture).reduce((sum, p) => sum + p.offline.length, 0)),
  ),
  kafka_ha_not_preferred_leader_partitions: fresh(
    count((said) => said.leader !== -1 && said.leader !== said.replicas[0]),
  ),
  kafka_ha_partition_unhealthy_since_timestamp_seconds: unhealthySince,
}

export const kafkaFamilies: Readonly<Record<string, Expected>> = { ...partitionFamilies, ...clusterFamilies }
