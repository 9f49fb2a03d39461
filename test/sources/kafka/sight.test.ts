import { describe, expect, it } from 'vitest'
import { Sight } from '../../../src/sources/kafka/sight.ts'
import { layoutOf } from '../../support/views.ts'

const listing = (...names: readonly string[]) =>
  layoutOf(Object.fromEntries(names.toSorted().map((name) => [name, [0]])))
const sentinel = 'kafka-ha-exporter.may-describe-any-topic'
const minute = 60_000

describe('what to ask for by name', () => {
  it('is a topic that nobody has, and again a minute later', () => {
    const sight = new Sight()
    expect(sight.due(listing('a'), undefined, 0)).toEqual([sentinel])
    expect(sight.due(listing('a'), undefined, minute - 1)).toEqual([])
    expect(sight.due(listing('a'), undefined, minute)).toEqual([sentinel])
  })

  it('and whatever vanishes, at once: it is deleted, or hidden now', () => {
    const sight = new Sight()
    sight.due(listing('a', 'b'), undefined, 0)
    expect(sight.due(listing('a'), listing('a', 'b'), 5)).toEqual(['b'])
  })

  it('never an internal topic: brokers before Kafka 2.8 would create it', () => {
    const before = listing('a', '__consumer_offsets')
    const internal = { ...before, topics: before.topics.map((topic) => ({ ...topic, internal: topic.name !== 'a' })) }
    expect(new Sight().due(listing('a'), internal, 0)).toEqual([sentinel])
  })

  it('a hundred at most', () => {
    const many = Array.from({ length: 300 }, (_, i) => `t${i}`)
    expect(new Sight().due(listing(), listing(...many), 0)).toHaveLength(100)
  })
})

describe('what is hidden', () => {
  it('is what was refused, until it is listed again or turns out to be gone', () => {
    const sight = new Sight()
    sight.take([sentinel, 'b', 'c'], ['b', 'c'], 0)
    expect(sight.hidden).toEqual(['b', 'c'])
    expect(sight.due(listing('b'), undefined, 0)).toEqual([sentinel, 'c'])
    expect(sight.hidden).toEqual(['c'])
    sight.take([sentinel, 'c'], [], 0)
    expect(sight.hidden).toEqual([])
  })

  it('is nothing that was not asked for', () => {
    const sight = new Sight()
    sight.take(['b'], ['b', 'invented by the broker'], 0)
    expect(sight.hidden).toEqual(['b'])
  })

  it('is forgotten after ten minutes, as it may have been deleted together with its ACL; the sentinel is not', () => {
    const sight = new Sight()
    sight.take([sentinel, 'b'], [sentinel, 'b'], 0)
    sight.take([sentinel, 'b'], [sentinel, 'b'], 9 * minute)
    sight.due(listing('a'), undefined, 10 * minute + 1)
    expect(sight.hidden).toEqual([sentinel])
  })
})
