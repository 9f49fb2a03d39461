import type { LogFile, Logs } from '../model/logs.ts'
import type { State } from '../store.ts'
import { mostRows, type Omitting } from './bounded.ts'
import { aggregation, counter, gauge, labelText, type Family, type Row } from './family.ts'

/** Each exporter follows logs of its own: those of a node, as a rule. */
const summed = 'Over several exporters: sum.'

/**
 * What the followed logs say. Counters stay while a disk hangs; what is said of files is as old as the newest look, and
 * absent when that is too old.
 */
export const logFamilies: readonly Family[] = [
  counter(
    'kafka_ha_log_events_total',
    `Lines that a rule knows, since this exporter started; the names are explained in docs/log-events.md. ${summed}`,
    ['component', 'event'],
    ({ history: { logs } }) =>
      (logs?.events ?? []).map(({ component, event, count }) => ({
        labels: labelText({ component, event }),
        value: count,
      })),
  ),
  gauge(
    'kafka_ha_log_last_event_timestamp_seconds',
    'The time of the newest such line, by the line itself, since this exporter started. Unix time. Over several exporters: max.',
    ['component', 'event'],
    ({ history: { logs } }) =>
      (logs?.events ?? []).flatMap(({ component, event, lastAt }) =>
        lastAt === undefined ? [] : [{ labels: labelText({ component, event }), value: lastAt / 1_000 }],
      ),
  ),
  counter(
    'kafka_ha_log_lines_total',
    `Lines by level, those of stack traces not counted, since this exporter started. ${summed}`,
    ['component', 'level'],
    ({ history: { logs } }) =>
      (logs?.lines ?? []).map(({ component, level, count }) => ({
        labels: labelText({ component, level }),
        value: count,
      })),
  ),
  gauge(
    'kafka_ha_log_file_up',
    `1 if the file is open and the newest look could read it, 0 also for a path that is not there. ${aggregation.own}`,
    ['file'],
    ({ view }) => perFile(view.logs?.value, ({ up }) => Number(up)),
  ),
  gauge(
    'kafka_ha_log_file_lag_bytes',
    `Written and not read yet, with what is left of files that were rotated away. ${aggregation.own}`,
    ['file'],
    ({ view }) => perFile(view.logs?.value, ({ lagBytes }) => lagBytes),
  ),
  ofFile('kafka_ha_log_bytes_total', 'Bytes read', ({ bytes }) => bytes),
  ofFile('kafka_ha_log_rotations_total', 'How often another file took the name', ({ rotations }) => rotations),
  ofFile(
    'kafka_ha_log_truncations_total',
    'How often the file became shorter or was written anew in its place; what had not been read until then is lost',
    ({ truncations }) => truncations,
  ),
  ofFile(
    'kafka_ha_log_cut_lines_total',
    'Lines of more than 64 KiB, of which the rest was dropped',
    ({ cutLines }) => cutLines,
  ),
]

/** Files beyond as many as are shown. */
export const omittedFiles: Omitting = {
  family: { name: 'kafka_ha_log_*' },
  omitted: ({ history: { logs } }) => logs && Math.max(0, logs.files.length - mostRows),
}

function ofFile(name: string, help: string, count: (file: LogFile) => number): Family {
  return counter(name, `${help}, since this exporter started. ${aggregation.own}`, ['file'], ({ history }: State) =>
    perFile(history.logs, count),
  )
}

function perFile(logs: Logs | undefined, value: (file: LogFile) => number): readonly Row[] {
  return logs === undefined
    ? []
    : shownFiles(logs).map((file) => ({ labels: labelText({ file: file.path }), value: value(file) }))
}

/** A glob may match any number: those that cannot be read before those that are behind, the others by name. */
function shownFiles({ files }: Logs): readonly LogFile[] {
  if (files.length <= mostRows) return files
  return [...files]
    .sort((a, b) => Number(a.up) - Number(b.up) || b.lagBytes - a.lagBytes || (a.path < b.path ? -1 : 1))
    .slice(0, mostRows)
}
