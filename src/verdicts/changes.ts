import { sameInts, type IntLists } from '../model/int-lists.ts'
import { sameView, type Liveness, type TargetState } from '../model/liveness.ts'
import { addressText } from '../model/address.ts'
import type { Roster } from '../model/roster.ts'
import { sameLayout, type BrokerNode, type Partitions, type Topology } from '../model/topology.ts'
import type { BrokerVerdicts } from './brokers.ts'

/**
 * Another target, another state, or another view of the cluster. Another reason for being down is none: a dead host may
 * alternate between two for days.
 */
export function livenessChanged(before: Liveness | undefined, after: Liveness): boolean {
  if (before?.targets.size !== after.targets.size) return true
  return [...after.targets].some(([address, state]) => targetChanged(before.targets.get(address), state))
}

function targetChanged(before: TargetState | undefined, after: TargetState): boolean {
  if (before?.up !== after.up) return true
  return before.up && after.up && (before.returnedAt !== after.returnedAt || !sameView(before.view, after.view))
}

/** Another broker, address, partition, leader, ISR or replica. In KRaft mode the controller id changes with every look. */
export function topologyChanged(before: Topology | undefined, after: Topology): boolean {
  if (before?.brokers.length !== after.brokers.length) return true
  const moved = after.brokers.some((broker, i) => {
    const was = before.brokers[i]
    return was?.id !== broker.id || was.host !== broker.host || was.port !== broker.port
  })
  const [old, now] = [before.partitions, after.partitions]
  return (
    moved ||
    !sameLayout(old.layout, now.layout) ||
    !sameInts(old.leader, now.leader) ||
    !sameLists(old.isr, now.isr) ||
    !sameLists(old.replicas, now.replicas)
  )
}

/** Every column the same: nothing of what was judged by it has to be judged anew. */
export function samePartitions(a: Partitions, b: Partitions): boolean {
  return (
    sameLayout(a.layout, b.layout) &&
    sameInts(a.leader, b.leader) &&
    sameInts(a.leaderEpoch, b.leaderEpoch) &&
    sameLists(a.replicas, b.replicas) &&
    sameLists(a.isr, b.isr) &&
    sameLists(a.offline, b.offline)
  )
}

export function sameBrokers(a: readonly BrokerNode[], b: readonly BrokerNode[]): boolean {
  return (
    a.length === b.length &&
    a.every((broker, i) => {
      const other = b[i]
      return (
        broker.id === other?.id &&
        broker.host === other.host &&
        broker.port === other.port &&
        broker.rack === other.rack
      )
    })
  )
}

/** Another expected broker, or another address for one. */
export function rosterChanged(before: Roster, after: Roster): boolean {
  if (before.size !== after.size) return true
  return [...after].some(([id, { address }]) => {
    const was = before.get(id)?.address
    return (was && addressText(was)) !== (address && addressText(address))
  })
}

export function verdictsChanged(before: BrokerVerdicts, after: BrokerVerdicts): boolean {
  return before.size !== after.size || [...after].some(([id, { state }]) => before.get(id)?.state !== state)
}

function sameLists(a: IntLists, b: IntLists): boolean {
  return sameInts(a.starts, b.starts) && sameInts(a.values, b.values)
}
