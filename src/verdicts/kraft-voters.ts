import type { KraftQuorum, QuorumDescription, Replica } from '../model/kraft-quorum.ts'
import { isOutdated, type Reign } from './quorum.ts'

/** Voter -> the log end that it was last seen to have moved to, and when (`mono` ms): for descriptions without times. */
export type Progress = ReadonlyMap<number, { readonly offset: number; readonly at: number }>

/** Voters fetch twice a second, and call an election when they have not reached the leader for 2 s. */
const recentMs = 3_000

export function descriptions({ controllers, broker }: KraftQuorum): readonly QuorumDescription[] {
  return [...controllers.values(), ...(broker ? [broker] : [])].flatMap((answer) =>
    answer.kind === 'described' && answer.quorum.voters.length > 0 ? [answer.quorum] : [],
  )
}

/** The higher epoch is right. */
export function bestOf(
  described: readonly QuorumDescription[],
  newest: Reign | undefined,
  now: number,
): QuorumDescription | undefined {
  let best: QuorumDescription | undefined
  for (const one of described) {
    if (isOutdated(one.leaderEpoch, newest, now)) continue
    if (best === undefined || one.leaderEpoch > best.leaderEpoch) best = one
  }
  return best
}

export function isSameReign(one: QuorumDescription, best: QuorumDescription | undefined): boolean {
  return one.leaderEpoch === best?.leaderEpoch && one.leaderId === best.leaderId
}

/** The leader, and the voters that it has just heard from. */
export function servingOf({ leaderId, voters }: QuorumDescription, progress: Progress, now: number): number {
  const leader = voters.find(({ id }) => id === leaderId)
  const fetches = voters.flatMap(({ lastFetchMs }) => lastFetchMs ?? [])
  // All of it by the leader's clock; the leader's own last fetch is its now.
  const leaderNow = leader?.lastFetchMs ?? Math.max(...fetches)
  const hasTimes = fetches.length > 0
  const isRecent = ({ id, logEndOffset, lastFetchMs }: Replica): boolean => {
    if (id === leaderId) return true
    if (logEndOffset < 0) return false
    if (hasTimes) return lastFetchMs !== undefined && leaderNow - lastFetchMs < recentMs
    return logEndOffset === leader?.logEndOffset || now - (progress.get(id)?.at ?? -Infinity) < recentMs
  }
  return voters.filter(isRecent).length
}

/** A quorum at work appends at least twice a second, so that a voter's log end moves. */
export function nextProgress(before: Progress, { voters }: QuorumDescription, now: number): Progress {
  return new Map(
    voters.map(({ id, logEndOffset: offset }) => {
      const last = before.get(id)
      return [id, last !== undefined && last.offset >= offset ? last : { offset, at: now }]
    }),
  )
}

/** The leader lists what registered with it; a hostile reply may list what it likes. */
const mostMembers = 1_000

export function lags({ leaderId, voters, observers }: QuorumDescription): ReadonlyMap<string, number> {
  const end = voters.find(({ id }) => id === leaderId)?.logEndOffset ?? -1
  if (end < 0) return new Map()
  const known = [...voters, ...observers].filter(({ logEndOffset }) => logEndOffset >= 0).slice(0, mostMembers)
  return new Map(known.map(({ id, logEndOffset }) => [String(id), Math.max(0, end - logEndOffset)]))
}
