import { brokerFamilies } from './kafka-brokers.ts'
import { clusterFamilies } from './kafka-cluster.ts'
import { exporterFamilies, type BuildInfo } from './exporter.ts'
import type { Family } from './family.ts'
import { partitionFamilies } from './kafka-partitions.ts'
import { topicFamilies } from './kafka-topics.ts'
import { TopicLabels } from './topic-labels.ts'

export interface CatalogueOptions {
  /** Whether a topic gets series of its own. Cluster-wide counts cover every topic all the same. */
  readonly wantsTopic: (topic: string) => boolean
  readonly offsetsMaxAgeMs: number
  readonly build: BuildInfo
}

/** Every family of this exporter's own, in the order of the exposition. */
export function catalogue({ wantsTopic, offsetsMaxAgeMs, build }: CatalogueOptions): readonly Family[] {
  const labels = new TopicLabels(wantsTopic)
  return [
    ...clusterFamilies,
    ...brokerFamilies,
    ...partitionFamilies(labels),
    ...topicFamilies(labels, offsetsMaxAgeMs),
    ...exporterFamilies(build),
  ]
}
