import type { TruthOffset, TruthPartition } from './types.ts'

/**
 * The partition lines of `kafka-topics --describe`:
 * `Topic: test-topic  Partition: 2  Leader: none  Replicas: 1,2  Isr: 2  Elr: N/A ...`
 */
export function parseDescribe(text: string): TruthPartition[] {
  const line = /^\s*Topic: (\S+)\s+Partition: (\d+)\s+Leader: (\S+)\s+Replicas: (\S*)\s+Isr:[ \t]*([\d,]*)/gm
  return [...text.matchAll(line)].map(([, topic = '', partition = '', leader = '', replicas = '', isr = '']) => ({
    topic,
    partition: Number(partition),
    leader: leader === 'none' ? -1 : Number(leader),
    replicas: ids(replicas),
    isr: ids(isr),
  }))
}

/** GetOffsetShell's `topic:partition:offset`; its remarks on leaderless partitions are not in that form. */
export function parseOffsets(text: string): TruthOffset[] {
  return [...text.matchAll(/^([\w.-]+):(\d+):(\d+)$/gm)].map(([, topic = '', partition, offset]) => ({
    topic,
    partition: Number(partition),
    offset: Number(offset),
  }))
}

function ids(list: string): number[] {
  return list === '' ? [] : list.split(',').map(Number)
}
