import { describe, expect, it } from 'vitest'
import { Unanswered } from '../../../src/sources/kafka/unanswered.ts'

const minute = 60_000

describe('a broker that owes an answer', () => {
  it('is not asked again until it has answered', () => {
    const unanswered = new Unanswered()
    expect(unanswered.mayAsk('a', undefined, 0)).toBe(true)
    unanswered.owes('a', undefined, 0)
    expect(unanswered.mayAsk('a', undefined, 9 * minute)).toBe(false)
    expect(unanswered.mayAsk('b', undefined, 0)).toBe(true)
    unanswered.answered('a')
    expect(unanswered.mayAsk('a', undefined, 0)).toBe(true)
  })

  it('with a second one, nobody is asked at all', () => {
    const unanswered = new Unanswered()
    unanswered.owes('a', undefined, 0)
    unanswered.owes('b', undefined, 0)
    expect(['a', 'b', 'c'].map((address) => unanswered.mayAsk(address, undefined, minute))).toEqual([
      false,
      false,
      false,
    ])
    unanswered.answered('b')
    expect(['a', 'b', 'c'].map((address) => unanswered.mayAsk(address, undefined, minute))).toEqual([false, true, true])
  })

  it('owes nothing once it was started again, or is gone', () => {
    const unanswered = new Unanswered()
    unanswered.owes('a', undefined, 0)
    expect(unanswered.mayAsk('a', 5_000, 5_000)).toBe(true)
    unanswered.owes('b', 7, 0)
    unanswered.keep(new Set(['a']))
    expect(unanswered.mayAsk('b', 7, 0)).toBe(true)
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
