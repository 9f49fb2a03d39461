import type { BrokerView } from '../model/liveness.ts'
import type { Roster } from '../model/roster.ts'
import { topicsByName, type Topology } from '../model/topology.ts'
import type { View } from '../model/view.ts'
import type { Znodes } from '../model/znodes.ts'
import { answeringViews, type Controller } from './controller.ts'
import { nextDisagreements, noDisagreements, settledCount, type Disagreements } from './disagreements.ts'
import { memo, type Memo } from './memo.ts'

/** Where ZooKeeper's data and Kafka's answers differ. A kind that cannot be compared now is not in it. */
export interface ZnodeDisagreements {
  readonly differences: Disagreements
  /** 30,000 names are compared when one of the lists is another, not with every look. */
  readonly topics: Memo<number> | undefined
}

export const noZnodeDisagreements: ZnodeDisagreements = { differences: noDisagreements, topics: undefined }

/** Brokers learn of a registration and of an election from the controller, a moment after it is in ZooKeeper. */
const settleMs = 3_000
/** Both lists of topics may be a calm look apart. */
const topicsSettleMs = 10_000

export function nextZnodeDisagreements(
  before: ZnodeDisagreements,
  view: View,
  roster: Roster,
  /** undefined in KRaft mode, where ZooKeeper's data are a memory, or in migration. */
  controller: Controller | undefined,
  now: number,
): ZnodeDisagreements {
  const znodes = view.znodes?.value
  if (znodes === undefined || controller === undefined) return noZnodeDisagreements
  const views = answeringViews(roster, view.liveness?.value)
  const topics = view.topology && compareTopics(before.topics, znodes, view.topology.value)
  const counted = {
    ...(znodes.brokers && views.length > 0 && { registration: countRegistrations(znodes.brokers, views) }),
    // Whom most answering brokers name, -1 = nobody, against who stands in ZooKeeper.
    ...(znodes.controller &&
      views.length > 0 && { controller: Number((znodes.controller.id ?? -1) !== controller.id) }),
    ...(topics && { topics: topics.value }),
  }
  const known = Object.entries(before.differences).filter(([kind]) => kind in counted)
  return { differences: nextDisagreements(Object.fromEntries(known), counted, now), topics }
}

/** The count of a kind, once it has lasted. */
export function settledZnodes({ differences }: ZnodeDisagreements, kind: keyof Disagreements, now: number): number {
  return settledCount(differences[kind], now, kind === 'topics' ? topicsSettleMs : settleMs) ?? 0
}

/** Ids that are registered in ZooKeeper or named by most answering brokers, but not both. */
function countRegistrations(registered: NonNullable<Znodes['brokers']>, views: readonly BrokerView[]): number {
  const votes = new Map<number, number>()
  for (const { brokerIds } of views) for (const id of brokerIds) votes.set(id, (votes.get(id) ?? 0) + 1)
  const isNamed = (id: number): boolean => (votes.get(id) ?? 0) > views.length / 2
  return [...new Set([...registered.keys(), ...votes.keys()])].filter((id) => registered.has(id) !== isNamed(id)).length
}

function compareTopics(before: Memo<number> | undefined, znodes: Znodes, topology: Topology): Memo<number> | undefined {
  const { topics, deletions } = znodes
  if (topics === undefined) return undefined
  const { partitions, refusedTopics } = topology
  // By what they hold: each look makes its own list of them.
  const refused = refusedTopics.join('\n')
  return memo(before, [topics, deletions, partitions.layout, refused], () =>
    countTopics(topics, deletions ?? new Set(), topology),
  )
}

/** What is being deleted goes from one list after the other; where topics are hidden, they are missing without a contradiction. */
function countTopics(inZookeeper: ReadonlySet<string>, deletions: ReadonlySet<string>, topology: Topology): number {
  const inKafka = topicsByName(topology.partitions.layout)
  let count = 0
  for (const name of inKafka.keys()) if (!inZookeeper.has(name) && !deletions.has(name)) count++
  if (topology.refusedTopics.length > 0) return count
  for (const name of inZookeeper) if (!inKafka.has(name) && !deletions.has(name)) count++
  return count
}
