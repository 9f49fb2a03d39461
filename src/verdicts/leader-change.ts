/** Why a partition has another leader; the values of the label `reason`. */
export const leaderChangeReasons = ['failover', 'preferred', 'unclean', 'other'] as const

export type LeaderChangeReason = (typeof leaderChangeReasons)[number]

type Ids = readonly number[] | Int32Array

/** One partition whose named leader is another than the last one named. */
export interface LeaderChange {
  readonly before: number
  readonly after: number
  /** As they are now; the first is the preferred leader. */
  readonly replicas: Ids
  readonly isr: Ids
  /** The last ISR before the change that was not empty. */
  readonly lastIsr: Ids
  /** The ISR that the look before showed was empty: Kafka had eligible leader replicas, or none. */
  readonly wasEmpty: boolean
  /** KIP-966: replicas that may lead without loss though they are not in the ISR. undefined: not read. */
  readonly elr: Ids | undefined
  readonly wasLeaderless: boolean
  /** The leader before answers and is registered. */
  readonly beforeIsUp: boolean
  /** Milliseconds between the two looks. */
  readonly ageMs: number
}

/** An older look may have missed that the new leader had joined the ISR. */
const uncleanWithinMs = 1_000

const rules: readonly (readonly [LeaderChangeReason, (change: LeaderChange) => boolean])[] = [
  ['unclean', isUnclean],
  // A reassignment took the leader's replica away.
  ['other', ({ before, replicas }) => !has(replicas, before)],
  // Also a controlled shutdown, which moves leaders away and takes the broker out of the ISR while it still answers.
  ['failover', ({ before, isr, wasLeaderless, beforeIsUp }) => wasLeaderless || !beforeIsUp || !has(isr, before)],
  ['preferred', ({ after, replicas }) => replicas[0] === after],
]

/** The first rule that fits; `other` if none does. */
export function reasonOf(change: LeaderChange): LeaderChangeReason {
  return rules.find(([, fits]) => fits(change))?.[0] ?? 'other'
}

/** The new leader may lack records that were acknowledged. Only said on fresh evidence. */
function isUnclean({ after, lastIsr, wasEmpty, elr, ageMs }: LeaderChange): boolean {
  if (ageMs > uncleanWithinMs || has(lastIsr, after)) return false
  return elr === undefined ? !wasEmpty : !has(elr, after)
}

function has(ids: Ids, id: number): boolean {
  return ids.includes(id)
}
