import { intLists, listOf } from '../../model/int-lists.ts'
import { mapRows, sameLayout, type ClusterMetadata, type Partitions, type Topology } from '../../model/topology.ts'

export interface Answer {
  /** `host:port` that gave it. */
  readonly from: string
  readonly metadata: ClusterMetadata
}

/** One answer, believed as it is. */
export function single({ from, metadata }: Answer): Topology {
  return { ...metadata, askedOf: [from], leaderDisagreements: 0, topicDisagreements: 0 }
}

/**
 * Several brokers' answers as one: brokers, controller and topics as the principal answer has them, each partition as the
 * answer with its highest leader epoch has it (Metadata v7+; without epochs the principal's word stands). A broker cut
 * off from its coordinator goes on claiming old leaderships; their epochs are what gives them away.
 */
export function merge(answers: readonly [Answer, ...Answer[]], kraft: boolean): Topology {
  const sorted = byAuthority(answers, kraft)
  const principal = sorted[0]
  const { partitions } = principal.metadata
  const rows = partitions.layout.partition.length
  const others = sorted.slice(1).map(({ metadata }) => ({
    partitions: metadata.partitions,
    rows: mapRows(metadata.partitions.layout, partitions.layout),
  }))

  const chosen: { from: Partitions; row: number }[] = []
  let leaderDisagreements = 0
  for (let row = 0; row < rows; row++) {
    let best = { from: partitions, row }
    let differs = false
    for (const other of others) {
      const theirs = other.rows[row] ?? -1
      if (theirs < 0) continue
      if (other.partitions.leader[theirs] !== partitions.leader[row]) differs = true
      if ((other.partitions.leaderEpoch[theirs] ?? -1) > (best.from.leaderEpoch[best.row] ?? -1)) {
        best = { from: other.partitions, row: theirs }
      }
    }
    if (differs) leaderDisagreements++
    chosen.push(best)
  }
  return {
    ...principal.metadata,
    partitions: {
      layout: partitions.layout,
      leader: Int32Array.from(chosen, ({ from, row }) => from.leader[row] ?? -1),
      leaderEpoch: Int32Array.from(chosen, ({ from, row }) => from.leaderEpoch[row] ?? -1),
      replicas: intLists(chosen.map(({ from, row }) => listOf(from.replicas, row))),
      isr: intLists(chosen.map(({ from, row }) => listOf(from.isr, row))),
      offline: intLists(chosen.map(({ from, row }) => listOf(from.offline, row))),
    },
    askedOf: sorted.map(({ from }) => from),
    leaderDisagreements,
    topicDisagreements: countTopicDisagreements(sorted),
  }
}

/**
 * The answer to believe where epochs do not decide: of those whose controller most answers name (in KRaft mode that id
 * says nothing), the one with the newest epochs; ties go to the smallest address, so that the choice does not flicker.
 */
function byAuthority(answers: readonly [Answer, ...Answer[]], kraft: boolean): readonly [Answer, ...Answer[]] {
  const votes = new Map<number, number>()
  for (const { metadata } of answers) votes.set(metadata.controllerId, (votes.get(metadata.controllerId) ?? 0) + 1)
  const rank = ({ metadata }: Answer): number =>
    kraft || metadata.controllerId < 0 ? 0 : (votes.get(metadata.controllerId) ?? 0)
  const epochs = ({ metadata }: Answer): number =>
    metadata.partitions.leaderEpoch.reduce((sum, epoch) => sum + Math.max(0, epoch), 0)
  const [first, ...rest] = [...answers].sort(
    (a, b) => rank(b) - rank(a) || epochs(b) - epochs(a) || (a.from < b.from ? -1 : 1),
  )
  return [first ?? answers[0], ...rest]
}

function countTopicDisagreements(answers: readonly Answer[]): number {
  const first = answers[0]?.metadata.partitions.layout
  if (first === undefined || answers.every(({ metadata }) => sameLayout(metadata.partitions.layout, first))) return 0
  const lists = new Map<string, number>()
  for (const { metadata } of answers) {
    for (const { name } of metadata.partitions.layout.topics) lists.set(name, (lists.get(name) ?? 0) + 1)
  }
  return [...lists.values()].filter((count) => count < answers.length).length
}
