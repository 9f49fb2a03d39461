import { describe, expect, it } from 'vitest'
import { listOf } from '../../../src/model/int-lists.ts'
import { decodeMetadata } from '../../../src/sources/kafka/metadata.ts'
import { Prng, seeds } from '../../support/prng.ts'
import { metadataBody, noTags, unknownTags, type FakePartition, type FakeTopic } from '../../support/replies.ts'
import { valueOf } from '../../support/results.ts'

/** Partitions in the order of a hash map; now and then with gaps, or a number that no place could be made for. */
function randomTopic(random: Prng, name: string): FakeTopic {
  const all = Array.from({ length: random.below(9) }, (_, i) => i)
  const numbers = random.chance(0.3) ? [...random.some(all, 0.6), 2 ** 31 - 1] : all
  const partition = (number: number): FakePartition => {
    const replicas = random.shuffled([1, 2, 3, 300, 2 ** 31 - 1]).slice(random.below(6))
    const isr = random.some(replicas, 0.6)
    return { partition: number, leader: isr[0] ?? -1, replicas, isr, offline: random.some(replicas, 0.3), epoch: random.below(9) } // prettier-ignore
  }
  return { name, internal: random.chance(0.2), partitions: random.shuffled(numbers.map(partition)) }
}

describe('the rows of a Metadata reply', () => {
  it.each(seeds)('are its topics sorted by name, its partitions by number (seed %i)', (seed) => {
    const random = new Prng(seed)
    const names = random.some(['a', 'a.b', 'B', '_x', 'é', 'zz', 'z'], 0.7)
    const topics = random.shuffled(names.map((name) => randomTopic(random, name)))
    const version = 4 + random.below(9)
    const body = metadataBody(
      version,
      { clusterId: 'abc', controllerId: 1, brokers: [], topics },
      random.chance(0.5) ? noTags : unknownTags,
    )
    const { layout, leader, leaderEpoch, replicas, isr, offline } = valueOf(decodeMetadata(body, version)).partitions
    const rows = Array.from(layout.partition, (partition, row) => ({
      topic: layout.topics[layout.topicOf[row] ?? -1]?.name,
      partition,
      leader: leader[row],
      epoch: leaderEpoch[row],
      replicas: [...listOf(replicas, row)],
      isr: [...listOf(isr, row)],
      offline: [...listOf(offline, row)],
    }))
    const expected = topics
      .toSorted((a, b) => ((a.name ?? '') < (b.name ?? '') ? -1 : 1))
      .flatMap((topic) =>
        topic.partitions
          .toSorted((a, b) => a.partition - b.partition)
          .map((one) => ({
            topic: topic.name,
            ...one,
            epoch: version >= 7 ? one.epoch : -1,
            offline: version >= 5 ? one.offline : [],
          })),
      )
    expect(rows).toEqual(expected)
    expect(layout.topics.map(({ name }) => name)).toEqual(names.toSorted())
  })
})
