import { pickLists, type IntLists } from '../../model/int-lists.ts'
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
export function merge(
  answers: readonly [Answer, ...Answer[]],
  kraft: boolean,
  /** Whose word stood in the look before. */
  lastFrom?: string,
): Topology {
  const sorted = byAuthority(answers, kraft, lastFrom)
  const principal = sorted[0]
  const { partitions, leaderDisagreements } = mergeColumns(sorted.map(({ metadata }) => metadata.partitions))
  return {
    ...principal.metadata,
    partitions: partitions ?? principal.metadata.partitions,
    askedOf: sorted.map(({ from }) => from),
    leaderDisagreements,
    topicDisagreements: countTopicDisagreements(sorted),
  }
}

interface Merged {
  /** undefined: the first answer's columns are the newest everywhere. */
  readonly partitions: Partitions | undefined
  readonly leaderDisagreements: number
}

/** Each partition of the first answer's layout as the answer with its highest leader epoch has it. */
function mergeColumns(answers: readonly Partitions[]): Merged {
  const first = answers[0]
  if (first === undefined) return { partitions: undefined, leaderDisagreements: 0 }
  const { layout, leader } = first
  /** Whose word is taken for each row, and which row that is there. */
  const from = new Int32Array(leader.length)
  const rows = mapRows(layout, layout)
  const epoch = first.leaderEpoch.slice()
  const differs = new Uint8Array(leader.length)
  answers.slice(1).forEach((theirs, i) => {
    const theirRows = mapRows(theirs.layout, layout)
    for (let row = 0; row < leader.length; row++) {
      const theirRow = theirRows[row] ?? -1
      if (theirRow < 0) continue
      if (theirs.leader[theirRow] !== leader[row]) differs[row] = 1
      const theirEpoch = theirs.leaderEpoch[theirRow] ?? -1
      if (theirEpoch <= (epoch[row] ?? -1)) continue
      epoch[row] = theirEpoch
      from[row] = i + 1
      rows[row] = theirRow
    }
  })
  const leaderDisagreements = differs.reduce((sum, one) => sum + one, 0)
  if (from.every((answer) => answer === 0)) return { partitions: undefined, leaderDisagreements }
  const lists = (column: 'replicas' | 'isr' | 'offline'): IntLists =>
    pickLists(
      answers.map((answer) => answer[column]),
      from,
      rows,
    )
  return {
    partitions: {
      layout,
      leader: leader.map((own, row) =>
        from[row] === 0 ? own : (answers[from[row] ?? 0]?.leader[rows[row] ?? 0] ?? -1),
      ),
      leaderEpoch: epoch,
      replicas: lists('replicas'),
      isr: lists('isr'),
      offline: lists('offline'),
    },
    leaderDisagreements,
  }
}

/**
 * The answer to believe where epochs do not decide: of those whose controller most answers name, in KRaft mode (where that id
 * says nothing) of those whose brokers most answers list, the one with the newest epochs; ties go to the one believed last, then to the smallest address. An ISR changes
 * within its leader epoch, and brokers hear of it one after the other: a choice that flickers counts its changes twice.
 */
function byAuthority(
  answers: readonly [Answer, ...Answer[]],
  kraft: boolean,
  lastFrom: string | undefined,
): readonly [Answer, ...Answer[]] {
  const party = ({ metadata: { controllerId, brokers } }: Answer): string =>
    kraft ? brokers.map(({ id }) => id).join() : String(controllerId)
  const votes = new Map<string, number>()
  for (const answer of answers) votes.set(party(answer), (votes.get(party(answer)) ?? 0) + 1)
  const rank = (answer: Answer): number =>
    !kraft && answer.metadata.controllerId < 0 ? 0 : (votes.get(party(answer)) ?? 0)
  const isLast = ({ from }: Answer): number => Number(from === lastFrom)
  const [first, ...rest] = answers
    .map((answer) => ({ answer, rank: rank(answer), epochs: sumOfEpochs(answer) }))
    .sort(
      (a, b) =>
        b.rank - a.rank ||
        b.epochs - a.epochs ||
        isLast(b.answer) - isLast(a.answer) ||
        (a.answer.from < b.answer.from ? -1 : 1),
    )
    .map(({ answer }) => answer)
  return [first ?? answers[0], ...rest]
}

function sumOfEpochs({ metadata }: Answer): number {
  let sum = 0
  for (const epoch of metadata.partitions.leaderEpoch) if (epoch > 0) sum += epoch
  return sum
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
