import type { Labels, Series } from './exposition.ts'
import type { Metrics } from './metrics.ts'
import { listed } from './timeline.ts'

/** Of no interest second by second: its own costs and times, and what changes without anything having happened. */
const IGNORED = /^(process_|nodejs_)|_requests_total$|_errors_total$|duration|last_success|build_info/

function watched({ family, labels }: Series): boolean {
  if (IGNORED.test(family) || !family.startsWith('kafka_')) return false
  return !(labels['topic'] === '__consumer_offsets' && family.endsWith('_offset'))
}

function shortLabels(labels: Labels): string {
  const { topic, partition, ...rest } = labels
  const place = topic === undefined ? [] : [partition === undefined ? topic : `${topic}/${partition}`]
  return [...place, ...Object.entries(rest).map(([name, value]) => `${name}=${value}`)].join(',')
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
    const what = `${either.family} ${shown(was)} -> ${shown(is)}`
    const labels = shortLabels(either.labels)
    groups.set(what, [...(groups.get(what) ?? []), ...(labels === '' ? [] : [labels])])
  }
  return [...groups].map(([what, labels]) => (labels.length === 0 ? what : `${what} {${listed(labels)}}`))
}
