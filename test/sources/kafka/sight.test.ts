import { describe, expect, it } from 'vitest'
import { Sight } from '../../../src/sources/kafka/sight.ts'
import { layoutOf } from '../../support/views.ts'

const listing = (...names: readonly string[]) =>
  layoutOf(Object.fromEntries(names.toSorted().map((name) => [name, [0]])))
const internal = '__consumer_offsets'

describe('what to ask for by name', () => {
  it('is the topic that every cluster has, where it is not listed, and again a minute later', () => {
    const sight = new Sight()
    expect(sight.due(listing('a'), undefined, 0)).toEqual([internal])
    expect(sight.due(listing('a'), undefined, 59_999)).toEqual([])
    expect(sight.due(listing('a'), undefined, 60_000)).toEqual([internal])
    expect(new Sight().due(listing('a', internal), undefined, 0)).toEqual([])
  })

  it('and whatever vanishes, at once: it is deleted, or hidden now', () => {
    const sight = new Sight()
    sight.due(listing('a', 'b', internal), undefined, 0)
    expect(sight.due(listing('a', internal), listing('a', 'b', internal), 5)).toEqual(['b'])
  })

  it('a hundred of those at most', () => {
    const many = Array.from({ length: 300 }, (_, i) => `t${i}`)
    expect(new Sight().due(listing(), listing(...many), 0)).toHaveLength(100)
  })
})

describe('what is hidden', () => {
  it('is what was refused, until it is listed again or turns out to be gone', () => {
    const sight = new Sight()
    sight.take([internal, 'b', 'c'], ['b', 'c'])
    expect(sight.hidden).toEqual(['b', 'c'])
    expect(sight.due(listing('b'), undefined, 0)).toEqual([internal, 'c'])
    expect(sight.hidden).toEqual(['c'])
    sight.take([internal, 'c'], [])
    expect(sight.hidden).toEqual([])
  })

  it('is nothing that was not asked for', () => {
    const sight = new Sight()
    sight.take(['b'], ['b', 'invented by the broker'])
    expect(sight.hidden).toEqual(['b'])
  })
})
