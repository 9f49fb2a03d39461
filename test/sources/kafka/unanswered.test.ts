import { describe, expect, it } from 'vitest'
import { Unanswered } from '../../../src/sources/kafka/unanswered.ts'

const minute = 60_000

describe('a broker that owes an answer', () => {
  const askable = (unanswered: Unanswered, now: number) =>
    ['a', 'b', 'c'].filter((address) => unanswered.mayAsk(address, undefined, now)).join('')

  it('is not asked again until it has answered, nor is anybody in its place for five minutes', () => {
    const unanswered = new Unanswered()
    expect(askable(unanswered, 0)).toBe('abc')
    unanswered.owes('a', undefined, 0)
    expect(askable(unanswered, 5 * minute - 1)).toBe('')
    expect(askable(unanswered, 5 * minute)).toBe('bc')
    unanswered.answered('a')
    expect(askable(unanswered, 1)).toBe('abc')
  })

  it('with a second one nobody is asked at all', () => {
    const unanswered = new Unanswered()
    unanswered.owes('a', undefined, 0)
    unanswered.owes('b', undefined, 5 * minute)
    expect(askable(unanswered, 10 * minute - 1)).toBe('')
    unanswered.answered('b')
    expect(askable(unanswered, 9 * minute)).toBe('bc')
  })

  it('owes nothing once it was started again, or is gone', () => {
    const unanswered = new Unanswered()
    unanswered.owes('a', undefined, 0)
    expect(unanswered.mayAsk('a', 5_000, 5_000)).toBe(true)
    unanswered.keep(new Set(['b']))
    expect(unanswered.mayAsk('a', undefined, 5_000)).toBe(true)
  })

  it('may be asked again after ten minutes, then after twenty: its connection may be gone, and the answer with it', () => {
    const unanswered = new Unanswered()
    unanswered.owes('a', 3, 0)
    expect([10 * minute - 1, 10 * minute].map((now) => unanswered.mayAsk('a', 3, now))).toEqual([false, true])
    unanswered.owes('a', 3, 10 * minute)
    expect([29 * minute, 30 * minute].map((now) => unanswered.mayAsk('a', 3, now))).toEqual([false, true])
    unanswered.owes('a', 4, 30 * minute)
    expect(unanswered.mayAsk('a', 4, 40 * minute)).toBe(true)
  })
})
