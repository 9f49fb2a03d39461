import { describe, expect, it } from 'vitest'
import { intLists, listHas, listLength, listOf, pickLists, sameInts } from '../../src/model/int-lists.ts'
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

  it.each(seeds)('are picked from any of several, in any order and as often as asked (seed %i)', (seed) => {
    const random = new Prng(seed)
    const plain = Array.from({ length: 1 + random.below(4) }, () => [[7], ...randomLists(random)])
    const picks = Array.from({ length: random.below(20) }, () => {
      const from = random.below(plain.length)
      return { from, row: random.below(plain[from]?.length ?? 0) }
    })
    const picked = pickLists(
      plain.map((lists) => intLists(lists)),
      Int32Array.from(picks, ({ from }) => from),
      Int32Array.from(picks, ({ row }) => row),
    )
    expect(picks.map((_, i) => [...listOf(picked, i)])).toEqual(picks.map(({ from, row }) => plain[from]?.[row]))
    expect(picked.starts).toHaveLength(picks.length + 1)
    expect(picked.values).toHaveLength(picked.starts.at(-1) ?? -1)
  })
})

describe('sameInts', () => {
  it.each([
    ['nothing', [], [], true],
    ['equal', [1, 2], [1, 2], true],
    ['another last one', [1, 2], [1, 3], false],
    ['one more', [1, 2], [1, 2, 3], false],
    ['one less', [1, 2], [1], false],
  ])('%s', (_, a, b, expected) => {
    expect(sameInts(Int32Array.from(a), Int32Array.from(b))).toBe(expected)
  })
})
