import { answersOf, type Liveness } from '../model/liveness.ts'
import type { FactName, View } from '../model/view.ts'
import { countMismatches, isDescribed, isRefused, judgeKraft, nextKraft, type KraftMemory } from './quorum-kraft.ts'
import { sameQuorum, unknownQuorum, type QuorumKind, type QuorumVerdict, type QuorumVerdicts } from './quorum.ts'
import { judgeZookeeper, nextZookeeper, type ZookeeperMemory } from './quorum-zookeeper.ts'

/** What is remembered of the coordinators; a kind that is not watched is undefined. */
export interface Quorums {
  readonly zookeeper: ZookeeperMemory | undefined
  readonly kraft: KraftMemory | undefined
  /** At the last step. */
  readonly verdicts: QuorumVerdicts
  /** Lost, and not seen to be back: while the voters return and nobody leads yet nothing fails over either. */
  readonly lost: ReadonlySet<QuorumKind>
  /** Which servers, controllers and brokers answered, and as what. */
  readonly states: string
}

export const noQuorums: Quorums = {
  zookeeper: undefined,
  kraft: undefined,
  verdicts: new Map(),
  lost: new Set(),
  states: '',
}

export interface QuorumContext {
  /** Of Kafka's brokers. */
  readonly mode: 'zookeeper' | 'kraft' | undefined
  /** Whose quorum decides whether Kafka fails over. */
  readonly coordinator: 'zookeeper' | 'kraft' | undefined
  readonly liveness: Liveness | undefined
  /** Another cluster answers than before: its quorum is another, too. */
  readonly isAnew: boolean
}

export function nextQuorums(
  before: Quorums,
  view: View,
  arrived: FactName,
  context: QuorumContext,
  now: number,
): Quorums {
  const ensemble = view.zookeeper?.value
  const zookeeper =
    ensemble !== undefined && (arrived === 'zookeeper' || arrived === 'znodes')
      ? nextZookeeper(before.zookeeper, ensemble, view.znodes?.value, now)
      : before.zookeeper
  const known = context.isAnew ? forgotten(before.kraft) : before.kraft
  const kraft = arrived === 'quorum' ? kraftOf(known, view, context, now) : known
  const next = { ...before, zookeeper, kraft }
  const verdicts = judgeQuorums(next, view, context.liveness, now)
  return { ...next, verdicts, lost: nextLost(before.lost, verdicts, view), states: statesOf(view) }
}

function nextLost(before: Quorums['lost'], verdicts: QuorumVerdicts, { zookeeper, quorum }: View): Quorums['lost'] {
  const isWatched = { zookeeper: zookeeper !== undefined, kraft: quorum !== undefined }
  const lost = [...verdicts].filter(([kind, { available }]) => {
    return available === false || (available === undefined && before.has(kind) && isWatched[kind])
  })
  return new Set(lost.map(([kind]) => kind))
}

/** At one moment: some verdicts come with time alone. */
export function judgeQuorums(
  { zookeeper, kraft }: Quorums,
  view: View,
  liveness: Liveness | undefined,
  now: number,
): QuorumVerdicts {
  const verdicts = new Map<QuorumKind, QuorumVerdict>()
  if (zookeeper !== undefined) verdicts.set('zookeeper', judgeZookeeper(zookeeper, view.zookeeper?.value, now))
  const isReachable = answersOf(liveness).size > 0
  if (kraft !== undefined) verdicts.set('kraft', judgeKraft(kraft, view.quorum?.value, isReachable, now))
  return verdicts
}

/** Whose quorum decides whether Kafka fails over. */
export function kafkasQuorum(verdicts: QuorumVerdicts, mode: QuorumContext['mode']): QuorumVerdict {
  return (mode && verdicts.get(mode)) ?? unknownQuorum
}

/** The active controller speaks: undefined where this exporter is not told. */
export function kraftControllerUp(
  { kraft, lost }: Quorums,
  view: View,
  liveness: Liveness | undefined,
  now: number,
): boolean | undefined {
  const quorum = view.quorum?.value
  if (kraft === undefined || (quorum !== undefined && isRefused(quorum))) return undefined
  if (lost.has('kraft')) return false
  // A description through a broker is worth no more than the broker: in a total outage it is what was.
  const direct = quorum && { ...quorum, broker: undefined }
  const isReachable = answersOf(liveness).size > 0
  if (isDescribed(kraft, isReachable ? quorum : direct, now)) return true
  if (!isReachable) return false
  if (quorum === undefined) return undefined
  // Through a broker one question in vain is none: it may be that broker. Controllers that never spoke are as good as none.
  const isThroughBrokers = kraft.heard.size === 0 && kraft.voters !== undefined
  return isThroughBrokers && kraft.undescribedSince !== undefined && now - kraft.undescribedSince < brokerGraceMs
}

const brokerGraceMs = 5_000

/** Facts on which the coordinators' own members differ, or differ from the flags. */
export function countQuorumDisagreements({ zookeeper, kraft }: Quorums): number {
  const ofZookeeper = zookeeper === undefined ? 0 : zookeeper.falseClaims + zookeeper.voters.mismatches
  return ofZookeeper + (kraft === undefined ? 0 : countMismatches(kraft))
}

export function quorumsChanged(before: Quorums, after: Quorums): boolean {
  if (before.states !== after.states || before.verdicts.size !== after.verdicts.size) return true
  return [...after.verdicts].some(([kind, verdict]) => !sameQuorum(before.verdicts.get(kind), verdict))
}

/** Brokers of a ZooKeeper cluster are asked in vain: what they say is no quorum. */
function kraftOf(
  before: KraftMemory | undefined,
  { quorum }: View,
  { mode, coordinator, liveness }: QuorumContext,
  now: number,
): KraftMemory | undefined {
  if (quorum === undefined) return before
  const { controllers, broker } = quorum.value
  const isWatched = mode === 'kraft' || controllers.size > 0 || broker?.kind === 'described'
  // Before the first look at the brokers nobody knows; once none of them has answered it may be this one that is missing.
  const isNeeded = coordinator === 'kraft' || (coordinator === undefined && liveness !== undefined)
  return isWatched || before !== undefined ? nextKraft(before, quorum.value, isNeeded, now) : undefined
}

function forgotten(kraft: KraftMemory | undefined): KraftMemory | undefined {
  return kraft && { ...kraft, voters: undefined, newest: undefined, progress: new Map(), heard: new Set(), hidden: 0 }
}

/** A server that is down is down, whatever the reason: a dead host may alternate between two for days. */
function statesOf({ zookeeper, quorum }: View): string {
  const servers = [...(zookeeper?.value.servers ?? [])].map(([address, { state }]) => {
    return `${address} ${state === 'hung' ? 'unreachable' : state}`
  })
  const controllers = [...(quorum?.value.controllers ?? [])].map(([address, { kind }]) => `${address} ${kind}`)
  return [...servers, ...controllers, quorum?.value.broker?.kind ?? ''].join()
}
