/** What is known of the cluster without the exporter: what the drill did to it, and what its brokers themselves say. */
import type { Asked } from './asked.ts'
import type { ControllersTruth } from './coordinators/controllers.ts'
import type { EnsembleTruth } from './coordinators/ensemble.ts'
import type { Voters } from './coordinators/voters.ts'
import type { BrokerView } from './view.ts'

/** `stopping` and `starting`: nothing can be asserted of it. `up` does not mean that it answers yet. */
export type UnitState = 'up' | 'starting' | 'stopping' | 'stopped' | 'paused' | 'cut'

export interface Named {
  readonly leader: number
  readonly epoch: number
  /** When the first broker of the majority said so, in ms of the drill's clock. */
  readonly since: number
  readonly by: number
}

export interface Truth {
  /** id -> host:port of the cluster's brokers, running or not. */
  readonly addresses: ReadonlyMap<number, string>
  readonly states: ReadonlyMap<number, UnitState>
  readonly zookeepers: ReadonlyMap<number, UnitState>
  /** Undefined where no ZooKeeper server is asked. */
  readonly ensemble: EnsembleTruth | undefined
  /** Undefined with ZooKeeper. */
  readonly voters: Voters | undefined
  /** By voter id. */
  readonly voterStates: ReadonlyMap<number, UnitState>
  /** Undefined where no controller has been asked yet. */
  readonly controllers: ControllersTruth | undefined
  /** Brokers split from the majority: they answer, and what they say is not believed. */
  readonly zombies: ReadonlySet<number>
  /** The newest answer of each broker that answers. */
  readonly views: ReadonlyMap<number, BrokerView>
  /** The newest answer of any believed broker, however old. */
  readonly lastKnown: BrokerView | undefined
  readonly lastAnswerAt: number | undefined
  /** `topic/partition` -> leader. */
  readonly named: ReadonlyMap<string, Named>
  /** `topic/partition` -> the newest ISR of it that was not empty. */
  readonly lastIsr: ReadonlyMap<string, readonly number[]>
  /** What the drill has asked for besides. */
  readonly asked: Asked
}

const DEAD: readonly (UnitState | undefined)[] = ['stopped', 'paused', 'cut']

export function isUnitDead(state: UnitState | undefined): boolean {
  return DEAD.includes(state)
}

/** By what the drill did, not by who happens to be slow. */
export function isDead(truth: Truth, broker: number): boolean {
  return isUnitDead(truth.states.get(broker))
}

export function answers(truth: Truth, broker: number): boolean {
  return truth.states.get(broker) === 'up' && truth.views.has(broker)
}

export function believed(truth: Truth): readonly BrokerView[] {
  return [...truth.views].filter(([id]) => !truth.zombies.has(id) && answers(truth, id)).map(([, view]) => view)
}

/** A believed broker names another leader of the partition, with a newer epoch: others, and this drill, hear of it later. */
export function isNewer(truth: Truth, key: string, leader: number): boolean {
  const epoch = truth.named.get(key)?.epoch ?? -1
  return believed(truth).some(({ partitions }) => {
    const said = partitions.get(key)
    return said?.leader === leader && said.epoch > epoch
  })
}

/**
 * The one view of all believed brokers; undefined while they differ, or while a broker is neither dead nor answering.
 * With every broker dead it is the last one anybody gave.
 */
export function agreedView(truth: Truth): BrokerView | undefined {
  for (const id of truth.addresses.keys()) if (!isDead(truth, id) && !answers(truth, id)) return undefined
  const [first, ...others] = believed(truth)
  if (first === undefined) return truth.lastKnown
  return others.every((view) => view.text === first.text) ? first : undefined
}

export type Usability = 'live' | 'leaderless' | 'stopped' | 'silent' | 'unknown'

/** Whether a client could use the partition's named leader: `silent` = paused or cut. */
export function usability(truth: Truth, leader: number): Usability {
  if (leader === -1) return 'leaderless'
  if (answers(truth, leader)) return 'live'
  if (!isDead(truth, leader)) return 'unknown'
  return truth.states.get(leader) === 'stopped' ? 'stopped' : 'silent'
}

/** How many partitions are in one of these states. */
export function partitionsBy(truth: Truth, ...states: readonly Usability[]): number {
  return [...truth.named.values()].filter(({ leader }) => states.includes(usability(truth, leader))).length
}

/** Partitions whose leader answers while a broker that their ISR names is dead: acks=all waits for it. */
export function unreachableIsrs(truth: Truth): number {
  const view = believed(truth)[0]
  return [...(view?.partitions.values() ?? [])].filter(({ leader, isr }) => {
    return answers(truth, leader) && isr.some((id) => isDead(truth, id))
  }).length
}
