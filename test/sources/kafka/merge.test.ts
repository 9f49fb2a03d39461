import { describe, expect, it } from 'vitest'
import { listOf } from '../../../src/model/int-lists.ts'
import type { ClusterMetadata, Topology } from '../../../src/model/topology.ts'
import { merge, single, type Answer } from '../../../src/sources/kafka/merge.ts'
import { metadataOf } from '../../support/views.ts'

type Topics = Parameters<typeof metadataOf>[0]

function answer(from: string, topics: Topics, controllerId = 1): Answer {
  return { from, metadata: metadataOf(topics, { controllerId, brokers: [{ id: controllerId, host: from, port: 1, rack: undefined }] }) } // prettier-ignore
}

/** As a KRaft broker answers: a random controller, and the brokers that it holds registered. */
function kraftAnswer(from: string, topics: Topics, ids: readonly number[], controllerId = 1): Answer {
  const brokers = ids.map((id) => ({ id, host: `kafka${id}`, port: 1, rack: undefined }))
  return { from, metadata: metadataOf(topics, { controllerId, brokers }) }
}

function leaders({ partitions }: ClusterMetadata): readonly number[] {
  return [...partitions.leader]
}

const p = (leader: number, epoch = 0): Topics[string][number] => ({ leader, epoch, replicas: [1, 2, 3], isr: [leader] })

describe('a single answer', () => {
  it('is believed as it is', () => {
    const { metadata } = answer('a', { t: [p(1)] })
    expect(single({ from: 'a', metadata })).toEqual({ ...metadata, askedOf: ['a'], leaderDisagreements: 0, topicDisagreements: 0 }) // prettier-ignore
  })
})

