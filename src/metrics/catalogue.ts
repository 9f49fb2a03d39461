import { omittedFamily } from './bounded.ts'
import { brokerFamilies } from './kafka-brokers.ts'
import { clusterFamilies } from './kafka-cluster.ts'
import { exporterFamilies, type BuildInfo } from './exporter.ts'
import type { Family } from './family.ts'
import { configFamilies, configRisk } from './kafka-configs.ts'
import { marginFamilies } from './kafka-margins.ts'
import { movementFamilies } from './kafka-movements.ts'
import { partitionFamilies } from './kafka-partitions.ts'
import { unhealthySince } from './kafka-unhealthy.ts'
import { logFamilies, omittedFiles } from './logs.ts'
import { quorumFamilies } from './quorum.ts'
import { sessionFamilies } from './sessions.ts'
import { topicFamilies } from './kafka-topics.ts'
import { TopicLabels } from './topic-labels.ts'
import { omittedNumbers, zookeeperFamilies } from './zookeeper.ts'

export interface CatalogueOptions {
  /** Whether a topic gets series of its own. Cluster-wide counts cover every topic all the same. */
  readonly wantsTopic: (topic: string) => boolean
  readonly offsetsMaxAgeMs: number
  readonly build: BuildInfo
}

/** Every family of this exporter's own, in the order of the exposition. */
export function catalogue({ wantsTopic, offsetsMaxAgeMs, build }: CatalogueOptions): readonly Family[] {
  const labels = new TopicLabels(wantsTopic)
  const bounded = [unhealthySince(labels), configRisk(wantsTopic)]
  return [
    ...clusterFamilies,
    ...brokerFamilies,
    ...partitionFamilies,
    ...marginFamilies,
    ...movementFamilies,
    ...quorumFamilies,
    ...sessionFamilies,
    ...configFamilies(labels),
    ...bounded.map(({ family }) => family),
    omittedFamily([...bounded, omittedNumbers, omittedFiles]),
    ...topicFamilies(labels, offsetsMaxAgeMs),
    ...zookeeperFamilies,
    ...logFamilies,
    ...exporterFamilies(build),
  ]
}
