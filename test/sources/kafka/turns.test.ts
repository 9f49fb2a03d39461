import { setImmediate as nextTurn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { inItsOwnTurn } from '../../../src/sources/kafka/turns.ts'

describe('work in its own turn', () => {
  it('is done in order, with turns for others in between', async () => {
    const done: string[] = []
    const works = ['a', 'b', 'c'].map((name) => inItsOwnTurn(() => done.push(name)))
    expect(done).toEqual([])
    const others = (async () => {
      while (!done.includes('c')) {
        done.push('-')
        await nextTurn()
      }
    })()
    expect(await Promise.all(works)).toHaveLength(3)
    await others
    expect(done.join('')).toMatch(/^-+a-+b-+c-*$/)
  })

  it('gives what it comes to; what throws spoils nothing for the next', async () => {
    const broken = inItsOwnTurn(() => {
      throw new Error('broken')
    })
    const next = inItsOwnTurn(() => 5)
    await expect(broken).rejects.toThrow('broken')
    await expect(next).resolves.toBe(5)
  })
})