describe('answers merged', () => {
  interface Case {
    readonly name: string
    readonly answers: readonly [Answer, ...Answer[]]
    readonly kraft?: boolean
    readonly expected: {
      readonly leader: readonly number[]
      readonly askedOf: readonly string[]
      readonly disagreements: number
    }
  }
  const cases: readonly Case[] = [
    {
      name: 'agreeing answers are one',
      answers: [answer('b', { t: [p(1), p(2)] }), answer('a', { t: [p(1), p(2)] })],
      expected: { leader: [1, 2], askedOf: ['a', 'b'], disagreements: 0 },
    },
    {
      name: 'a zombie with older epochs loses, though it comes first',
      answers: [
        answer('a', { t: [p(3, 4), p(3, 7)] }, 3),
        answer('b', { t: [p(1, 5), p(2, 8)] }),
        answer('c', { t: [p(1, 5), p(2, 8)] }),
      ],
      expected: { leader: [1, 2], askedOf: ['b', 'c', 'a'], disagreements: 2 },
    },
    {
      name: 'each partition goes by its own epoch',
      answers: [answer('a', { t: [p(1, 9), p(1, 1)] }), answer('b', { t: [p(2, 1), p(2, 2)] })],
      expected: { leader: [1, 2], askedOf: ['a', 'b'], disagreements: 2 },
    },
    {
      name: 'an equal epoch leaves the principal its word',
      answers: [answer('a', { t: [p(1, 2)] }), answer('b', { t: [p(-1, 2)] })],
      expected: { leader: [1], askedOf: ['a', 'b'], disagreements: 1 },
    },
    {
      name: 'a newer epoch without a leader counts too',
      answers: [answer('a', { t: [p(1, 2), p(1, 9)] }), answer('b', { t: [p(-1, 3), p(1, 9)] })],
      expected: { leader: [-1, 1], askedOf: ['b', 'a'], disagreements: 1 },
    },
    {
      name: 'without epochs the answer of the controller most name is believed',
      answers: [answer('a', { t: [p(3, -1)] }, 3), answer('b', { t: [p(1, -1)] }), answer('c', { t: [p(1, -1)] })],
      expected: { leader: [1], askedOf: ['b', 'c', 'a'], disagreements: 1 },
    },
    {
      name: 'naming no controller counts for nothing, however many do',
      answers: [answer('a', { t: [p(3, -1)] }, -1), answer('b', { t: [p(3, -1)] }, -1), answer('c', { t: [p(1, -1)] })],
      expected: { leader: [1], askedOf: ['c', 'a', 'b'], disagreements: 1 },
    },
    {
      name: 'in KRaft mode the controller named is random and says nothing',
      kraft: true,
      answers: [
        kraftAnswer('c', { t: [p(1, -1)] }, [1, 2, 3], 1),
        kraftAnswer('b', { t: [p(1, -1)] }, [1, 2, 3], 1),
        kraftAnswer('a', { t: [p(3, -1)] }, [1, 2, 3], 3),
      ],
      expected: { leader: [3], askedOf: ['a', 'b', 'c'], disagreements: 1 },
    },
    {
      name: 'in KRaft mode the brokers that most list are believed, whatever the epochs of the others',
      kraft: true,
      answers: [
        kraftAnswer('a', { t: [p(3, 4)], u: [p(3, 9)] }, [1, 2, 3]),
        kraftAnswer('b', { t: [p(1, 5)], u: [p(3, 1)] }, [1, 2]),
        kraftAnswer('c', { t: [p(1, 5)], u: [p(3, 1)] }, [1, 2]),
      ],
      expected: { leader: [1, 3], askedOf: ['b', 'c', 'a'], disagreements: 1 },
    },
    {
      name: 'a topic that only another lists is not taken, one that only the principal lists is',
      answers: [answer('a', { new: [p(2, 9)], t: [p(1, 9)] }), answer('b', { old: [p(3)], t: [p(1, 9)] })],
      expected: { leader: [2, 1], askedOf: ['a', 'b'], disagreements: 0 },
    },
    {
      name: 'partitions that only one lists are no disagreement about leaders',
      answers: [answer('a', { t: [p(1, 9), p(2, 1)] }), answer('b', { t: [p(1, 9)] })],
      expected: { leader: [1, 2], askedOf: ['a', 'b'], disagreements: 0 },
    },
  ]
  it.each(cases)('$name', ({ answers, kraft = false, expected }) => {
    const merged = merge(answers, kraft)
    expect(leaders(merged)).toEqual(expected.leader)
    expect(merged.askedOf).toEqual(expected.askedOf)
    expect(merged.leaderDisagreements).toBe(expected.disagreements)
    for (const permuted of permutations(answers)) expect(merge(permuted, kraft)).toEqual(merged)
  })

  it('takes brokers and controller from the principal, whole rows from the highest epoch', () => {
    const stale = answer('a', { t: [{ leader: 3, epoch: 1, replicas: [3, 2], isr: [3, 2] }] }, 3)
    const fresh = answer('b', { t: [{ leader: 2, epoch: 2, replicas: [3, 2], isr: [2] }] })
    const merged: Topology = merge([stale, fresh, answer('c', { t: [p(9, 0)] })], false)
    expect(merged.controllerId).toBe(1)
    expect(merged.brokers.map(({ host }) => host)).toEqual(['b'])
    expect([...listOf(merged.partitions.isr, 0)]).toEqual([2])
    expect([...listOf(merged.partitions.replicas, 0)]).toEqual([3, 2])
    expect([...merged.partitions.leaderEpoch]).toEqual([2])
  })

  it('goes on believing the one it believed last, so that an ISR that some have heard of and others not does not flicker', () => {
    const grown = answer('b', { t: [{ leader: 3, epoch: 4, replicas: [1, 3], isr: [3, 1] }] })
    const lagging = answer('a', { t: [{ leader: 3, epoch: 4, replicas: [1, 3], isr: [3] }] })
    const isr = (lastFrom?: string): number[] => [...listOf(merge([lagging, grown], false, lastFrom).partitions.isr, 0)]
    expect(isr('b')).toEqual([3, 1])
    expect(isr('a')).toEqual([3])
    expect(isr('gone')).toEqual([3])
    const newer = answer('a', { t: [{ leader: 1, epoch: 5, replicas: [1, 3], isr: [1] }] })
    expect(merge([newer, grown], false, 'b').askedOf).toEqual(['a', 'b'])
  })

  it('does not go on believing a KRaft broker that is cut off, though its epochs are as new as the others', () => {
    const cutOff = kraftAnswer('a', { t: [{ leader: 1, epoch: 4, replicas: [1, 3], isr: [1, 3] }] }, [1, 2, 3])
    const others = ['b', 'c'].map((from) => kraftAnswer(from, { t: [{ leader: 1, epoch: 4, replicas: [1, 3], isr: [1] }] }, [1, 2])) // prettier-ignore
    const merged = merge([cutOff, ...others], true, 'a')
    expect(merged.askedOf).toEqual(['b', 'c', 'a'])
    expect(merged.brokers.map(({ id }) => id)).toEqual([1, 2])
    expect([...listOf(merged.partitions.isr, 0)]).toEqual([1])
    const [other] = others
    if (other !== undefined) expect(merge([cutOff, other], true, 'a').askedOf).toEqual(['a', 'b'])
  })

  it('counts topics that not all list', () => {
    const merged = merge(
      [answer('a', { a: [p(1)], t: [p(1)] }), answer('b', { b: [p(1)], t: [p(1), p(1)] }), answer('c', { t: [p(1)] })],
      false,
    )
    expect(merged.topicDisagreements).toBe(2)
  })
})

function permutations(answers: readonly Answer[]): [Answer, ...Answer[]][] {
  const [first, ...rest] = answers
  if (first === undefined) return []
  if (rest.length === 0) return [[first]]
  return permutations(rest).flatMap((tail) =>
    tail.concat(first).map((_, at): [Answer, ...Answer[]] => {
      const all = [...tail.slice(0, at), first, ...tail.slice(at)]
      return [all[0] ?? first, ...all.slice(1)]
    }),
  )
}
