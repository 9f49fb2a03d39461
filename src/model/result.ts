/** Why a target gave no usable answer; the values of the label `reason` of `kafka_ha_broker_down_reason`. */
export const failureReasons = ['refused', 'closed', 'timeout', 'no_route', 'hung', 'tls', 'auth', 'protocol'] as const

export type FailureReason = (typeof failureReasons)[number]

export interface Failure {
  readonly reason: FailureReason
  /** For people, in the log; never a secret. */
  readonly detail: string
}

/** A failure is a value: nothing below `sources/` is reported by throwing. */
export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: Failure }

export function success<T>(value: T): Result<T> {
  return { ok: true, value }
}

/** Some details are a broker's own words, which may be as long as it likes. */
const longestDetail = 300

export function failed(reason: FailureReason, detail: string): { readonly ok: false; readonly failure: Failure } {
  const short = detail.length > longestDetail ? `${detail.slice(0, longestDetail)}...` : detail
  return { ok: false, failure: { reason, detail: short } }
}
