import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseDescribe, parseOffsets } from '../../testbed/tool-output.ts'

function recorded(name: string): string {
  return readFileSync(new URL(`../fixtures/tools/${name}.txt`, import.meta.url), 'utf8')
}

const topic = 'test-topic'

describe('kafka-topics --describe', () => {
  test('a healthy cluster, with the columns of 3.9', () => {
    expect(parseDescribe(recorded('3.9.1-healthy'))).toEqual([
      { topic, partition: 0, leader: 2, replicas: [2, 3], isr: [2, 3] },
      { topic, partition: 1, leader: 3, replicas: [3, 1], isr: [3, 1] },
      { topic, partition: 2, leader: 1, replicas: [1, 2], isr: [1, 2] },
    ])
  })

  test.each(['2.6.0', '3.9.1'])('%s writes none for a partition without a leader: -1', (version) => {
    expect(parseDescribe(recorded(`${version}-brokers-1-and-2-stopped`))).toEqual([
      { topic, partition: 0, leader: 3, replicas: [2, 3], isr: [3] },
      { topic, partition: 1, leader: 3, replicas: [3, 1], isr: [3] },
      { topic, partition: 2, leader: -1, replicas: [1, 2], isr: [2] },
    ])
  })

  test('an empty ISR at the end of the line does not swallow the next line', () => {
    const text =
      '\tTopic: a\tPartition: 0\tLeader: none\tReplicas: 1\tIsr: \n\tTopic: a\tPartition: 1\tLeader: 1\tReplicas: 1\tIsr: 1\n'
    expect(parseDescribe(text).map(({ isr }) => isr)).toEqual([[], [1]])
  })

  test('an empty ISR before further columns', () => {
    const text = '\tTopic: a\tPartition: 0\tLeader: none\tReplicas: 1\tIsr: \tElr: 1\tLastKnownElr: \n'
    expect(parseDescribe(text)).toEqual([{ topic: 'a', partition: 0, leader: -1, replicas: [1], isr: [] }])
  })

  test('the line of the topic itself is not a partition', () => {
    expect(parseDescribe('Topic: a\tPartitionCount: 3\tReplicationFactor: 2\tConfigs: \n')).toEqual([])
  })
})

describe('GetOffsetShell', () => {
  test('a healthy cluster', () => {
    expect(parseOffsets(recorded('3.9.1-healthy'))).toEqual([
      { topic, partition: 0, offset: 1 },
      { topic, partition: 1, offset: 4 },
      { topic, partition: 2, offset: 7 },
    ])
  })

  test('a leaderless partition is a remark, not an offset', () => {
    expect(parseOffsets(recorded('2.6.0-brokers-1-and-2-stopped'))).toEqual([
      { topic, partition: 0, offset: 1 },
      { topic, partition: 1, offset: 4 },
    ])
  })

  test('partitions without an offset and warnings are left out', () => {
    expect(parseOffsets('a.b_c-d:0:\na.b_c-d:1:9\n[2026-11-22 17:23:14,157] WARN late: 10:20\n')).toEqual([
      { topic: 'a.b_c-d', partition: 1, offset: 9 },
    ])
  })
})
