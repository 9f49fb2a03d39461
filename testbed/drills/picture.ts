import type { Asked } from './asked.ts'
import type { ControllersTruth } from './coordinators/controllers.ts'
import type { Voters } from './coordinators/voters.ts'
import type { EnsembleTruth } from './coordinators/ensemble.ts'
import { coordinated, quorumsOf, type QuorumTruth } from './coordinators/quorums.ts'
import { agreedView, answers, isDead, type Truth, type UnitState } from './truth.ts'
import type { BrokerView, PartitionView } from './view.ts'

export type DownReason = 'refused' | 'closed' | 'timeout' | 'no_route' | 'hung'

export interface Offsets {
  readonly current: ReadonlyMap<string, number>
  readonly oldest: ReadonlyMap<string, number>
}

/** The truth of one settled stage, as the table of expected families reads it. */
export interface Picture {
  /** Undefined: no broker has ever answered. */
  readonly view: BrokerView | undefined
  /** Nobody has answered for longer than the sources' maximum age, so only the lasting families are left. */
  readonly aged: boolean
  /** The seeds: every broker of the cluster. */
  readonly addresses: ReadonlyMap<number, string>
  /** Brokers that cannot answer, with the reasons an observer may give. */
  readonly down: ReadonlyMap<number, readonly DownReason[]>
  /** Answering broker -> the controller it names. */
  readonly controllers: ReadonlyMap<number, number>
  /** Whether anything can fail over; undefined = either may be shown. */
  readonly coordinated: boolean | undefined
  readonly quorums: readonly QuorumTruth[]
  readonly zookeepers: ReadonlyMap<number, UnitState>
  readonly ensemble: EnsembleTruth | undefined
  readonly voterStates: ReadonlyMap<number, UnitState>
  /** Undefined with ZooKeeper. */
  readonly voters: Voters | undefined
  readonly controllersSay: ControllersTruth | undefined
  /** Drill ms. */
  readonly at: number
  readonly split: boolean
  readonly offsets: Offsets
  readonly asked: Asked
  /** `topic/partition` -> the newest ISR that was not empty. */
  readonly lastIsr: ReadonlyMap<string, readonly number[]>
  /** Unix seconds between which anything first seen in this drill must lie. */
  readonly window: { readonly from: number; readonly to: number }
}

const REASONS: Readonly<Record<string, readonly DownReason[]>> = {
  stopped: ['refused'],
  paused: ['hung'],
  // A cable that is out: silence at first, then the neighbour cache says EHOSTUNREACH.
  cut: ['timeout', 'no_route'],
}

/** Maximum age of the topology, with the tick that notices it. */
export const MAX_AGE_S = 16

/** Undefined while the truth is not settled. */
export function pictureOf(
  truth: Truth,
  now: { readonly at: number; readonly window: Picture['window'] },
  offsets: Offsets,
): Picture | undefined {
  const view = agreedView(truth)
  const ids = [...truth.addresses.keys()]
  const anyUp = ids.some((id) => answers(truth, id))
  if (view === undefined && (anyUp || !ids.every((id) => isDead(truth, id)))) return undefined
  const age = truth.lastAnswerAt === undefined ? Infinity : (now.at - truth.lastAnswerAt) / 1000
  return {
    view,
    aged: !anyUp && age > MAX_AGE_S,
    addresses: truth.addresses,
    down: new Map(
      ids.filter((id) => isDead(truth, id)).map((id) => [id, REASONS[truth.states.get(id) ?? ''] ?? []] as const),
    ),
    controllers: new Map(
      ids.filter((id) => answers(truth, id)).map((id) => [id, truth.views.get(id)?.controller ?? -1]),
    ),
    coordinated: coordinated(truth),
    quorums: quorumsOf(truth),
    zookeepers: truth.zookeepers,
    ensemble: truth.ensemble,
    voters: truth.voters,
    voterStates: truth.voterStates,
    controllersSay: truth.controllers,
    at: now.at,
    split: truth.zombies.size > 0,
    offsets,
    asked: truth.asked,
    lastIsr: truth.lastIsr,
    window: now.window,
  }
}

export function partitionsOf(picture: Picture): readonly PartitionView[] {
  return [...(picture.view?.partitions.values() ?? [])]
}

/** Named, but down. */
export function leaderUnreachable(picture: Picture, { leader }: PartitionView): boolean {
  return leader !== -1 && picture.down.has(leader)
}

export function isDown({ down }: Picture, broker: number): boolean {
  return down.has(broker)
}
