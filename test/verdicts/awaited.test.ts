import { describe, expect, it } from 'vitest'
import type { EligibleReplicas } from '../../src/model/elr.ts'
import { judgeAwaited } from '../../src/verdicts/awaited.ts'
import { remember } from '../../src/verdicts/memory.ts'
import { topology, type Said } from '../support/facts.ts'

/** Looks in a row at one topic; who is awaited after the last one. */
function awaited(...looks: readonly (readonly Said[])[]): Record<string, number> | undefined {
  const all = looks.map((t) => topology({ topics: { t } }).partitions)
  const same = Int32Array.from(looks[0] ?? [], (_, row) => row)
  const memory = all
    .slice(1)
    .reduce(
      (known, now) => remember(known, same, now, 0),
      remember(undefined, undefined, all[0] ?? topology().partitions, 0),
    )
  const found = judgeAwaited(all.at(-1) ?? topology().partitions, memory, undefined)
  return found && Object.fromEntries(found)
}

const p = (leader: number, isr: readonly number[]): Said => ({ leader, replicas: [1, 2, 3], isr })

describe('whom leaderless partitions wait for', () => {
  it.each<[why: string, looks: readonly (readonly Said[])[], Record<string, number> | undefined]>([
    ['all are led: nobody', [[p(1, [1, 2]), p(2, [2])]], {}],
    ['scenario B: the last one in sync', [[p(-1, [2]), p(3, [3])]], { 2: 1 }],
    ['several partitions', [[p(-1, [2]), p(-1, [2]), p(-1, [1])]], { 1: 1, 2: 2 }],
    ['two died together: either brings it back', [[p(-1, [1, 2])]], { 1: 1, 2: 1 }],
    ['KRaft empties the ISR: the last one that was not empty', [[p(2, [2])], [p(-1, [])], [p(-1, [])]], { 2: 1 }],
    ['empty ever since the first look: nobody can say, of the others neither', [[p(-1, []), p(-1, [2])]], undefined],
    ['it came back', [[p(2, [2])], [p(-1, [])], [p(2, [2])]], {}],
  ])('%s', (_, looks, expected) => {
    expect(awaited(...looks)).toEqual(expected)
  })

  it.each<[why: string, EligibleReplicas | undefined, Record<string, number>]>([
    ['not read: the last ISR', undefined, { 1: 1 }],
    ['eligible replicas: one of those', { eligible: [2, 3], lastKnown: [], leaderEpoch: 4 }, { 2: 1, 3: 1 }],
    ['none eligible: the last known leader', { eligible: [], lastKnown: [3], leaderEpoch: 4 }, { 3: 1 }],
    ['neither: the last ISR', { eligible: [], lastKnown: [], leaderEpoch: 4 }, { 1: 1 }],
  ])('KRaft, %s', (_, told, expected) => {
    const { partitions } = topology({ topics: { t: [p(-1, [1]), p(2, [2])] } })
    const elr = told && { partitions: new Map([['t', new Map([[0, told]])]]) }
    const found = judgeAwaited(partitions, remember(undefined, undefined, partitions, 0), elr)
    expect(Object.fromEntries(found ?? [])).toEqual(expected)
  })

  it('an empty ISR from the first look on is no riddle where the eligible replicas are known', () => {
    const { partitions } = topology({ topics: { t: [p(-1, [])] } })
    const memory = remember(undefined, undefined, partitions, 0)
    const elr = { partitions: new Map([['t', new Map([[0, { eligible: [3], lastKnown: [], leaderEpoch: 4 }]])]]) }
    expect(judgeAwaited(partitions, memory, elr)).toEqual(new Map([[3, 1]]))
    expect(judgeAwaited(partitions, memory, { partitions: new Map() })).toBeUndefined()
  })
})
