import { describe, expect, it } from 'vitest'
import { Unanswered, type Debtor } from '../../../src/sources/kafka/unanswered.ts'

const minute = 60_000

const broker = (text: string, returnedAt?: number) => ({ text, returnedAt })
const all = ['a', 'b', 'c'].map((text) => broker(text))

describe('a broker that owes an answer', () => {
  const askable = (unanswered: Unanswered, now: number, brokers: readonly Debtor[] = all) =>
    unanswered
      .askable(brokers, now)
      .map(({ text }) => text)
      .join('')
  const owing = (...texts: readonly string[]): Unanswered => {
    const unanswered = new Unanswered()
    texts.forEach((text, i) => unanswered.owes(broker(text), i * 5 * minute, false))
    return unanswered
  }

  it('is not asked again until it has answered, nor is anybody in its place for five minutes', () => {
    expect(askable(new Unanswered(), 0)).toBe('abc')
    const unanswered = owing('a')
    expect(askable(unanswered, 5 * minute - 1)).toBe('')
    expect(askable(unanswered, 5 * minute)).toBe('bc')
    unanswered.answered('a')
    expect(askable(unanswered, 1)).toBe('abc')
  })

  it('with a second one nobody is asked at all', () => {
    const unanswered = owing('a', 'b')
    expect(askable(unanswered, 10 * minute - 1)).toBe('')
    unanswered.answered('b')
    expect(askable(unanswered, 9 * minute)).toBe('bc')
  })

  it('still owes it after a silence, however often: its thread goes on waiting', () => {
    const unanswered = owing('a')
    const back = [broker('a', 30_000), ...all.slice(1)]
    expect(askable(unanswered, 40_000, back)).toBe('')
    unanswered.keep(new Set(['a', 'b', 'c']))
    expect(askable(unanswered, 60_000, [broker('a', 50_000)])).toBe('')
  })

  it('owes nothing once it was started again: its connection went, and it came back', () => {
    const unanswered = owing('a')
    unanswered.cut('a')
    expect(askable(unanswered, 10_000)).toBe('')
    expect(askable(unanswered, 20_000, [broker('a', 15_000), ...all.slice(1)])).toBe('abc')
  })

  it('holds nobody up while it does not answer at all, nor once it is not expected any more', () => {
    expect(askable(owing('a'), 1_000, all.slice(1))).toBe('bc')
    const unanswered = owing('a')
    unanswered.keep(new Set(['b']))
    expect(askable(unanswered, 1_000)).toBe('abc')
  })

  it('may be asked again after ten minutes, then after twenty: its connection may be gone, and the answer with it', () => {
    const unanswered = owing('a')
    const only = [broker('a')]
    const times = (...minutes: readonly number[]) => minutes.map((now) => askable(unanswered, now * minute, only))
    expect(times(9.99, 10)).toEqual(['', 'a'])
    unanswered.owes(broker('a'), 10 * minute, true)
    expect(times(29, 30)).toEqual(['', 'a'])
    unanswered.owes(broker('a'), 30 * minute, true)
    expect(times(49, 50)).toEqual(['', 'a'])
  })
})
