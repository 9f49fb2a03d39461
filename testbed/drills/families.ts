/**
 * The metric contract once more, computed from Kafka's and ZooKeeper's own words instead of by the exporter: family -> every series that
 * has to be there. A series that is not in this table's answer is as wrong as a missing one: it is frozen or invented.
 */
import { count, fresh, lasting, one, type Expected, type Table } from './expected.ts'
import { clusterFamilies } from './families-cluster.ts'
import { configFamilies } from './families-config.ts'
import { durabilityFamilies } from './families-durability.ts'
import { marginFamilies } from './families-margin.ts'
import { quorumFamilies } from './families-quorum.ts'
import { sessionFamilies } from './families-sessions.ts'
import { sourceFamilies } from './families-sources.ts'
import { leaderUnreachable, partitionsOf, type Picture } from './picture.ts'
import type { PartitionView } from './view.ts'

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

const leaderless = (said: PartitionView): boolean => said.leader === -1
const unreachableLeader = (said: PartitionView, picture: Picture): boolean => leaderUnreachable(picture, said)

const partitionFamilies: Table = {
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
  kafka_topic_partition_under_replicated_partition: eachPartition((said) =>
    Number(said.isr.length < said.replicas.length),
  ),
  kafka_topic_partition_current_offset: offset('current'),
  kafka_topic_partition_oldest_offset: offset('oldest'),
  kafka_ha_topics: fresh((picture) => one(picture.view?.topics.size ?? 0)),
  kafka_ha_partitions: fresh(count(() => true)),
  kafka_ha_leaderless_partitions: fresh(count(leaderless)),
  kafka_ha_unreachable_leader_partitions: lasting(unreachableLeader),
  kafka_ha_unavailable_partitions: lasting((said, picture) => leaderless(said) || leaderUnreachable(picture, said)),
  kafka_ha_offline_replicas: fresh((picture) =>
    one(partitionsOf(picture).reduce((sum, p) => sum + p.offline.length, 0)),
  ),
  kafka_ha_not_preferred_leader_partitions: fresh(
    count((said) => said.leader !== -1 && said.leader !== said.replicas[0]),
  ),
}

export const kafkaFamilies: Table = {
  ...partitionFamilies,
  ...durabilityFamilies,
  ...marginFamilies,
  ...clusterFamilies,
  ...configFamilies,
  ...sourceFamilies,
  ...quorumFamilies,
  ...sessionFamilies,
}
