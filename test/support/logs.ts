import type { EventFields, LogEvent, Severity, EventClass } from '../../src/model/log-event.ts'
import type { LogFile, Logs } from '../../src/model/logs.ts'

/** A file that is read and has nothing left. */
export function logFile(path: string, more: Partial<LogFile> = {}): LogFile {
  return { path, up: true, lagBytes: 0, bytes: 0, rotations: 0, truncations: 0, cutLines: 0, ...more }
}

export function logEvent(
  event: string,
  more: Partial<Omit<LogEvent, 'fields'>> & { fields?: EventFields; severity?: Severity; class?: EventClass } = {},
): LogEvent {
  return {
    at: undefined,
    component: 'kafka',
    level: 'info',
    event,
    class: 'failover',
    severity: 'major',
    fields: {},
    file: '/logs/server.log',
    line: 1,
    text: event,
    ...more,
  }
}

export function logsOf(more: Partial<Logs> = {}): Logs {
  const newest = more.newest ?? []
  return { files: [], lines: [], events: [], newest, taken: newest.length, ...more }
}
