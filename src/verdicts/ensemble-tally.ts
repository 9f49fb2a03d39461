import type { Ensemble, EnsembleServer } from '../model/ensemble.ts'
import { isOutdated, majorityOf, type Reign } from './quorum.ts'
import { isStandalone, type Voters } from './quorum-voters.ts'

/** A server that says it leads. */
export interface Claim {
  readonly address: string
  readonly server: EnsembleServer
}

/** The voters of an ensemble by what they are good for now. */
export interface Tally {
  readonly majority: number
  readonly count: number
  /** The best of those that say they lead; `claims`: how many do. */
  readonly leader: Claim | undefined
  readonly claims: number
  /** Voters in sync with the leader, as it says itself; undefined where it does not. */
  readonly synced: number | undefined
  /** The leader itself says that it has no majority. */
  readonly tooFewFollow: boolean
  readonly followers: number
  /** Answer, and neither lead nor follow: electing, cut off from the others, or read-only. */
  readonly idle: number
  /** Refuse connections or are silent. */
  readonly dead: number
  /** Not judged yet, or cannot be asked (TLS, protocol, whitelist), so that nothing is known of them. */
  readonly unknown: number
  /** Voters that were not given. */
  readonly unseen: number
}

const notDead: readonly string[] = ['tls', 'auth', 'protocol']

export function tallyOf(voters: Voters, ensemble: Ensemble, newest: Reign | undefined, now: number): Tally {
  const addresses = ensemble.given.filter((address) => !voters.voteless.has(address))
  const given = addresses.flatMap((address) => {
    const server = ensemble.servers.get(address)
    return server === undefined ? [] : [[address, server] as const]
  })
  const leading = isStandalone(ensemble) ? 'standalone' : 'leader'
  const claims = given.flatMap(([address, server]) => (server.state === leading ? [{ address, server }] : []))
  const valid = claims.filter(({ server }) => !isOutdated(epochOf(server), newest, now))
  const leader = leading === 'standalone' ? valid[0] : bestOf(valid)
  const count = (holds: (server: EnsembleServer) => boolean): number => given.filter(([, one]) => holds(one)).length
  const isDown = ({ state }: EnsembleServer): boolean => state === 'unreachable' || state === 'hung'
  const mayLive = ({ failure }: EnsembleServer): boolean => failure !== undefined && notDead.includes(failure.reason)
  const followers = count(({ state }) => state === 'follower')
  const dead = count((one) => isDown(one) && !mayLive(one))
  const unasked = count((one) => isDown(one) && mayLive(one))
  const synced = leader && syncedVoters(leader.server)
  const majority = majorityOf(voters.count)
  return {
    majority,
    count: voters.count,
    leader,
    claims: leading === 'standalone' ? 1 : claims.length,
    synced,
    tooFewFollow: synced !== undefined && 1 + synced < majority,
    followers,
    idle: given.length - Number(leader !== undefined) - followers - dead - unasked,
    dead,
    unknown: unasked + addresses.length - given.length,
    unseen: leading === 'standalone' ? 0 : Math.max(0, voters.count - addresses.length),
  }
}

/** The newest epoch; then whoever has more followers. */
function bestOf(claims: readonly Claim[]): Claim | undefined {
  const rank = ({ server }: Claim): readonly [number, number] => [epochOf(server) ?? -1, syncedVoters(server) ?? 0]
  return [...claims].sort((a, b) => rank(b)[0] - rank(a)[0] || rank(b)[1] - rank(a)[1])[0]
}

/** Servers that follow without a vote (those about to join) are told apart since 3.6. */
function syncedVoters({ syncedFollowers, numbers }: EnsembleServer): number | undefined {
  if (syncedFollowers === undefined) return undefined
  return Math.max(0, syncedFollowers - (numbers.get('synced_non_voting_followers') ?? 0))
}

export function epochOf({ zxid }: EnsembleServer): number | undefined {
  return zxid === undefined ? undefined : Number(BigInt.asUintN(64, zxid) >> 32n)
}
