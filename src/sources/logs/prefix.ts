import type { EventFields } from '../../model/log-event.ts'
import { owned } from './owned.ts'

const longest = 300

/** Where the body of a message begins: after `[KafkaServer id=1] ` or `[LogDirFailureHandler]: `; at its beginning without one. */
export function bodyAt(text: string, at: number, end: number): number {
  if (text.charCodeAt(at) !== 91) return at
  const last = Math.min(end, at + longest)
  // Not by indexOf: without a bracket it would search the whole chunk for every line.
  for (let i = at + 1; i < last; i++) {
    if (text.charCodeAt(i) !== 93) continue
    const next = text.charCodeAt(i + 1)
    if (next === 32) return Math.min(end, i + 2)
    if (next === 58 && text.charCodeAt(i + 2) === 32) return Math.min(end, i + 3)
  }
  return at
}

interface Told {
  self?: number
  peer?: number
  partition?: string
}

const self =
  /(?:^\[Controller |^\[KafkaServer |^\[(?:zk-)?broker-| on broker |\bid=|\bbroker=|\bbrokerId=|\bnodeId=|\bcontrollerId=|\breplicaId=)(\d{1,10})\b/
const leader = /\bleaderId=(\d{1,10})\b|^\[ReplicaFetcherThread-\d+-(\d{1,10})\]|\btargetBrokerId=(\d{1,10})\b/
const partition = /^\[Partition ([^ ]{1,260}) broker=|\bpartition=([^ ,\]]{1,260})/

// A broker has a few dozen prefixes and as many as it has partitions.
const known = new Map<string, EventFields>()
const most = 4_096

/** Who is speaking, to whom and about which partition, as the prefix of a message says. */
export function prefixFields(prefix: string): EventFields {
  const seen = known.get(prefix)
  if (seen !== undefined) return seen
  if (known.size >= most) known.clear()
  const fields = parsePrefix(prefix)
  known.set(owned(prefix), fields)
  return fields
}

function parsePrefix(prefix: string): EventFields {
  const told: Told = {}
  const by = self.exec(prefix)?.[1]
  if (by !== undefined) told.self = Number(by)
  const to = leader.exec(prefix)
  const peer = to?.[1] ?? to?.[2] ?? to?.[3]
  if (peer !== undefined) told.peer = Number(peer)
  const of = partition.exec(prefix)
  const name = of?.[1] ?? of?.[2]
  if (name !== undefined) told.partition = owned(name)
  return told
}
