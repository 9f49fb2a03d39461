import type { Layout, Topology } from '../model/topology.ts'
import type { BrokerVerdicts } from './brokers.ts'

/** Worst last. The codes of `PartitionHealth.state`. */
export const health = { fine: 0, unjudged: 1, unreachableLeader: 2, leaderless: 3 } as const

/** One state a partition, in columns over `layout`. */
export interface PartitionHealth {
  readonly layout: Layout
  readonly state: Uint8Array
  /** Unix ms at which this exporter first saw the row in its state. */
  readonly since: Float64Array
  /** Rows of each state. */
  readonly leaderless: number
  readonly unreachableLeader: number
  /** Led by a broker that was not judged yet: while there are any, nobody can say how many are unreachable. */
  readonly unjudged: number
}

/**
 * A partition without a leader cannot be used; nor can one whose leader does not answer, whatever Kafka says of it: Kafka
 * takes a session timeout to notice, and without a coordinator never does.
 */
export function judgePartitions(
  topology: Topology,
  brokers: BrokerVerdicts,
  before: PartitionHealth | undefined,
  rowsBefore: Int32Array | undefined,
  wallMs: number,
): PartitionHealth {
  const { layout, leader } = topology.partitions
  const state = new Uint8Array(leader.length)
  const since = new Float64Array(leader.length)
  const counts = [0, 0, 0, 0]
  for (let row = 0; row < leader.length; row++) {
    const now = judge(leader[row] ?? -1, brokers)
    const last = rowsBefore?.[row] ?? -1
    state[row] = now
    since[row] = last >= 0 && before?.state[last] === now ? (before.since[last] ?? wallMs) : wallMs
    counts[now] = (counts[now] ?? 0) + 1
  }
  return {
    layout,
    state,
    since,
    leaderless: counts[health.leaderless] ?? 0,
    unreachableLeader: counts[health.unreachableLeader] ?? 0,
    unjudged: counts[health.unjudged] ?? 0,
  }
}

function judge(leader: number, brokers: BrokerVerdicts): number {
  if (leader < 0) return health.leaderless
  switch (brokers.get(leader)?.state) {
    case 'up':
      return health.fine
    case 'unknown':
      return health.unjudged
    // A leader that is neither registered nor a replica is nobody's to answer for.
    case 'down':
    case undefined:
      return health.unreachableLeader
  }
}
