import { describe, expect, it } from 'vitest'
import { agreedView, answers, partitionsBy } from '../../testbed/drills/truth.ts'
import { keeper, view } from './support.ts'

const HEALTHY = view([[1, [1, 2]]])
const MOVED = view([[2, [1, 2], [2]]])

describe('TruthKeeper', () => {
  it('agrees only when every running broker has answered with the same words', () => {
    const k = keeper()
    k.answer(1, HEALTHY, 0)
    k.answer(2, HEALTHY, 1)
    expect(agreedView(k.truth)).toBeUndefined()
    k.answer(3, MOVED, 2)
    expect(agreedView(k.truth)).toBeUndefined()
    k.answer(3, HEALTHY, 3)
    expect(agreedView(k.truth)?.text).toBe(HEALTHY.text)
  })

  it('dates a new leader from the first broker that names it', () => {
    const k = keeper()
    for (const id of [1, 2, 3]) k.answer(id, HEALTHY, id)
    k.answer(2, MOVED, 10)
    k.answer(3, HEALTHY, 15)
    expect(k.truth.named.get('t/0')).toMatchObject({ leader: 2, since: 10, by: 2 })
    k.answer(3, MOVED, 20)
    expect(k.truth.named.get('t/0')?.since).toBe(10)
  })

  it('does not take the old words of a broker that has come back for news', () => {
    const k = keeper()
    for (const id of [1, 2, 3]) k.answer(id, HEALTHY, id)
    k.unit('kafka', 1, 'paused')
    k.answer(2, MOVED, 10)
    k.unit('kafka', 1, 'up')
    k.answer(1, HEALTHY, 20)
    k.answer(1, HEALTHY, 21)
    expect(k.truth.named.get('t/0')?.leader).toBe(2)
  })

  it('believes no zombie until it says what the majority says', () => {
    const k = keeper()
    for (const id of [1, 2, 3]) k.answer(id, HEALTHY, id)
    k.split([1])
    for (const id of [2, 3]) k.answer(id, MOVED, 10)
    k.answer(1, HEALTHY, 11)
    expect(agreedView(k.truth)?.text).toBe(MOVED.text)
    k.rejoin()
    k.answer(1, HEALTHY, 12)
    expect(k.truth.zombies.has(1)).toBe(true)
    k.answer(1, MOVED, 13)
    expect(k.truth.zombies.has(1)).toBe(false)
  })

  it('takes a deleted topic away at the first word and does not bring it back', () => {
    const k = keeper()
    for (const id of [1, 2]) k.answer(id, HEALTHY, id)
    k.answer(1, view([]), 10)
    k.answer(2, HEALTHY, 11)
    expect(k.truth.named.size).toBe(0)
  })

  it('keeps a new topic that the second broker has not heard of', () => {
    const k = keeper()
    for (const id of [1, 2]) k.answer(id, view([]), id)
    k.answer(1, HEALTHY, 10)
    k.answer(2, view([]), 11)
    expect(k.truth.named.get('t/0')).toMatchObject({ leader: 1, since: 10, by: 1 })
  })

  it('knows the last words when all are dead, and forgets them for an exporter that starts only then', () => {
    const k = keeper()
    for (const id of [1, 2, 3]) k.answer(id, HEALTHY, id)
    for (const id of [1, 2, 3]) k.unit('kafka', id, 'stopped')
    expect(agreedView(k.truth)?.text).toBe(HEALTHY.text)
    expect(partitionsBy(k.truth, 'stopped')).toBe(1)
    k.forget()
    expect(agreedView(k.truth)).toBeUndefined()
    expect(k.truth.named.size).toBe(0)
  })

  it('calls a starting broker neither dead nor answering', () => {
    const k = keeper()
    for (const id of [1, 2, 3]) k.answer(id, HEALTHY, id)
    k.unit('kafka', 1, 'starting')
    expect(answers(k.truth, 1)).toBe(false)
    expect(partitionsBy(k.truth, 'live', 'stopped', 'silent')).toBe(0)
    expect(agreedView(k.truth)).toBeUndefined()
  })
})
