import type { KraftQuorum, QuorumAnswer } from '../model/kraft-quorum.ts'
import { bestOf, descriptions, isSameReign, lags, nextProgress, servingOf, type Progress } from './kraft-voters.ts'
import { isElection, leaderlessMs, majorityOf, since, unknownQuorum, type QuorumVerdict, type Reign } from './quorum.ts'

/** What is remembered of a KRaft quorum from look to look. `mono` ms. */
export interface KraftMemory {
  /** As last described; undefined before the first description. */
  readonly voters: number | undefined
  /** Of `--kafka.controller`. */
  readonly controllers: number
  /** Controllers, by `host:port`, that ever spoke for the quorum: described it, or said that they do not lead it. */
  readonly heard: ReadonlySet<string>
  /** Voters that served by the last description with a majority, beyond the controllers that answered then: alive out of reach. */
  readonly hidden: number
  readonly newest: Reign | undefined
  readonly elections: number
  /** Since when a majority of the controllers answers and none leads. */
  readonly leaderlessSince: number | undefined
  /** Since when nobody describes the quorum. */
  readonly undescribedSince: number | undefined
  /** Since when the leader has heard from too few voters. */
  readonly doubtSince: number | undefined
  readonly progress: Progress
  readonly falseClaims: number
  /** Nobody ever spoke for it, and nobody needs it: before a migration. */
  readonly isAhead: boolean
}

/** A new leader has heard from nobody yet; a look beside a dead controller takes 1 s, and this outlasts two of them. */
const doubtMs = 2_500
/** Asked through a broker the quorum is silent for as long as the broker waits for the new leader: after a cut up to 27 s. */
const brokerSilenceMs = 30_000

/** `isNeeded`: Kafka may not do without it. */
export function nextKraft(
  before: KraftMemory | undefined,
  quorum: KraftQuorum,
  isNeeded: boolean,
  now: number,
): KraftMemory {
  const described = descriptions(quorum)
  const best = bestOf(described, before?.newest, now)
  const reign = best && { leader: String(best.leaderId), epoch: best.leaderEpoch, at: now }
  const progress = before?.progress ?? new Map<number, never>()
  const heard = nextHeard(before?.heard, quorum)
  const memory: KraftMemory = {
    voters: best?.voters.length ?? before?.voters,
    controllers: quorum.controllers.size,
    heard,
    hidden: before?.hidden ?? 0,
    newest: reign ?? before?.newest,
    elections: (before?.elections ?? 0) + Number(reign !== undefined && isElection(before?.newest, reign)),
    leaderlessSince: undefined,
    undescribedSince: since(best === undefined, before?.undescribedSince, now),
    doubtSince: undefined,
    progress: best === undefined ? progress : nextProgress(progress, best, now),
    falseClaims: described.filter((one) => !isSameReign(one, best)).length,
    isAhead: !isNeeded && heard.size === 0,
  }
  const majority = majorityOf(votersOf(memory) ?? Infinity)
  const serving = best && servingOf(best, memory.progress, now)
  const tooFew = serving !== undefined && serving < majority
  const leaderless = best === undefined && isLeaderless(memory, quorum, majority)
  return {
    ...memory,
    hidden: serving === undefined || tooFew ? memory.hidden : Math.max(0, serving - countSpeaking(quorum)),
    leaderlessSince: since(leaderless, before?.leaderlessSince, now),
    doubtSince: since(tooFew, before?.doubtSince, now),
  }
}

/** `isReachable`: some broker answers, so that its silence on the quorum says something. `quorum` undefined: too old. */
export function judgeKraft(
  memory: KraftMemory,
  quorum: KraftQuorum | undefined,
  isReachable: boolean,
  now: number,
): QuorumVerdict {
  const voters = votersOf(memory)
  const majority = voters === undefined ? undefined : majorityOf(voters)
  const configured = { configuredVoters: voters, majority }
  if (quorum === undefined || memory.isAhead) return { ...unknownQuorum, ...configured }
  const best = bestOf(descriptions(quorum), memory.newest, now)
  if (best === undefined || majority === undefined) {
    const isLost = hasLost(memory, quorum, majority, isReachable, now)
    return {
      ...unknownQuorum,
      ...configured,
      servingVoters: isLost || memory.leaderlessSince !== undefined ? 0 : undefined,
      available: isLost ? false : undefined,
      leaderId: isLost || memory.leaderlessSince !== undefined ? -1 : undefined,
    }
  }
  const serving = servingOf(best, memory.progress, now)
  const isDoubtful = memory.doubtSince === undefined || now - memory.doubtSince < doubtMs
  const isLost = serving < majority && (!isDoubtful || tooFewLive(memory, quorum, majority))
  return {
    ...configured,
    servingVoters: serving,
    available: serving >= majority ? true : isLost ? false : undefined,
    leaderId: isLost ? -1 : best.leaderId,
    leader: isLost ? undefined : String(best.leaderId),
    epoch: isLost ? undefined : best.leaderEpoch,
    lag: isLost ? new Map() : lags(best),
  }
}

