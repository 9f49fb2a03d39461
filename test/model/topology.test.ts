import { describe, expect, it } from 'vitest'
import { findRow, mapRows, sameLayout, type Layout } from '../../src/model/topology.ts'
import { layoutOf } from '../support/facts.ts'
import { Prng, seeds } from '../support/prng.ts'

type Numbers = Readonly<Record<string, readonly number[]>>

function layout(topics: Numbers): Layout {
  return layoutOf(
    Object.fromEntries(Object.entries(topics).map(([name, numbers]) => [name, numbers.map((n) => ({ partition: n }))])),
  )
}

/** Topics of a small pool, so that two random layouts overlap; partition numbers with gaps now and then. */
function randomTopics(random: Prng): Numbers {
  const names = random.some(['a', 'a.b', 'b', '__offsets', 'z'], 0.7)
  return Object.fromEntries(
    names.map((name) => {
      const all = Array.from({ length: random.below(8) }, (_, i) => i)
      return [name, random.chance(0.3) ? random.some(all, 0.6) : all]
    }),
  )
}

function keys(of: Layout): string[] {
  return Array.from(of.partition, (partition, row) => `${of.topics[of.topicOf[row] ?? -1]?.name ?? '?'}-${partition}`)
}

describe('mapRows', () => {
  it.each(seeds)('finds each partition where a search by name finds it (seed %i)', (seed) => {
    const random = new Prng(seed)
    const from = layout(randomTopics(random))
    const to = layout(randomTopics(random))
    expect([...mapRows(from, to)]).toEqual(keys(to).map((key) => keys(from).indexOf(key)))
  })

  it.each([
    ['the same object', { t: [0, 1] }, { t: [0, 1] }, [0, 1]],
    ['a topic created before it', { t: [0, 1] }, { a: [0], t: [0, 1] }, [-1, 0, 1]],
    ['a topic deleted before it', { a: [0], t: [0, 1] }, { t: [0, 1] }, [1, 2]],
    ['partitions added', { t: [0] }, { t: [0, 1] }, [0, -1]],
    ['a gap that was filled', { t: [0, 2] }, { t: [0, 1, 2] }, [0, -1, 1]],
    ['nothing known', {}, { t: [0] }, [-1]],
    ['nothing left', { t: [0] }, {}, []],
  ])('%s', (_, from, to, expected) => {
    expect([...mapRows(layout(from), layout(to))]).toEqual(expected)
  })
})

describe('findRow', () => {
  it.each(seeds)('agrees with a linear search (seed %i)', (seed) => {
    const of = layout(randomTopics(new Prng(seed)))
    const all = keys(of)
    for (const topic of of.topics) {
      for (let partition = -1; partition < 10; partition++) {
        expect(findRow(of, topic, partition)).toBe(all.indexOf(`${topic.name}-${partition}`))
      }
    }
  })

  it("does not take the next topic's row for a partition beyond the last", () => {
    const of = layout({ a: [0, 1], b: [0, 1, 2] })
    const a = of.topics[0]
    expect(a && findRow(of, a, 2)).toBe(-1)
  })
})

describe('sameLayout', () => {
  it.each([
    ['equal', { t: [0, 1] }, true],
    ['another name', { u: [0, 1] }, false],
    ['another number of partitions', { t: [0] }, false],
    ['the same count, other numbers', { t: [0, 2] }, false],
    ['the same rows, cut otherwise', { t: [0], u: [1] }, false],
  ])('%s', (_, other, expected) => {
    expect(sameLayout(layout({ t: [0, 1] }), layout(other))).toBe(expected)
  })
})
