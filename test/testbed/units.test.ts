import { describe, expect, test } from 'vitest'
import { membersOf } from '../../testbed/units.ts'

describe('membersOf', () => {
  test.each([
    ['kafka1', [{ role: 'kafka', id: 1 }]],
    ['zk3', [{ role: 'zk', id: 3 }]],
    [
      'node2',
      [
        { role: 'zk', id: 2 },
        { role: 'kafka', id: 2 },
      ],
    ],
  ])('%s', (unit, members) => {
    expect(membersOf(unit, 3)).toEqual(members)
  })

  test.each(['kafka4', 'kafka0', 'kafka', 'broker1', 'kafka1 ', 'node01', ''])(
    '%j is no unit of three nodes',
    (unit) => {
      expect(() => membersOf(unit, 3)).toThrow(/no unit .*: kafka1 to kafka3, zk1 to zk3, node1 to node3/)
    },
  )
})