/** Whether the active controller itself was heard: it described the quorum, directly or through a broker. */
export function isDescribed(memory: KraftMemory, quorum: KraftQuorum | undefined, now: number): boolean {
  return quorum !== undefined && bestOf(descriptions(quorum), memory.newest, now) !== undefined
}

/** Nobody may describe it to this exporter's user, so that nothing is known. */
export function isRefused({ controllers, broker }: KraftQuorum): boolean {
  const answers = [...controllers.values(), ...(broker ? [broker] : [])]
  return answers.length === 0 || answers.every(({ kind }) => kind === 'refused')
}

function hasLost(
  memory: KraftMemory,
  quorum: KraftQuorum,
  majority: number | undefined,
  isReachable: boolean,
  now: number,
): boolean {
  const { leaderlessSince, undescribedSince, controllers } = memory
  if (controllers > 0 && majority !== undefined) {
    if (tooFewLive(memory, quorum, majority)) return true
    if (leaderlessSince !== undefined && now - leaderlessSince >= leaderlessMs) return true
  }
  // A broker that answers otherwise and not this; one that is gone says nothing of the quorum.
  const { broker } = quorum
  const waits = broker?.kind === 'not_leader' || (broker?.kind === 'silent' && isWaiting(broker))
  if (!isReachable || !waits) return false
  const first = broker.kind === 'silent' ? Math.min(broker.since, undescribedSince ?? now) : undescribedSince
  return first !== undefined && now - first >= brokerSilenceMs
}

/** Voters that were not given may be alive. */
function tooFewLive(memory: KraftMemory, quorum: KraftQuorum, majority: number): boolean {
  const { controllers } = memory
  return controllers > 0 && controllers - countDead(memory, quorum) + unseenVoters(memory) < majority
}

function unseenVoters(memory: KraftMemory): number {
  return Math.max(0, (votersOf(memory) ?? 0) - memory.controllers)
}

function isWaiting({ reason }: QuorumAnswer & { kind: 'silent' }): boolean {
  return reason === 'timeout' || reason === 'hung'
}

const notDead: readonly string[] = ['tls', 'auth', 'protocol']

/** Those that never spoke may be behind a firewall: as many of them live as a description knows to serve besides. */
function countDead(memory: KraftMemory, { controllers }: KraftQuorum): number {
  const { heard, hidden } = memory
  const gone = [...controllers].filter(([, one]) => one.kind === 'silent' && !notDead.includes(one.reason))
  const neverHeard = gone.filter(([address]) => !heard.has(address)).length
  return gone.length - Math.min(neverHeard, Math.max(0, hidden - unseenVoters(memory)))
}

function countSpeaking({ controllers }: KraftQuorum): number {
  return [...controllers.values()].filter(({ kind }) => kind !== 'silent').length
}

function nextHeard(before: KraftMemory['heard'] = new Set(), { controllers }: KraftQuorum): KraftMemory['heard'] {
  const anew = [...controllers].flatMap(([address, { kind }]) =>
    (kind === 'described' || kind === 'not_leader') && !before.has(address) ? [address] : [],
  )
  return anew.length === 0 ? before : new Set([...before, ...anew])
}

/** Those that do not lead may follow one that was not given, or that cannot be asked; of a quorum never described nobody knows. */
function isLeaderless(memory: KraftMemory, quorum: KraftQuorum, majority: number): boolean {
  const { voters, controllers } = memory
  const idle = [...quorum.controllers.values()].filter(({ kind }) => kind === 'not_leader').length
  return (
    voters !== undefined &&
    controllers >= voters &&
    idle >= majority &&
    idle + countDead(memory, quorum) === controllers
  )
}

/** The quorum's own list is the truth; controllers that were given may only be watching it. */
function votersOf({ voters, controllers }: KraftMemory): number | undefined {
  return voters ?? (controllers === 0 ? undefined : controllers)
}

/** Facts on which the voters described and the controllers given differ. */
export function countMismatches({ voters, controllers, falseClaims }: KraftMemory): number {
  const missing = voters === undefined || controllers === 0 ? 0 : Math.abs(voters - controllers)
  return falseClaims + missing
}
