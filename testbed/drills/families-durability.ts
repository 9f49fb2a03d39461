/** How many replicas hold the data, how many must, and where a replica that is counted does not answer. */
import type { Wanted } from './compare.ts'
import { count, fresh, lasting, type Expected, type Table } from './expected.ts'
import { isDown, leaderUnreachable, partitionsOf, type Picture } from './picture.ts'
import { partitionKey, type PartitionView } from './view.ts'

/** Undefined: nobody could read it, neither the drill nor the exporter. */
export function minIsrOf({ asked }: Picture, { topic }: PartitionView): number | undefined {
  return asked.topics.get(topic)?.minIsr
}

/** For what needs every topic's min.insync.replicas: with some of them unknown it may be either. */
export function withMinIsr(expected: Expected): Expected {
  return fresh((picture) => {
    const known = partitionsOf(picture).filter((said) => minIsrOf(picture, said) !== undefined).length
    if (known === 0) return []
    const wanted = expected(picture)
    return known === partitionsOf(picture).length ? wanted : wanted.map((want) => ({ ...want, optional: true }))
  })
}

/** Kafka's own count: what a reassignment is adding does not make a partition under-replicated. */
function underReplicated(said: PartitionView, { asked }: Picture): boolean {
  const adding = asked.reassignments.get(partitionKey(said.topic, said.partition))?.adding ?? []
  return said.isr.length < said.replicas.filter((id) => !adding.includes(id)).length
}

function underMinIsr(said: PartitionView, picture: Picture): boolean {
  return said.isr.length < (minIsrOf(picture, said) ?? -Infinity)
}

function atMinIsr(said: PartitionView, picture: Picture): boolean {
  return said.isr.length === minIsrOf(picture, said) && said.isr.length < said.replicas.length
}

function unreachableIsr(said: PartitionView, picture: Picture): boolean {
  const led = said.leader !== -1 && !leaderUnreachable(picture, said)
  return led && said.isr.some((id) => isDown(picture, id))
}

/** The worst state only. In a total outage the contract leaves open whether these follow the lasting counts. */
function unhealthySince(picture: Picture): readonly Wanted[] {
  return partitionsOf(picture).flatMap((said) => {
    const state =
      said.leader === -1
        ? 'leaderless'
        : leaderUnreachable(picture, said)
          ? 'unreachable_leader'
          : underMinIsr(said, picture)
            ? 'under_min_isr'
            : undefined
    if (state === undefined) return []
    const labels = { topic: said.topic, partition: String(said.partition), state }
    return [{ labels, value: picture.window, optional: picture.aged }]
  })
}

/** Its source looks at 90 s old words, and only the controller can be asked. */
function reassigning(picture: Picture): readonly Wanted[] {
  const value = picture.asked.reassignments.size
  return [
    {
      labels: {},
      value,
      optional: picture.down.size > 0 || picture.coordinated !== true || picture.view === undefined,
    },
  ]
}

export const durabilityFamilies: Table = {
  kafka_ha_under_replicated_partitions: fresh(count(underReplicated)),
  kafka_ha_under_min_isr_partitions: withMinIsr(count(underMinIsr)),
  kafka_ha_at_min_isr_partitions: withMinIsr(count(atMinIsr)),
  kafka_ha_single_isr_partitions: fresh(count(({ isr, replicas }) => isr.length === 1 && replicas.length > 1)),
  kafka_ha_unreachable_isr_partitions: lasting(unreachableIsr),
  kafka_ha_reassigning_partitions: reassigning,
  kafka_ha_partition_unhealthy_since_timestamp_seconds: unhealthySince,
  kafka_ha_topic_min_insync_replicas: (picture) =>
    [...(picture.view?.topics ?? [])].flatMap((topic) => {
      const value = picture.asked.topics.get(topic)?.minIsr
      return value === undefined ? [] : [{ labels: { topic }, value, optional: picture.aged }]
    }),
}
