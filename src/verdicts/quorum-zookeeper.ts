import type { Ensemble } from '../model/ensemble.ts'
import type { Znodes } from '../model/znodes.ts'
import { epochOf, tallyOf, type Claim, type Tally } from './ensemble-tally.ts'
import { isElection, leaderlessMs, majorityOf, since, unknownQuorum, type QuorumVerdict, type Reign } from './quorum.ts'
import { nextVoters, type Voters } from './quorum-voters.ts'

/** What is remembered of a ZooKeeper ensemble from look to look. `mono` ms. */
export interface ZookeeperMemory {
  readonly voters: Voters
  readonly newest: Reign | undefined
  readonly elections: number
  /** Since when a majority answers and nobody leads one. */
  readonly leaderlessSince: number | undefined
  /** Claims to lead that lost against a better one. */
  readonly falseClaims: number
}

/** One look at the servers, or at the data, on. */
export function nextZookeeper(
  before: ZookeeperMemory | undefined,
  ensemble: Ensemble,
  znodes: Znodes | undefined,
  now: number,
): ZookeeperMemory {
  const voters = nextVoters(before?.voters, ensemble, znodes)
  const tally = tallyOf(voters, ensemble, before?.newest, now)
  const { leader, claims } = tally
  const reign = leader === undefined || tally.tooFewFollow ? undefined : reignOf(leader, now)
  const elected = reign !== undefined && isElection(before?.newest, reign)
  return {
    voters,
    newest: reign ?? before?.newest,
    elections: (before?.elections ?? 0) + Number(elected),
    leaderlessSince: since(isLeaderless(tally), before?.leaderlessSince, now),
    falseClaims: claims - Number(leader !== undefined),
  }
}

/** `ensemble` undefined: not looked at for too long; who votes is remembered. */
export function judgeZookeeper(memory: ZookeeperMemory, ensemble: Ensemble | undefined, now: number): QuorumVerdict {
  const { voters } = memory
  const majority = majorityOf(voters.count)
  const configured = { configuredVoters: voters.count, majority }
  if (ensemble === undefined) return { ...unknownQuorum, ...configured }
  const tally = tallyOf(voters, ensemble, memory.newest, now)
  const available = isAvailable(tally, memory, now)
  const leader = available === false || tally.tooFewFollow ? undefined : tally.leader
  const name = (address: string): string => String(voters.ids.get(address) ?? address)
  return {
    ...configured,
    servingVoters: servingVoters(tally),
    available,
    leaderId: leader === undefined ? (mayBeLed(tally, available) ? undefined : -1) : voters.ids.get(leader.address),
    leader: leader && name(leader.address),
    epoch: leader && epochOf(leader.server),
    lag: leader === undefined ? new Map() : lags(leader, ensemble, name),
  }
}

/**
 * The leader knows best who follows it: it hears at once of a peer that was killed, and after `syncLimit` of one that was cut
 * off. Where it does not tell, the servers' own words count, and how many of them answer.
 */
function isAvailable(tally: Tally, { leaderlessSince }: ZookeeperMemory, now: number): boolean | undefined {
  const { leader, synced, majority, followers, idle, unknown, unseen } = tally
  if (leader?.server.state === 'standalone') return true
  if (isLeaderless(tally)) {
    return leaderlessSince !== undefined && now - leaderlessSince >= leaderlessMs ? false : undefined
  }
  if (leader !== undefined && synced !== undefined) return !tally.tooFewFollow
  const alive = Number(leader !== undefined) + followers + idle
  if (alive + unknown + unseen < majority) return false
  // Whoever leads or follows serves, so that a majority was there a moment ago: of those that were not given.
  if (unseen > 0 && (leader !== undefined || followers > 0)) return true
  return leader !== undefined && 1 + followers >= majority ? true : undefined
}

function servingVoters(tally: Tally): number | undefined {
  const { leader, synced, followers, unseen, unknown } = tally
  if (synced !== undefined) return Math.min(tally.count, 1 + synced)
  return unseen + unknown > 0 ? undefined : Number(leader !== undefined) + followers
}

/**
 * An election. A leader that the others have left, or that has just been woken, says for up to a tick that it leads: by its own
 * words nobody follows, and the others may be about to elect, or follow another one that is not seen.
 */
function isLeaderless({
  leader,
  tooFewFollow,
  synced,
  followers,
  idle,
  dead,
  unknown,
  unseen,
  majority,
}: Tally): boolean {
  if (leader === undefined) {
    // Where everybody answers, whoever says that it follows has not noticed yet.
    return (followers === 0 && idle >= majority) || (dead + unknown + unseen === 0 && followers + idle >= majority)
  }
  const isContradicted = synced !== undefined && followers > synced
  return tooFewFollow && 1 + followers + idle + (isContradicted ? unknown + unseen : 0) >= majority
}

/** Whether those that do not say what they are could have a leader among them. */
function mayBeLed({ followers, majority, dead, unknown, unseen }: Tally, available: boolean | undefined): boolean {
  if (available === false) return false
  return followers > 0 || dead + unknown + unseen >= majority
}

function reignOf({ address, server }: Claim, now: number): Reign {
  return { leader: address, epoch: epochOf(server), at: now }
}

const counterMask = 0xffff_ffffn

/** Idle servers repeat a transaction of an older epoch, which says nothing of how far behind they are. */
function lags(leader: Claim, { servers }: Ensemble, name: (address: string) => string): ReadonlyMap<string, number> {
  const newest = leader.server.zxid
  const lag = new Map<string, number>()
  if (newest === undefined) return lag
  for (const [address, server] of servers) {
    const { zxid, state } = server
    const takesPart = address === leader.address || state === 'follower' || state === 'observer'
    if (!takesPart || zxid === undefined || epochOf(server) !== epochOf(leader.server)) continue
    // Servers are asked one by one: whoever was asked later may be ahead.
    lag.set(name(address), Math.max(0, Number((newest & counterMask) - (zxid & counterMask))))
  }
  return lag
}
