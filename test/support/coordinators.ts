import type { Ensemble, EnsembleMember, EnsembleServer, Membership, ServerState } from '../../src/model/ensemble.ts'
import type { KraftQuorum, QuorumAnswer, QuorumDescription, Replica } from '../../src/model/kraft-quorum.ts'
import { failed, type FailureReason } from '../../src/model/result.ts'
import type { Znodes } from '../../src/model/znodes.ts'

/** One server as a test writes it down: its state, and what else it tells. */
export function server(state: ServerState, more: Partial<EnsembleServer> = {}): EnsembleServer {
  return {
    state,
    failure: undefined,
    version: undefined,
    id: undefined,
    zxid: undefined,
    syncedFollowers: undefined,
    peerState: undefined,
    numbers: new Map(),
    omitted: 0,
    ruok: undefined,
    refused: new Set(),
    ...more,
  }
}

/** A zxid as ZooKeeper composes it. */
export function zxid(epoch: number, counter: number): bigint {
  return (BigInt(epoch) << 32n) | BigInt(counter)
}

export const leads = (syncedFollowers?: number, epoch = 5, counter = 100): EnsembleServer =>
  server('leader', { syncedFollowers, zxid: zxid(epoch, counter) })
export const follows = (epoch = 5, counter = 100): EnsembleServer => server('follower', { zxid: zxid(epoch, counter) })
export const idle = server('not_serving')
export const dead = (reason: FailureReason = 'refused'): EnsembleServer =>
  server(reason === 'hung' ? 'hung' : 'unreachable', { failure: failed(reason, 'says the test').failure })

/** `zk1:2181`, `zk2:2181`, ... in the order given. */
export function ensemble(...servers: readonly EnsembleServer[]): Ensemble {
  return {
    given: servers.map((_, i) => `zk${i + 1}:2181`),
    servers: new Map(servers.map((one, i) => [`zk${i + 1}:2181`, one])),
    memberships: new Map(),
  }
}

/** Participants 1 .. `voters` at hosts zk1, zk2, ..., then observers. */
export function membership(voters: number, observers = 0, version = 0n): Membership {
  const members = Array.from({ length: voters + observers }, (_, i): EnsembleMember => {
    const role = i < voters ? 'participant' : 'observer'
    return { id: i + 1, role, host: `zk${i + 1}`, client: undefined }
  })
  return { members, version }
}

export function znodes(more: Partial<Znodes> = {}): Znodes {
  return {
    server: 'zk1:2181',
    brokers: undefined,
    controller: undefined,
    controllerEpoch: undefined,
    topics: undefined,
    membership: undefined,
    session: { id: '0x100001905f70000', timeoutMs: 18_000 },
    ...more,
  }
}

/** A voter or observer; `fetchedMs` before the leader's now, undefined: not told. */
export function replica(id: number, logEndOffset: number, fetchedMs?: number): Replica {
  const at = fetchedMs === undefined ? undefined : leaderNow - fetchedMs
  return { id, logEndOffset, lastFetchMs: at, lastCaughtUpMs: at }
}

const leaderNow = 1_800_000_000_000

/** Led by its first voter. */
export function described(voters: readonly Replica[], leaderEpoch = 7, observers: readonly Replica[] = []) {
  const [leader = replica(1, 0)] = voters
  const quorum: QuorumDescription = {
    leaderId: leader.id,
    leaderEpoch,
    highWatermark: leader.logEndOffset,
    voters,
    observers,
  }
  return { kind: 'described', quorum } as const
}

export const notLeader: QuorumAnswer = { kind: 'not_leader' }
export const silent = (since: number, reason: FailureReason = 'timeout'): QuorumAnswer => ({
  kind: 'silent',
  reason,
  since,
})

/** `c1:9093`, `c2:9093`, ... in the order given. */
export function kraftQuorum(controllers: readonly QuorumAnswer[], broker?: QuorumAnswer): KraftQuorum {
  return {
    controllers: new Map(controllers.map((one, i) => [`c${i + 1}:9093`, one])),
    broker,
    fenced: undefined,
    metadataVersion: undefined,
  }
}
