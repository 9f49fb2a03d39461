import { Reader } from '../../src/sources/kafka/reader.ts'
import { Writer } from '../../src/sources/kafka/writer.ts'
import type { ClusterState, PartitionState, TopicState } from './state.ts'

/** DescribeConfigs v1 to v4 and ListPartitionReassignments v0: what a monitor asks of a cluster's administration. */

const types = { topic: 2, broker: 4 } as const
const sources = { topic: 1, default: 5 } as const
const errors = { unknownTopicOrPartition: 3, notController: 41 } as const

interface Config {
  readonly name: string
  readonly value: string
  readonly isDefault: boolean
}

export function describeConfigsBody(version: number, request: Buffer, state: ClusterState): Buffer {
  const flexible = version >= 4
  const reader = new Reader(request)
  const count = reader.count(flexible, 1)
  const writer = new Writer().int32(0).count(count, flexible)
  for (let i = 0; i < count && reader.ok(); i++) {
    const type = reader.int8()
    const name = reader.string(flexible)
    const keys = readKeys(reader, flexible)
    reader.tags(flexible)
    const topic = type === types.topic ? state.byName.get(name) : undefined
    const known = topic !== undefined || type === types.broker
    writer
      .int16(known ? 0 : errors.unknownTopicOrPartition)
      .string(null, flexible)
      .int8(type)
      .string(name, flexible)
    const all = topic === undefined ? brokerConfigs : topicConfigs(topic)
    const asked = known ? all.filter((config) => keys?.includes(config.name) ?? true) : []
    writer.count(asked.length, flexible)
    for (const config of asked) writeConfig(writer, version, config)
    writer.tags(flexible)
  }
  return writer.tags(flexible).finish()
}

/** undefined: every key. */
function readKeys(reader: Reader, flexible: boolean): readonly string[] | undefined {
  const count = flexible ? reader.uvarint() - 1 : reader.int32()
  return count < 0 ? undefined : Array.from({ length: count }, () => reader.string(flexible))
}

const brokerConfigs: readonly Config[] = [
  { name: 'min.insync.replicas', value: '1', isDefault: true },
  { name: 'unclean.leader.election.enable', value: 'false', isDefault: true },
  { name: 'default.replication.factor', value: '3', isDefault: false },
]

function topicConfigs({ minIsr, uncleanElection }: TopicState): readonly Config[] {
  return [
    { name: 'min.insync.replicas', value: String(minIsr), isDefault: minIsr === 1 },
    { name: 'unclean.leader.election.enable', value: String(uncleanElection), isDefault: !uncleanElection },
  ]
}

function writeConfig(writer: Writer, version: number, { name, value, isDefault }: Config): void {
  const flexible = version >= 4
  writer.string(name, flexible).string(value, flexible).int8(0)
  writer.int8(isDefault ? sources.default : sources.topic)
  writer.int8(0).count(0, flexible) // not sensitive; no synonyms
  if (version >= 3) writer.int8(0).string(null, flexible) // type unknown; no documentation
  writer.tags(flexible)
}

/** In ZooKeeper mode only the controller knows. */
export function reassignmentsBody(state: ClusterState, broker: number, kraft: boolean): Buffer {
  const knows = kraft || state.controllerId === broker
  const topics = knows ? state.topics.filter((topic) => topic.partitions.some(isMoving)) : []
  const writer = new Writer()
    .int32(0)
    .int16(knows ? 0 : errors.notController)
    .string(null, true)
  writer.count(topics.length, true)
  for (const { name, partitions } of topics) {
    const moving = partitions.filter(isMoving)
    writer.string(name, true).count(moving.length, true)
    for (const { partition, replicas, adding, removing } of moving) {
      writer.int32(partition)
      for (const list of [replicas, adding, removing]) {
        writer.count(list.length, true)
        for (const id of list) writer.int32(id)
      }
      writer.tags(true)
    }
    writer.tags(true)
  }
  return writer.tags(true).finish()
}

function isMoving({ adding, removing }: PartitionState): boolean {
  return adding.length + removing.length > 0
}
