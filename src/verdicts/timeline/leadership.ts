import type { KeptEvent } from '../../model/log-facts.ts'
import { proofOf } from './actors.ts'
import type { LeaderlessGap } from './types.ts'

/** A partition got another leader, or none. */
export interface LeaderChange {
  readonly at: number
  readonly partition: string
  /** Undefined: the record does not go back that far. */
  readonly before: number | undefined
  readonly leader: number
  readonly event: KeptEvent
}

/** A broker left a partition's ISR or came back into it. */
export interface IsrChange {
  readonly at: number
  readonly partition: string
  readonly left: readonly number[]
  readonly joined: readonly number[]
  readonly event: KeptEvent
}

interface Leaderless extends LeaderlessGap {
  readonly begun: KeptEvent
  readonly ended: KeptEvent | undefined
}

export interface Leadership {
  readonly leaders: readonly LeaderChange[]
  readonly isrs: readonly IsrChange[]
  readonly leaderless: readonly Leaderless[]
}

const noLeader = -1

/** Follows leaders and ISRs through the lines. The controller and the brokers tell of the same change: the first counts. */
export function leadershipIn(events: readonly KeptEvent[]): Leadership {
  const leaderOf = new Map<string, { leader: number; epoch: number | undefined }>()
  const isrOf = new Map<string, readonly number[]>()
  const leaders: LeaderChange[] = []
  const isrs: IsrChange[] = []
  const open = new Map<string, KeptEvent>()
  const leaderless: Leaderless[] = []
  const end = (partition: string, event: KeptEvent): void => {
    const begun = open.get(partition)
    if (begun === undefined) return
    open.delete(partition)
    const proof = [proofOf(begun), proofOf(event)]
    leaderless.push({ partition, from: begun.at, until: event.at, proof, begun, ended: event })
  }
  for (const event of events) {
    const { partition, leader: named, epoch, isr, isrBefore, self } = event.fields
    if (partition === undefined) continue
    const leader = event.event === 'kafka_leader_starts' ? (named ?? self) : named
    if (isLeaderless(event)) {
      if (!open.has(partition)) open.set(partition, event)
    } else if (leader !== undefined && leader >= 0 && tellsLeader.has(event.event)) {
      const known = leaderOf.get(partition)
      // A line of a change that is already known, written later or by a slower broker.
      if (known?.epoch !== undefined && epoch !== undefined && epoch < known.epoch) continue
      end(partition, event)
      leaderOf.set(partition, { leader, epoch })
      if (known?.leader !== leader) leaders.push({ at: event.at, partition, before: known?.leader, leader, event })
    }
    if (isr === undefined || !tellsIsr.has(event.event)) continue
    const before = isrBefore ?? isrOf.get(partition)
    isrOf.set(partition, isr)
    if (before === undefined) continue
    const left = before.filter((id) => !isr.includes(id))
    const joined = isr.filter((id) => !before.includes(id))
    if (left.length + joined.length > 0) isrs.push({ at: event.at, partition, left, joined, event })
  }
  for (const [partition, event] of open) {
    leaderless.push({
      partition,
      from: event.at,
      until: undefined,
      proof: [proofOf(event)],
      begun: event,
      ended: undefined,
    })
  }
  return { leaders, isrs, leaderless: leaderless.sort((a, b) => a.from - b.from) }
}

const tellsLeader = new Set([
  'kafka_partition_new',
  'kafka_partition_online',
  'kafka_leader_starts',
  'kafka_follower_starts',
])
const tellsIsr = new Set([
  'kafka_partition_new',
  'kafka_replica_removed_from_isr',
  'kafka_isr_under_min',
  'kafka_partition_online',
  'kafka_leader_starts',
  'kafka_isr_updated',
  'kafka_isr_expand',
  'kafka_isr_shrink',
])

export const leadershipTells: readonly string[] = [
  ...tellsLeader,
  ...tellsIsr,
  'kafka_leader_election_failed',
  'kafka_partition_abandoned',
  'kafka_partition_leaderless',
]

/** While a broker is being shut down it still leads what nobody else can lead. */
function isLeaderless({ event, fields }: KeptEvent): boolean {
  if (event === 'kafka_leader_election_failed') return !/online/i.test(fields.state ?? 'offline')
  return event === 'kafka_partition_leaderless' || (event === 'kafka_partition_abandoned' && fields.leader === noLeader)
}
