import type { KeptEvent } from '../../model/log-facts.ts'
import { allRules } from '../../sources/logs/rules/all.ts'

/** More would bury the first. */
const most = 20
const meanings: ReadonlyMap<string, string> = new Map(allRules.map(({ event, meaning }) => [event, meaning]))

export interface Moment {
  readonly event: KeptEvent
  readonly meaning: string
}

/** Where no loss can be told: what the lines say by themselves, so that nobody takes silence for health. */
export function momentsOf(events: readonly KeptEvent[]): readonly Moment[] {
  const telling = events.filter(
    ({ severity, class: kind }) =>
      severity === 'critical' || severity === 'major' || severity === 'minor' || kind === 'failover',
  )
  return telling.slice(0, most).map((event) => ({ event, meaning: meanings.get(event.event) ?? event.event }))
}
