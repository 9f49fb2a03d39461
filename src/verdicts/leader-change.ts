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
  /** KIP-966: replicas that may lead without loss though they are not in the ISR; none in ZooKeeper mode. undefined: not known. */
  readonly elr: Ids | undefined
  readonly wasLeaderless: boolean
  /** The leader before answers and is registered. */
  readonly beforeIsUp: boolean
  /** Milliseconds between the two looks, or since the ELR was read if that is longer ago. */
  readonly ageMs: number
  /** It was leaderless, and this is the very next leader epoch: nobody can have joined its ISR in between. */
  readonly isNextEpoch: boolean
}

/** An older look may have missed that the new leader had joined the ISR. */
const uncleanWithinMs = 1_000

const rules: readonly (readonly [LeaderChangeReason, (change: LeaderChange) => boolean])[] = [
  // A reassignment took the leader's replica away; its new ones have joined since the look before.
  ['other', ({ before, replicas }) => !has(replicas, before)],
  ['unclean', isUnclean],
  // Also a controlled shutdown, which moves leaders away and takes the broker out of the ISR while it still answers.
  ['failover', ({ before, isr, wasLeaderless, beforeIsUp }) => wasLeaderless || !beforeIsUp || !has(isr, before)],
  ['preferred', ({ after, replicas }) => replicas[0] === after],
]

/** The first rule that fits; `other` if none does. */
export function reasonOf(change: LeaderChange): LeaderChangeReason {
  return rules.find(([, fits]) => fits(change))?.[0] ?? 'other'
}

/** The new leader may lack records that were acknowledged. Only said on fresh evidence. */
function isUnclean({ after, isr, lastIsr, elr, ageMs, wasLeaderless, isNextEpoch }: LeaderChange): boolean {
  if (ageMs > uncleanWithinMs && !(wasLeaderless && isNextEpoch)) return false
  // An ISR that goes on was joined, and led by whoever joined it: an unclean election begins a new one.
  const goesOn = [...lastIsr].some((id) => has(isr, id))
  return elr !== undefined && !goesOn && !has(lastIsr, after) && !has(elr, after)
}

function has(ids: Ids, id: number): boolean {
  return ids.includes(id)
}
