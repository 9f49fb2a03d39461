import type { Cluster, TruthPartition } from '../types.ts'
import { compareWithShell } from './offsets.ts'
import type { Offsets } from './picture.ts'
import { TEST_TOPIC, type Stage } from './scenario.ts'
import { usability, type Truth } from './truth.ts'
import { partitionKey, sameSet, type BrokerView } from './view.ts'

/** Where `kafka-topics --describe` and the raw metadata differ: then the cluster was moving between the two looks. */
export function compareDescribe(described: readonly TruthPartition[], view: BrokerView): string[] {
  const lines: string[] = []
  const seen = new Set<string>()
  for (const { topic, partition, leader, replicas, isr } of described) {
    const key = partitionKey(topic, partition)
    seen.add(key)
    const said = view.partitions.get(key)
    const same = said?.leader === leader && said.replicas.join() === replicas.join() && sameSet(said.isr, isr)
    const raw =
      said === undefined ? 'none' : `leader ${said.leader} replicas ${said.replicas.join()} isr ${said.isr.join()}`
    if (!same)
      lines.push(`${key}: kafka-topics leader ${leader} replicas ${replicas.join()} isr ${isr.join()}, metadata ${raw}`)
  }
  for (const key of view.partitions.keys()) if (!seen.has(key)) lines.push(`${key}: not in kafka-topics`)
  return lines
}

/** Where the stage's own plain numbers differ from what the tools printed. */
export function compareStage(says: Stage['kafkaTools'], view: BrokerView, offsets: Offsets): string[] {
  if (says === undefined || says === 'none') return []
  return Object.entries(says).flatMap(([key, { leader, isr, offset }]) => {
    const said = view.partitions.get(key)
    if (said === undefined) return [`${key}: Kafka does not know it`]
    const lines: string[] = []
    const lastInSync = [...said.isr, ...(said.eligible ?? [])]
    if (leader !== undefined && said.leader !== leader) lines.push(`${key}: leader ${said.leader}, expected ${leader}`)
    if (isr !== undefined && !sameSet(lastInSync, isr))
      lines.push(`${key}: isr ${lastInSync.join()}, expected ${isr.join()}`)
    const actual = offsets.current.get(key) ?? 'none'
    if (offset !== undefined && actual !== offset) lines.push(`${key}: offset ${actual}, expected ${offset}`)
    return lines
  })
}

/** Kafka's tools wait for a leader that does not answer, so the shell is asked only while every named one does. */
function shellAnswers(truth: Truth, view: BrokerView): boolean {
  const leaders = [...view.partitions.values()].filter(({ topic }) => topic === TEST_TOPIC).map(({ leader }) => leader)
  return leaders.length > 0 && leaders.every((leader) => ['live', 'leaderless'].includes(usability(truth, leader)))
}

/** What Kafka's own command-line tools say against what its brokers said; empty = the same. */
export async function askTools(cluster: Cluster, truth: Truth, view: BrokerView, offsets: Offsets): Promise<string[]> {
  const shell = shellAnswers(truth, view) ? compareWithShell(cluster, TEST_TOPIC, offsets) : Promise.resolve([])
  const [described, shellLines] = await Promise.all([cluster.describeTopics(), shell])
  return [...compareDescribe(described, view), ...shellLines]
}
