import { describe, expect, test } from 'vitest'
import { membersOf, nameOf, rolesOf } from '../../testbed/units.ts'

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

  test('a node of a cluster without ZooKeeper', () => {
    expect(membersOf('node2', 3, rolesOf('kraft'))).toEqual([{ role: 'kafka', id: 2 }])
    const separate = rolesOf('kraft', true)
    expect(membersOf('controller3', 3, separate)).toEqual([{ role: 'controller', id: 3 }])
    expect(membersOf('node2', 3, separate).map(nameOf)).toEqual(['controller2', 'kafka2'])
    expect(() => membersOf('zk1', 3, separate)).toThrow('kafka1 to kafka3, controller1 to controller3, node1 to node3')
  })

  test.each(['kafka4', 'kafka0', 'kafka', 'broker1', 'kafka1 ', 'node01', ''])(
    '%j is no unit of three nodes',
    (unit) => {
      expect(() => membersOf(unit, 3)).toThrow(/no unit .*: kafka1 to kafka3, zk1 to zk3, node1 to node3/)
    },
  )
})
