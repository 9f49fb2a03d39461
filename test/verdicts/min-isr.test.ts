import { describe, expect, it } from 'vitest'
import { minIsrPending, minIsrUnknown, nextMinIsr } from '../../src/verdicts/min-isr.ts'
import { configs } from '../support/facts.ts'
import { layoutOf } from '../support/views.ts'

const layout = (...names: readonly string[]) => layoutOf(Object.fromEntries(names.map((name) => [name, [0]])))

describe('min.insync.replicas by topic', () => {
  it('is what was read, or unknown', () => {
    const minIsr = nextMinIsr(undefined, layout('a', 'b'), configs({ a: 2 }), 0)
    expect([...minIsr.byTopic]).toEqual([2, minIsrUnknown])
    expect(minIsr.complete).toBe(false)
    expect(nextMinIsr(undefined, layout('a'), undefined, 0)).toMatchObject({ complete: false })
  })

  it('at the start nothing is young: what was not read yet is unknown', () => {
    const first = nextMinIsr(undefined, layout('a', 'b'), undefined, 0)
    expect(nextMinIsr(first, first.layout, configs({ a: 2 }), 100)).toMatchObject({ complete: false, young: new Map() })
  })

  it('of a topic that appears later is pending for twenty seconds, however many come after it', () => {
    const known = configs({ a: 2 })
    const first = nextMinIsr(undefined, layout('a'), known, 0)
    const second = nextMinIsr(first, layout('a', 'b'), known, 1_000)
    expect([[...second.byTopic], second.complete]).toEqual([[2, minIsrPending], true])
    const third = nextMinIsr(second, layout('a', 'b', 'c'), known, 15_000)
    expect(third.young).toEqual(new Map([['b', 1_000], ['c', 15_000]])) // prettier-ignore
    expect(third.settlesAt).toBe(21_000)
    const late = nextMinIsr(third, third.layout, known, 21_000)
    expect([[...late.byTopic], late.complete]).toEqual([[2, minIsrUnknown, minIsrPending], false])
    expect(nextMinIsr(late, late.layout, known, 22_000)).toMatchObject({ complete: false })
  })

  it('refused is not pending', () => {
    const first = nextMinIsr(undefined, layout('a'), configs({ a: 2 }), 0)
    const refused = configs({ a: 2 })
    const topics = new Map([...refused.topics, ['b', { minInsyncReplicas: undefined, uncleanElection: undefined, observedAt: 0 }] as const]) // prettier-ignore
    expect(nextMinIsr(first, layout('a', 'b'), { ...refused, topics }, 1)).toMatchObject({ complete: false })
  })

  it('is the same object while nothing is another', () => {
    const known = configs({ a: 2 })
    const first = nextMinIsr(undefined, layout('a'), known, 0)
    expect(nextMinIsr(first, first.layout, known, 1e9)).toBe(first)
    expect(nextMinIsr(first, first.layout, configs({ a: 2 }), 1)).not.toBe(first)
  })
})
