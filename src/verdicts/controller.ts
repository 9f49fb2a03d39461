import { addressText } from '../model/address.ts'
import { answersOf, type BrokerView, type Liveness } from '../model/liveness.ts'
import type { Roster } from '../model/roster.ts'
import type { View } from '../model/view.ts'
import type { BrokerVerdicts } from './brokers.ts'
import { kafkasQuorum, kraftControllerUp, type Quorums } from './quorums.ts'

export interface Controller {
  /** The id that most answering brokers name, KRaft: the quorum's leader; -1 when none is named, undefined: not known (KRaft). */
  readonly id: number | undefined
  /** Named and answering, with a quorum behind it. */
  readonly up: boolean
  /** Controller id -> answering brokers that name it. More than one = split view. */
  readonly views: ReadonlyMap<number, number>
}

/** ZooKeeper mode: whom the brokers name. undefined in KRaft mode, where the id that brokers give is that of any live broker. */
export function judgeController(
  roster: Roster,
  liveness: Liveness | undefined,
  brokers: BrokerVerdicts,
  /** Whom the merged metadata names: settles a tie. */
  named: number | undefined,
): Controller | undefined {
  const views = answeringViews(roster, liveness)
  if (views.some(({ kraft }) => kraft)) return undefined
  const votes = new Map<number, number>()
  for (const { controllerId } of views) {
    if (controllerId >= 0) votes.set(controllerId, (votes.get(controllerId) ?? 0) + 1)
  }
  const weight = (id: number): number => (votes.get(id) ?? 0) + (id === named ? 0.5 : 0)
  const [id = -1] = [...votes.keys()].sort((a, b) => weight(b) - weight(a) || a - b)
  return { id, up: brokers.get(id)?.state === 'up', views: votes }
}

/** Brokers that differ from the others in what they hold, each kind counted as metrics.md's disagreements do. */
export function countViewDisagreements(
  roster: Roster,
  liveness: Liveness,
  controller: Controller | undefined,
): { readonly controller: number; readonly registration: number } {
  const views = answeringViews(roster, liveness)
  const registered = new Map<number, number>()
  for (const { brokerIds } of views) for (const id of brokerIds) registered.set(id, (registered.get(id) ?? 0) + 1)
  return {
    controller:
      controller === undefined ? 0 : views.filter(({ controllerId }) => controllerId !== controller.id).length,
    registration: [...registered.values()].filter((count) => count < views.length).length,
  }
}

/**
 * One view a broker: seeds that are brokers under another name are not counted twice. Where no broker is known, or none
 * answers at its advertised address, the seeds'.
 */
export function answeringViews(roster: Roster, liveness: Liveness | undefined): readonly BrokerView[] {
  const answers = answersOf(liveness)
  const addresses = [...roster.values()].flatMap(({ address }) => (address ? [addressText(address)] : []))
  const ofBrokers = [...new Set(addresses)].flatMap((address) => answers.get(address) ?? [])
  return ofBrokers.length > 0 ? ofBrokers : [...answers.values()]
}

/** Without a quorum whoever is named as the controller controls nothing. */
export function controllerOf(
  mode: 'zookeeper' | 'kraft' | undefined,
  named: Controller | undefined,
  quorums: Quorums,
  view: View,
  liveness: Liveness | undefined,
  nowMs: number,
): Controller | undefined {
  const { leaderId: id } = kafkasQuorum(quorums.verdicts, mode)
  if (mode !== 'kraft') return named && { ...named, up: named.up && !(mode !== undefined && quorums.lost.has(mode)) }
  const up = kraftControllerUp(quorums, view, liveness, nowMs)
  return up === undefined ? undefined : { id, up, views: new Map() }
}

export interface ControllerChanges {
  readonly last: number | undefined
  readonly count: number
}

/** A controller that was not known in between is no change. */
export function nextControllerChanges(
  { last, count }: ControllerChanges,
  controller: Controller | undefined,
  isAnew: boolean,
): ControllerChanges {
  if (controller?.id === undefined || controller.id < 0) return { last, count }
  return { last: controller.id, count: isAnew || last === undefined || last === controller.id ? count : count + 1 }
}
