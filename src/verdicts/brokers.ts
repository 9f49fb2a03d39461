import { addressText } from '../model/address.ts'
import { answerOf, type Liveness, type TargetState } from '../model/liveness.ts'
import type { FailureReason } from '../model/result.ts'
import type { KnownBroker, Roster } from '../model/roster.ts'

/**
 * Whether an expected broker answers this exporter. `unknown`: never judged yet, which lasts for the first moments of a new
 * broker only.
 */
export type BrokerVerdict =
  | { readonly state: 'up' }
  /** Without a reason: no address to ask is known. */
  | { readonly state: 'down'; readonly reason: FailureReason | undefined }
  | { readonly state: 'unknown' }

export type BrokerVerdicts = ReadonlyMap<number, BrokerVerdict>

/**
 * Source: liveness, however old: what was last known of a broker stands until something newer is, `before` until the address
 * that it has moved to was probed.
 */
export function judgeBrokers(
  roster: Roster,
  liveness: Liveness | undefined,
  before: BrokerVerdicts = new Map(),
): BrokerVerdicts {
  const ids = [...roster.keys()].sort((a, b) => a - b)
  return new Map(ids.map((id) => [id, judge(roster.get(id), liveness) ?? before.get(id) ?? { state: 'unknown' }]))
}

function judge(broker: KnownBroker | undefined, liveness: Liveness | undefined): BrokerVerdict | undefined {
  if (broker?.address === undefined) return { state: 'down', reason: undefined }
  const target = liveness?.targets.get(addressText(broker.address))
  if (target === undefined) return undefined
  return answerOf(liveness, broker.address) ? { state: 'up' } : { state: 'down', reason: reasonOf(target) }
}

function reasonOf(target: TargetState): FailureReason {
  return target.up ? 'protocol' : target.failure.reason
}
