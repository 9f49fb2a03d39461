import { describe, expect, it } from 'vitest'
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
  const found = judgeAwaited(all.at(-1) ?? topology().partitions, memory)
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
})
