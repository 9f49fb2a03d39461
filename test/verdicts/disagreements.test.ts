import { describe, expect, it } from 'vitest'
import {
  nextDisagreements,
  noDisagreements,
  settledCount,
  type Disagreements,
} from '../../src/verdicts/disagreements.ts'

/** Counts of `leader` at moments, in order. */
function told(...counts: readonly (readonly [at: number, count: number])[]): Disagreements {
  return counts.reduce((known, [at, leader]) => nextDisagreements(known, { leader }, at), noDisagreements)
}

describe('a disagreement', () => {
  it.each<[why: string, Disagreements, now: number, number | undefined]>([
    ['was never counted: nobody knows', noDisagreements, 5_000, undefined],
    ['there is none', told([0, 0]), 5_000, 0],
    ['is new: brokers learn one after another', told([1_000, 3]), 1_999, 0],
    ['has lasted', told([1_000, 3]), 2_000, 3],
    ['has lasted, over several looks', told([1_000, 3], [1_500, 2]), 2_000, 2],
    ['was settled in between and is new again', told([1_000, 3], [1_500, 0], [1_900, 3]), 2_500, 0],
    ['has lasted since it came back', told([1_000, 3], [1_500, 0], [1_900, 3]), 2_900, 3],
    ['is over at once when it is over', told([1_000, 3], [9_000, 0]), 9_000, 0],
  ])('%s', (_, known, now, expected) => {
    expect(settledCount(known.leader, now)).toBe(expected)
  })

  it('of one kind is not touched by news of another', () => {
    const both = nextDisagreements(told([1_000, 3]), { controller: 1 }, 1_500)
    expect(settledCount(both.leader, 2_000)).toBe(3)
    expect(settledCount(both.controller, 2_000)).toBe(0)
    expect(settledCount(both.topics, 2_000)).toBeUndefined()
  })
})
