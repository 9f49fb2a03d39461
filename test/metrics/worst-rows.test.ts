import { describe, expect, it } from 'vitest'
import { worstRows } from '../../src/metrics/worst-rows.ts'
import { health, type PartitionHealth } from '../../src/verdicts/partition-health.ts'
import { layoutOf } from '../support/facts.ts'

/** `[state, since]` of each row. */
function judged(rows: readonly (readonly [number, number])[]): PartitionHealth {
  return {
    layout: layoutOf({ t: rows.map(() => ({})) }),
    state: Uint8Array.from(rows, ([state]) => state),
    since: Float64Array.from(rows, ([, since]) => since),
    leaderless: 0,
    unreachableLeader: 0,
    unjudged: 0,
    unreachableIsr: 0,
  }
}

const { leaderless, unreachableLeader } = health

describe('the worst rows', () => {
  it.each<[why: string, rows: [number, number][], most: number, expected: number[]]>([
    ['none of none', [], 3, []],
    [
      'the worse state before the longer time',
      [
        [unreachableLeader, 1],
        [leaderless, 9],
      ],
      1,
      [1],
    ],
    [
      'the longest within a state',
      [
        [leaderless, 3],
        [leaderless, 1],
        [leaderless, 2],
      ],
      2,
      [1, 2],
    ],
    [
      'as they come where it lasts as long',
      [
        [leaderless, 5],
        [leaderless, 5],
        [leaderless, 5],
      ],
      2,
      [0, 1],
    ],
    [
      'exactly as many as there is room for',
      [
        [leaderless, 2],
        [leaderless, 1],
      ],
      2,
      [1, 0],
    ],
    [
      'no row of the milder state when the worse one fills it',
      [
        [leaderless, 2],
        [unreachableLeader, 0],
      ],
      1,
      [0],
    ],
    [
      'longer ones before some of those that last as long',
      [
        [leaderless, 5],
        [leaderless, 5],
        [leaderless, 1],
      ],
      2,
      [2, 0],
    ],
  ])('are %s', (_, rows, most, expected) => {
    const all = rows.map((_, row) => row)
    expect(worstRows(judged(rows), all, most)).toEqual(expected)
  })

  it('are what a sort of all would give, however many there are and however many are alike', () => {
    const rows = Array.from({ length: 5_000 }, (_, row): [number, number] => [
      (row * 7) % 3 === 0 ? leaderless : unreachableLeader,
      (row * 7_919) % 97,
    ])
    const now = judged(rows)
    const all = rows.map((_, row) => row).filter((row) => row % 5 !== 0)
    const key = (row: number): readonly [number, number] => rows[row] ?? [0, 0]
    const sorted = [...all].sort((a, b) => key(b)[0] - key(a)[0] || key(a)[1] - key(b)[1] || a - b)
    for (const most of [1, 10, 1_000, 1_333, 1_334, 3_999, 4_000, 9_000]) {
      expect(worstRows(now, all, most)).toEqual(sorted.slice(0, most))
    }
  })
})
