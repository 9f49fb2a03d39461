import type { Severity } from '../../model/log-event.ts'
import type { KeptEvent } from '../../model/log-facts.ts'
import { allRules } from '../../sources/logs/rules/all.ts'
import type { AnalyzeOptions } from './options.ts'

/** More would bury the first. */
const most = 20
const meanings: ReadonlyMap<string, string> = new Map(allRules.map(({ event, meaning }) => [event, meaning]))

export interface Moment {
  readonly event: KeptEvent
  readonly meaning: string
}

export interface Moments {
  /** In order of time. */
  readonly moments: readonly Moment[]
  /** What was left out, for want of room. */
  readonly more: number
}

const weights: readonly Severity[] = ['critical', 'major', 'minor', 'info', 'noise']

/**
 * Where no loss can be told: what the lines say by themselves, so that nobody takes silence for health. Of many the gravest
 * are told: the first ones would be a start's.
 */
export function momentsOf(
  events: readonly KeptEvent[],
  { from = -Infinity, to = Infinity }: Pick<AnalyzeOptions, 'from' | 'to'>,
): Moments {
  const telling = events.filter(
    ({ at, severity, class: kind }) =>
      at >= from &&
      at <= to &&
      (severity === 'critical' || severity === 'major' || severity === 'minor' || kind === 'failover'),
  )
  const kept = weights.flatMap((weight) => telling.filter(({ severity }) => severity === weight)).slice(0, most)
  return {
    moments: kept
      .sort((a, b) => a.at - b.at)
      .map((event) => ({ event, meaning: meanings.get(event.event) ?? event.event })),
    more: telling.length - kept.length,
  }
}
