/** What a scrape says of the logs. */
import type { Metrics } from '../metrics.ts'
import type { EventKey } from './written.ts'

export function shownEvents(metrics: Metrics): ReadonlyMap<EventKey, number> {
  return new Map(
    metrics
      .all('kafka_ha_log_events_total')
      .map(({ labels: { component = '', event = '' }, value }) => [`${component}/${event}` as EventKey, value]),
  )
}

/** Of all components. */
export function shownLevels(metrics: Metrics): ReadonlyMap<string, number> {
  const levels = new Map<string, number>()
  for (const {
    labels: { level = '' },
    value,
  } of metrics.all('kafka_ha_log_lines_total'))
    levels.set(level, (levels.get(level) ?? 0) + value)
  return levels
}

export function shownOf(
  metrics: Metrics,
  family: 'bytes_total' | 'rotations_total' | 'truncations_total',
  file: string,
): number {
  return metrics.value(`kafka_ha_log_${family}`, { file }) ?? 0
}

/** One line for all that was counted between two scrapes. */
export function logChanges(before: Metrics | undefined, after: Metrics): string[] {
  if (before === undefined) return []
  const old = shownEvents(before)
  const more = [...shownEvents(after)]
    .map(([key, count]) => ({ event: key.split('/')[1] ?? '', count: count - (old.get(key) ?? 0) }))
    .filter(({ count }) => count > 0)
    .map(({ event, count }) => (count === 1 ? event : `${count} ${event}`))
  return more.length === 0 ? [] : [`logs: ${more.join(', ')}`]
}
