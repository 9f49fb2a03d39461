import { describe, expect, it } from 'vitest'
import { intLists, listHas, listLength, listOf, pickLists } from '../../src/model/int-lists.ts'
import { Prng, seeds } from '../support/prng.ts'

function randomLists(random: Prng): number[][] {
  return Array.from({ length: random.below(12) }, () =>
    Array.from({ length: random.chance(0.2) ? 0 : random.below(6) }, () => random.below(9) - 1),
  )
}

describe('int lists', () => {
  it.each(seeds)('say what plain lists say (seed %i)', (seed) => {
    const random = new Prng(seed)
    const plain = randomLists(random)
    const lists = intLists(plain)
    expect(plain.map((_, row) => [...listOf(lists, row)])).toEqual(plain)
    expect(plain.map((_, row) => listLength(lists, row))).toEqual(plain.map(({ length }) => length))
    for (const [row, values] of plain.entries()) {
      for (let value = -2; value < 10; value++) expect(listHas(lists, row, value)).toBe(values.includes(value))
    }
  })

  it.each(seeds)('are picked in any order and as often as asked (seed %i)', (seed) => {
    const random = new Prng(seed)
    const plain = [[7], ...randomLists(random)]
    const rows = Int32Array.from({ length: random.below(20) }, () => random.below(plain.length))
    const picked = pickLists(intLists(plain), rows)
    expect(Array.from(rows, (_, i) => [...listOf(picked, i)])).toEqual(Array.from(rows, (row) => plain[row]))
    expect(picked.starts).toHaveLength(rows.length + 1)
    expect(picked.values).toHaveLength(picked.starts.at(-1) ?? -1)
  })
})
