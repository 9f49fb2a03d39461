import { describe, expect, it } from 'vitest'
import { listOf } from '../../../src/model/int-lists.ts'
import type { Partitions } from '../../../src/model/topology.ts'
import { merge, type Answer } from '../../../src/sources/kafka/merge.ts'
import { Prng, seeds } from '../../support/prng.ts'
import { metadataOf, type PartitionFacts } from '../../support/views.ts'

/** One partition as plain values. */
interface Row {
  readonly name: string
  readonly leader: number
  readonly epoch: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

function rowsOf({ layout, leader, leaderEpoch, replicas, isr }: Partitions): readonly Row[] {
  return Array.from(layout.partition, (partition, row) => ({
    name: `${layout.topics[layout.topicOf[row] ?? -1]?.name ?? ''}-${partition}`,
    leader: leader[row] ?? -1,
    epoch: leaderEpoch[row] ?? -1,
    replicas: [...listOf(replicas, row)],
    isr: [...listOf(isr, row)],
  }))
}

/** The rule, a partition at a time: the principal's word unless another one's epoch is higher; the first highest. */
function plainMerge(answers: readonly Partitions[]): { readonly rows: readonly Row[]; readonly disagreements: number } {
  const [principal = [], ...others] = answers.map(rowsOf)
  let disagreements = 0
  const rows = principal.map((own) => {
    const theirs = others.flatMap((other) => other.find(({ name }) => name === own.name) ?? [])
    if (theirs.some(({ leader }) => leader !== own.leader)) disagreements++
    return theirs.reduce((best, one) => (one.epoch > best.epoch ? one : best), own)
  })
  return { rows, disagreements }
}

function randomAnswer(random: Prng, from: string): Answer {
  const names = random.some(['a', 'b', 'c', 'd'], 0.8)
  const partition = (): PartitionFacts => {
    const replicas = random.shuffled([1, 2, 3, 4]).slice(random.below(4))
    const isr = random.some(replicas, 0.7)
    return { leader: isr[0] ?? -1, epoch: random.below(4) - 1, replicas, isr }
  }
  const topics = names.map((name) => [name, Array.from({ length: random.below(6) }, partition)] as const)
  return { from, metadata: metadataOf(Object.fromEntries(topics), { controllerId: random.below(3) - 1 }) }
}

describe('merged columns', () => {
  it.each(seeds)('are what a merge of one partition after another gives (seed %i)', (seed) => {
    const random = new Prng(seed)
    const others = Array.from({ length: random.below(4) }, (_, i) => randomAnswer(random, `o${i}`))
    const answers: readonly [Answer, ...Answer[]] = [randomAnswer(random, 'first'), ...others]
    const merged = merge(answers, random.chance(0.3))
    const inOrder = merged.askedOf.flatMap((text) => answers.filter(({ from }) => from === text))
    expect(inOrder).toHaveLength(answers.length)
    const plain = plainMerge(inOrder.map(({ metadata }) => metadata.partitions))
    expect(rowsOf(merged.partitions)).toEqual(plain.rows)
    expect(merged.leaderDisagreements).toBe(plain.disagreements)
    expect(merged.partitions.offline.starts).toHaveLength(plain.rows.length + 1)
  })

  it('of an answer that is the newest everywhere are its own', () => {
    const old = { from: 'a', metadata: metadataOf({ t: [{ leader: 1, epoch: 1 }] }) }
    const fresh = { from: 'b', metadata: metadataOf({ t: [{ leader: 2, epoch: 2 }] }) }
    expect(merge([old, fresh], false).partitions).toBe(fresh.metadata.partitions)
  })
})
