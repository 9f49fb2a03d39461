import { addressText, type Address } from './address.ts'
import type { Failure } from './result.ts'

/** What a broker answers when asked for the cluster without its topics. */
export interface BrokerView {
  readonly clusterId: string | undefined
  /** ZooKeeper mode: whom it holds for the controller, -1 for none, or in a migration. KRaft: some live broker, of no use. */
  readonly controllerId: number
  /** Ids of the brokers it holds registered, ascending. */
  readonly brokerIds: readonly number[]
  readonly kraft: boolean
}

/** The newest word on one address. A first silence after an answer is only a doubt and changes nothing. */
export type TargetState =
  | {
      readonly up: true
      readonly view: BrokerView
      /** `mono` ms of its newest return from being down; undefined if it was never seen down. */
      readonly returnedAt: number | undefined
    }
  | { readonly up: false; readonly failure: Failure }

/** Every address probed, configured seeds and expected brokers alike, that has been judged at least once. */
export interface Liveness {
  /** `host:port` -> its state. */
  readonly targets: ReadonlyMap<string, TargetState>
  /** The cluster that is watched, once known: see `watchedCluster`. */
  readonly cluster?: string | undefined
}

/**
 * The cluster that is watched. An address may be taken over by another cluster's broker, which must not be taken for ours,
 * least of all while all of ours are down; so the cluster stays the one that it was until more than half of the configured
 * seeds answer for another: then it was set up anew.
 */
export function watchedCluster(
  known: string | undefined,
  seeds: readonly string[],
  targets: Liveness['targets'],
): string | undefined {
  const named = mostNamed([...targets.values()])
  if (known === undefined) return named
  const states = seeds.map((seed) => targets.get(seed))
  const other = mostNamed(states)
  const votes = states.filter((state) => state?.up === true && state.view.clusterId === other).length
  return other !== undefined && votes > seeds.length / 2 ? other : known
}

/** The watched cluster, by its targets alone where nothing is remembered. */
export function prevailingCluster({ cluster, targets }: Liveness): string | undefined {
  return cluster ?? mostNamed([...targets.values()])
}

/**
 * What the broker at an address says, if it answers for the watched cluster. A broker of another cluster behind a re-used
 * address is no answer from this one.
 */
export function answerOf(liveness: Liveness | undefined, address: Address | string): BrokerView | undefined {
  if (liveness === undefined) return undefined
  const state = liveness.targets.get(typeof address === 'string' ? address : addressText(address))
  return state?.up === true && state.view.clusterId === prevailingCluster(liveness) ? state.view : undefined
}

/** Every answer from the watched cluster, by address. */
export function answersOf(liveness: Liveness | undefined): ReadonlyMap<string, BrokerView> {
  if (liveness === undefined) return new Map()
  const cluster = prevailingCluster(liveness)
  return new Map(
    [...liveness.targets].flatMap(([address, state]): [string, BrokerView][] =>
      state.up && state.view.clusterId === cluster ? [[address, state.view]] : [],
    ),
  )
}

/** undefined: nobody answers. */
export function modeOf(liveness: Liveness | undefined): 'zookeeper' | 'kraft' | undefined {
  const answers = [...answersOf(liveness).values()]
  if (answers.length === 0) return undefined
  return answers.some(({ kraft }) => kraft) ? 'kraft' : 'zookeeper'
}

/** Whether a broker in ZooKeeper mode is among those that answer; `before`: nobody does. */
export function hasZookeeperBrokers(before: boolean, liveness: Liveness | undefined): boolean {
  const answers = [...answersOf(liveness).values()]
  return answers.length === 0 ? before : answers.some(({ kraft }) => !kraft)
}

function mostNamed(states: readonly (TargetState | undefined)[]): string | undefined {
  const votes = new Map<string, number>()
  for (const state of states) {
    const id = state?.up === true ? state.view.clusterId : undefined
    if (id !== undefined) votes.set(id, (votes.get(id) ?? 0) + 1)
  }
  let best: string | undefined
  for (const [id, count] of votes) if (best === undefined || count > (votes.get(best) ?? 0)) best = id
  return best
}

/** The same view where the controller it names is no more than some live broker. */
export function namesNobody(view: BrokerView): BrokerView {
  return view.controllerId === -1 ? view : { ...view, controllerId: -1 }
}

export function sameView(a: BrokerView, b: BrokerView): boolean {
  return (
    a.clusterId === b.clusterId &&
    a.kraft === b.kraft &&
    (a.kraft || a.controllerId === b.controllerId) &&
    a.brokerIds.length === b.brokerIds.length &&
    a.brokerIds.every((id, i) => id === b.brokerIds[i])
  )
}
