import type { Labels, Series } from './exposition.ts'
import type { Metrics } from './metrics.ts'
import { listed } from './timeline.ts'

/** Of no interest second by second: its own costs and times, and what changes without anything having happened. */
const IGNORED =
  /^(process_|nodejs_|kafka_ha_log_)|_requests_total$|_errors_total$|duration|last_success|build_info|broker_config$/

/** More than any failover takes: a start, or a whole cluster that appears at once. */
const MOST_LINES = 40

function watched({ family, labels }: Series): boolean {
  if (IGNORED.test(family) || !family.startsWith('kafka_')) return false
  return !(labels['topic'] === '__consumer_offsets' && family.endsWith('_offset'))
}

/** A partition is a place in a list; whatever else such a series is labelled with belongs to the kind of change. */
function split(labels: Labels): { kind: string; member: string } {
  const { topic, partition, ...rest } = labels
  const others = Object.entries(rest)
    .map(([name, value]) => `${name}=${value}`)
    .join(',')
  if (topic === undefined) return { kind: '', member: others }
  const member = partition === undefined ? topic : `${topic}/${partition}`
  return { kind: others === '' ? '' : `{${others}}`, member }
}

function shown(series: Series | undefined): string {
  if (series === undefined) return 'absent'
  // That a time was set is news, its digits are not.
  return series.family.endsWith('_timestamp_seconds') ? 'set' : String(series.value)
}

/** One line for each family and kind of change between two scrapes. */
export function metricChanges(before: Metrics | undefined, after: Metrics): string[] {
  if (before === undefined) return [`${after.exposition.series.size} series`]
  const old = before.exposition.series
  const now = after.exposition.series
  const groups = new Map<string, string[]>()
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const was = old.get(key)
    const is = now.get(key)
    const either = is ?? was
    if (either === undefined || !watched(either) || shown(was) === shown(is)) continue
    // A topic that is written to: that it has an offset, or none, is news.
    if (either.family.endsWith('_current_offset') && was !== undefined && is !== undefined) continue
    const { kind, member } = split(either.labels)
    const what = `${either.family}${kind} ${shown(was)} -> ${shown(is)}`
    groups.set(what, [...(groups.get(what) ?? []), ...(member === '' ? [] : [member])])
  }
  if (groups.size > MOST_LINES) return [`${groups.size} families and kinds of change, now ${now.size} series`]
  return [...groups].map(([what, labels]) => (labels.length === 0 ? what : `${what} {${listed(labels)}}`))
}
