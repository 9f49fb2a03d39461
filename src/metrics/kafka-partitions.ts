import type { PartitionHealth } from '../verdicts/partition-health.ts'
import { aggregation, number, type Family } from './family.ts'

/** How many partitions cannot be used, stand on one leg or are on the move. */
export const partitionFamilies: readonly Family[] = [
  number(
    'kafka_ha_leaderless_partitions',
    `Partitions for which Kafka names no leader. ${aggregation.kafkaSays}`,
    ({ view, judgement }) => view.topology && judgement.health?.leaderless,
  ),
  number(
    'kafka_ha_unreachable_leader_partitions',
    `Partitions whose named leader does not answer this exporter, by the last known topology. ${aggregation.reach}`,
    ({ judgement }) => judged(judgement.health)?.unreachableLeader,
  ),
  number(
    'kafka_ha_unavailable_partitions',
    `Partitions without a leader or whose leader does not answer, by the last known topology. ${aggregation.reach}`,
    ({ judgement }) => {
      const known = judged(judgement.health)
      return known && known.leaderless + known.unreachableLeader
    },
  ),
  number(
    'kafka_ha_unreachable_isr_partitions',
    `Partitions whose leader answers and whose ISR names a broker that does not, by the last known topology: writes with acks=all wait until the ISR shrinks. ${aggregation.reach}`,
    ({ judgement }) => judgement.health?.unreachableIsr,
  ),
  number(
    'kafka_ha_under_replicated_partitions',
    `Partitions with fewer replicas in sync than there are, replicas that a reassignment is adding not counted. ${aggregation.kafkaSays}`,
    ({ judgement }) => judgement.underReplicated,
  ),
  number(
    'kafka_ha_under_min_isr_partitions',
    `Partitions whose ISR is smaller than min.insync.replicas: acks=all writes are refused. ${aggregation.kafkaSays}`,
    ({ judgement }) => judgement.replication?.underMinIsr,
  ),
  number(
    'kafka_ha_at_min_isr_partitions',
    `Partitions whose ISR is as large as min.insync.replicas and smaller than their replica set (the AtMinIsr of JMX also counts those whose min.insync.replicas is their replication factor). ${aggregation.kafkaSays}`,
    ({ judgement }) => judgement.replication?.atMinIsr,
  ),
  number(
    'kafka_ha_single_isr_partitions',
    `Partitions with several replicas of which one is in sync. ${aggregation.kafkaSays}`,
    ({ judgement }) => judgement.replication?.singleIsr,
  ),
  number(
    'kafka_ha_reassigning_partitions',
    `Partitions whose replicas are being reassigned. ${aggregation.kafkaSays}`,
    ({ view }) =>
      view.reassignments?.value.access === 'granted' ? view.reassignments.value.partitions.length : undefined,
  ),
  number(
    'kafka_ha_offline_replicas',
    `Replicas that Kafka lists as offline. ${aggregation.kafkaSays}`,
    ({ judgement }) => judgement.replication?.offlineReplicas,
  ),
  number(
    'kafka_ha_not_preferred_leader_partitions',
    `Partitions led by another replica than the first. ${aggregation.kafkaSays}`,
    ({ judgement }) => judgement.replication?.notPreferredLeader,
  ),
]

/** Before every leader was judged, a count would claim to know more than anybody does. */
function judged(known: PartitionHealth | undefined): PartitionHealth | undefined {
  return known?.unjudged === 0 ? known : undefined
}
