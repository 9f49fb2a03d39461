/** Facts on which two sources differ, by kind. */
export type DisagreementKind = 'leader' | 'controller' | 'registration' | 'quorum' | 'topics'

interface Difference {
  readonly count: number
  /** `mono` ms since when it is above 0. */
  readonly since: number
}

export type Disagreements = Readonly<Partial<Record<DisagreementKind, Difference>>>

export const noDisagreements: Disagreements = {}

/** Sources look one after another, so what changes between two looks differs for a moment without being a contradiction. */
const settleMs = 1_000

/** Takes newly counted kinds in; the others stay. */
export function nextDisagreements(
  before: Disagreements,
  counted: Readonly<Partial<Record<DisagreementKind, number>>>,
  now: number,
): Disagreements {
  const next: Partial<Record<DisagreementKind, Difference>> = { ...before }
  for (const [kind, count] of Object.entries(counted) as [DisagreementKind, number][]) {
    const was = before[kind]
    next[kind] = { count, since: was !== undefined && was.count > 0 ? was.since : now }
  }
  return next
}

/** The count of a kind, once it has lasted; undefined if it was never counted. */
export function settledCount(difference: Difference | undefined, now: number, afterMs = settleMs): number | undefined {
  if (difference === undefined) return undefined
  return now - difference.since >= afterMs ? difference.count : 0
}
