import { expect, test } from 'vitest'
import { parseReplicaAssignment } from '../../testbed/client.ts'
import { freePorts } from '../../testbed/ports.ts'

test('a replica assignment as kafka-topics takes it', () => {
  expect(parseReplicaAssignment('2:3,3:1,1')).toEqual([
    { partition: 0, replicas: [2, 3] },
    { partition: 1, replicas: [3, 1] },
    { partition: 2, replicas: [1] },
  ])
  expect(() => parseReplicaAssignment('2:3,x')).toThrow('replica assignment "2:3,x"')
})

test('free ports are distinct and outside the range of outgoing connections', async () => {
  const ports = await freePorts(12)
  expect(new Set(ports).size).toBe(12)
  expect(Math.max(...ports)).toBeLessThan(32_768)
})
