import type { View } from '../model/view.ts'

/** How many things Kafka refuses to show to this exporter's user; undefined = not asked, or too long ago. */
export interface Access {
  /** Topics that are there and in no listing. One that is hidden since before the start is not counted: nobody can know it. */
  readonly hiddenTopics: number | undefined
  readonly topicConfigs: number | undefined
  readonly brokerConfigs: number | undefined
  readonly reassignments: number | undefined
}

export function judgeAccess({ topology, configs, reassignments }: View): Access {
  return {
    hiddenTopics: topology?.value.refusedTopics.length,
    topicConfigs: configs?.value.refusedTopics.size,
    brokerConfigs: configs?.value.refusedBrokers.size,
    reassignments: reassignments && Number(reassignments.value.access === 'refused'),
  }
}
