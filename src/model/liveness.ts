import type { Failure } from './result.ts'

/** What a broker answers when asked for the cluster without its topics. */
export interface BrokerView {
  readonly clusterId: string | undefined
  /** ZooKeeper mode: whom it holds for the controller, -1 for none. KRaft: some live broker, of no use. */
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
}

/** The cluster that most answering targets belong to: an address may have been taken over by another cluster's broker. */
export function prevailingCluster(liveness: Liveness): string | undefined {
  const votes = new Map<string, number>()
  for (const state of liveness.targets.values()) {
    const id = state.up ? state.view.clusterId : undefined
    if (id !== undefined) votes.set(id, (votes.get(id) ?? 0) + 1)
  }
  let best: string | undefined
  for (const [id, count] of votes) if (best === undefined || count > (votes.get(best) ?? 0)) best = id
  return best
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
