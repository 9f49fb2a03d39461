import type { ToldOffsets } from '../../src/sources/kafka/list-offsets.ts'

interface Topic {
  readonly topic: string
  readonly partitions: readonly number[]
  readonly offsets: readonly number[]
  readonly errors: readonly number[]
}

/** The columns of a ListOffsets reply, cut into its topics. */
export function topicsOf({ topics, partitions, offsets, errors }: ToldOffsets): readonly Topic[] {
  return topics.map(({ topic, first, end }) => ({
    topic,
    partitions: [...partitions.subarray(first, end)],
    offsets: [...offsets.subarray(first, end)],
    errors: [...errors.subarray(first, end)],
  }))
}
