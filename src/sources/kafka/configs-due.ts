import { listLength } from '../../model/int-lists.ts'
import type { Partitions } from '../../model/topology.ts'
import type { AnsweringBroker } from './answering.ts'
import type { ConfigDraft } from './config-draft.ts'

/** How old an answer may be before it is asked for again. */
const calmMs = 300_000
const unhealthyMs = 15_000
/** A look that comes a little early must not skip its turn. */
const slackMs = 1_000
/** A large cluster may be degraded for days: the rest of its topics wait for the next look. */
const mostUnhealthy = 1_000

/** Names of the topics to ask for, those that matter most first: never read, then unhealthy, then the longest unread. */
export function dueTopics(partitions: Partitions, draft: ConfigDraft, now: number): readonly string[] {
  const never: string[] = []
  const unhealthy: { name: string; readAt: number }[] = []
  const old: { name: string; readAt: number }[] = []
  for (const { name, first, count } of partitions.layout.topics) {
    const readAt = draft.topicReadAt(name)
    const age = now - readAt + slackMs
    if (readAt === -Infinity) never.push(name)
    else if (age >= unhealthyMs && isUnhealthy(partitions, first, count)) unhealthy.push({ name, readAt })
    else if (age >= calmMs) old.push({ name, readAt })
  }
  const byAge = (list: { name: string; readAt: number }[]): string[] =>
    list.sort((a, b) => a.readAt - b.readAt).map(({ name }) => name)
  return [...never, ...byAge(unhealthy).slice(0, mostUnhealthy), ...byAge(old)]
}

function isUnhealthy({ leader, replicas, isr }: Partitions, first: number, count: number): boolean {
  for (let row = first; row < first + count; row++) {
    if ((leader[row] ?? -1) < 0 || listLength(isr, row) < listLength(replicas, row)) return true
  }
  return false
}

/** A broker that was started again may have other settings. */
export function dueBrokers(
  brokers: readonly AnsweringBroker[],
  draft: ConfigDraft,
  now: number,
): readonly AnsweringBroker[] {
  return brokers.filter(({ id, returnedAt }) => {
    const readAt = draft.brokerReadAt(id)
    return now - readAt + slackMs >= calmMs || (returnedAt !== undefined && returnedAt > readAt)
  })
}
