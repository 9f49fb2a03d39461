import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failed, success, type Result } from '../../../src/model/result.ts'
import { firstAnswer } from '../../../src/sources/kafka/hedge.ts'

const patienceMs = 750

/** Candidates that answer when told to; who was asked, in order. */
class Candidates {
  readonly asked: string[] = []
  readonly #settle = new Map<string, (result: Result<string>) => void>()
  readonly ask = (name: string): Promise<Result<string>> => {
    this.asked.push(name)
    return new Promise((resolve) => this.#settle.set(name, resolve))
  }

  async settles(name: string, result: Result<string>): Promise<void> {
    this.#settle.get(name)?.(result)
    await vi.advanceTimersByTimeAsync(0)
  }
}

const refused = failed('refused', '')

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('firstAnswer', () => {
  it('asks the first only, while it answers in time', async () => {
    const some = new Candidates()
    const first = firstAnswer(['a', 'b', 'c'], patienceMs, some.ask)
    await vi.advanceTimersByTimeAsync(patienceMs - 1)
    expect(some.asked).toEqual(['a'])
    await some.settles('a', success('1'))
    expect(await first).toEqual({ from: 'a', answer: '1' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks the next at once when one fails', async () => {
    const some = new Candidates()
    const first = firstAnswer(['a', 'b', 'c'], patienceMs, some.ask)
    await some.settles('a', refused)
    await some.settles('b', refused)
    expect(some.asked).toEqual(['a', 'b', 'c'])
    await some.settles('c', success('3'))
    expect(await first).toEqual({ from: 'c', answer: '3' })
    expect(vi.getTimerCount()).toBe(0)
  })

  it('asks the next after its patience, and takes whichever answers first', async () => {
    const some = new Candidates()
    const first = firstAnswer(['a', 'b', 'c'], patienceMs, some.ask)
    await vi.advanceTimersByTimeAsync(patienceMs)
    expect(some.asked).toEqual(['a', 'b'])
    await some.settles('a', success('1'))
    expect(await first).toEqual({ from: 'a', answer: '1' })
  })

  it('asks nobody else once it has an answer', async () => {
    const some = new Candidates()
    const first = firstAnswer(['a', 'b', 'c'], patienceMs, some.ask)
    await vi.advanceTimersByTimeAsync(patienceMs)
    await some.settles('a', success('1'))
    await first
    await vi.advanceTimersByTimeAsync(10 * patienceMs)
    await some.settles('b', refused)
    expect(some.asked).toEqual(['a', 'b'])
    expect(vi.getTimerCount()).toBe(0)
  })

  it('gives nothing when all have failed, and not before', async () => {
    const some = new Candidates()
    const settled = vi.fn()
    const first = firstAnswer(['a', 'b'], patienceMs, some.ask)
    void first.then(settled)
    await some.settles('a', refused)
    await vi.advanceTimersByTimeAsync(5 * patienceMs)
    expect(settled).not.toHaveBeenCalled()
    await some.settles('b', refused)
    expect(settled).toHaveBeenCalledExactlyOnceWith(undefined)
    expect(vi.getTimerCount()).toBe(0)
  })

  it('waits for a silent one after the others have failed', async () => {
    const some = new Candidates()
    const first = firstAnswer(['a', 'b'], patienceMs, some.ask)
    await vi.advanceTimersByTimeAsync(patienceMs)
    await some.settles('b', refused)
    await some.settles('a', success('late'))
    expect(await first).toEqual({ from: 'a', answer: 'late' })
  })

  it('gives nothing when there is nobody to ask', async () => {
    expect(await firstAnswer([], patienceMs, new Candidates().ask)).toBeUndefined()
  })

  it('rejects when asking throws, so that whoever waits hears of it', async () => {
    const first = firstAnswer(['a', 'b'], patienceMs, () => Promise.reject(new Error('a bug')))
    await expect(first).rejects.toThrow('a bug')
    expect(vi.getTimerCount()).toBe(0)
  })
})
