/** What each kind of coordinator can still do, as the drill knows it: by what was done to its members and by their own words. */
import { isUnitDead, type Truth, type UnitState } from '../truth.ts'
import { activeWords, controllersPrint, fetching, type ControllersTruth } from './controllers.ts'
import { leaderOf, majorityOf, type EnsembleTruth } from './ensemble.ts'
import type { ServerWords } from './zookeeper-sampler.ts'
import { epochOf, type Mode } from './words.ts'

export type QuorumKind = 'zookeeper' | 'kraft'

export interface QuorumTruth {
  readonly kind: QuorumKind
  readonly voters: number
  /** From those that can take part to those that still call themselves part of it: a peer that is cut off is missed after seconds. */
  readonly serving: { readonly from: number; readonly to: number }
  /** Undefined: lost by what was done, but its members have not noticed; or between two leaders. Either may be shown. */
  readonly available: boolean | undefined
  /** -1: nobody leads. Several: either may be shown. */
  readonly leaders: readonly number[]
  readonly epoch: number | undefined
}

const TAKING_PART: readonly Mode[] = ['leader', 'follower']

function servingOf(said: ReadonlyMap<number, ServerWords>, leader: number): number {
  const synced = said.get(leader)?.synced
  if (synced !== undefined) return synced + 1
  return [...said.values()].filter(({ mode }) => TAKING_PART.includes(mode)).length
}

function zookeeperQuorum(ensemble: EnsembleTruth, states: ReadonlyMap<number, UnitState>): QuorumTruth {
  const voters = ensemble.addresses.size
  const able = [...states.values()].filter((state) => !isUnitDead(state)).length
  const base = { kind: 'zookeeper', voters } as const
  const leader = leaderOf(ensemble)
  const isPossible = able >= majorityOf(voters)
  const claims = [...ensemble.said.values()].filter(({ mode }) => TAKING_PART.includes(mode)).length
  if (leader === undefined) {
    // A follower of a leader that is paused or cut off goes on for seconds, and so does one that has just lost the majority.
    const isOver = !isPossible && claims === 0
    return {
      ...base,
      serving: { from: 0, to: isOver ? 0 : claims + 1 },
      available: isOver ? false : undefined,
      leaders: isOver ? [-1] : [-1, ...ensemble.addresses.keys()],
      epoch: undefined,
    }
  }
  const to = servingOf(ensemble.said, leader)
  const zxid = ensemble.said.get(leader)?.zxid
  return {
    ...base,
    serving: { from: isPossible ? Math.min(able, to) : 0, to },
    available: isPossible ? true : undefined,
    leaders: isPossible ? [leader] : [leader, -1],
    epoch: zxid === undefined ? undefined : epochOf(zxid),
  }
}

/** A leader that has lost its majority resigns after seconds; until then it describes the quorum as before. */
function kraftQuorum(controllers: ControllersTruth, states: ReadonlyMap<number, UnitState>): QuorumTruth {
  const voters = controllers.addresses.size
  const able = [...states.values()].filter((state) => !isUnitDead(state)).length
  const isPossible = able >= majorityOf(voters)
  const active = activeWords(controllers)
  const base = { kind: 'kraft', voters } as const
  if (active === undefined) {
    const anybody = [-1, ...controllers.addresses.keys()]
    return isPossible
      ? { ...base, serving: { from: 0, to: able }, available: undefined, leaders: anybody, epoch: undefined }
      : { ...base, serving: { from: 0, to: 0 }, available: false, leaders: [-1], epoch: undefined }
  }
  const to = fetching(active).length
  return {
    ...base,
    serving: { from: isPossible ? Math.min(able, to) : 0, to },
    available: isPossible ? true : undefined,
    leaders: isPossible ? [active.leader] : [active.leader, -1],
    epoch: active.epoch,
  }
}

/** Every coordinator that is watched; none in a test that has no cluster. */
export function quorumsOf({ ensemble, zookeepers, controllers, voterStates }: Truth): readonly QuorumTruth[] {
  return [
    ...(ensemble === undefined ? [] : [zookeeperQuorum(ensemble, zookeepers)]),
    ...(controllers === undefined ? [] : [kraftQuorum(controllers, voterStates)]),
  ]
}

/** Whether anything can fail over; by the units' states where no coordinator is watched. Undefined: either may be shown. */
export function coordinated(truth: Truth): boolean | undefined {
  const quorums = quorumsOf(truth)
  if (quorums.length === 0) return truth.voters === undefined && able(truth) >= majorityOf(truth.zookeepers.size)
  if (quorums.some(({ available }) => available === false)) return false
  return quorums.every(({ available }) => available === true) ? true : undefined
}

function able({ zookeepers }: Truth): number {
  return [...zookeepers.values()].filter((state) => state === 'up').length
}

/** Changes with anything that a stage's expectations on coordinators and sessions rest on. */
export function coordinatorsPrint(truth: Truth): readonly unknown[] {
  const { ensemble, controllers } = truth
  if (controllers !== undefined) return controllersPrint(controllers)
  if (ensemble === undefined) return []
  const modes = [...ensemble.said].sort(([a], [b]) => a - b).map(([id, { mode, synced }]) => [id, mode, synced])
  const held = [...ensemble.held].map(([broker, { session }]) => [broker, session, ensemble.connections.get(session)])
  return [modes, held.sort(), ensemble.ends.length, ensemble.epoch]
}
