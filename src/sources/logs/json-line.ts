import type { LogLevel } from '../../model/log-event.ts'
import { parseTime } from './log-time.ts'
import type { TimeZone } from '../../model/time-zone.ts'

/** One record of a JSON layout, or of the container runtime around a line of text (then it has no level). */
export interface JsonLine {
  readonly message: string
  readonly level: LogLevel | undefined
  readonly logger: string | undefined
  readonly thread: string | undefined
  readonly continuation: string | undefined
  /** Milliseconds since 1970. */
  readonly at: number | undefined
  /** The container's runtime has split the line: more of it follows. */
  readonly isPartial: boolean
}

type Json = Readonly<Record<string, unknown>>

const levels: ReadonlyMap<string, LogLevel> = new Map([
  ['TRACE', 'trace'],
  ['DEBUG', 'debug'],
  ['INFO', 'info'],
  ['WARN', 'warn'],
  ['WARNING', 'warn'],
  ['ERROR', 'error'],
  ['FATAL', 'fatal'],
])
/** Of a record that was cut: enough for what rules look at. */
const head = 2_048

/** undefined: it is not a record with a message. A record that was cut still gives the beginning of its message. */
export function parseJsonLine(text: string, zone: TimeZone, after: number | undefined): JsonLine | undefined {
  const record = parsed(text)
  if (record === undefined) return cut(text)
  const message = textOf(record, 'message', 'msg', 'log', 'formattedMessage')
  if (message === undefined) return undefined
  const level = textOf(record, 'level', 'severity', 'log.level') ?? textOf(within(record, 'log'), 'level')
  return {
    message: withoutEnd(message),
    level: level === undefined ? undefined : levels.get(level.trim().toUpperCase()),
    logger:
      textOf(record, 'logger', 'loggerName', 'logger_name', 'log.logger') ?? textOf(within(record, 'log'), 'logger'),
    thread: textOf(record, 'thread', 'threadName', 'thread_name'),
    continuation: traceOf(record),
    at: timeOf(record, zone, after),
    isPartial: message === record['log'] && 'stream' in record && !message.endsWith('\n'),
  }
}

function parsed(text: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** JSON that ends in its middle: what can be told by looking for the keys. */
function cut(text: string): JsonLine | undefined {
  const message = stringAfter(text, '"message":') ?? stringAfter(text, '"msg":') ?? stringAfter(text, '"log":')
  if (message === undefined) return undefined
  const level = stringAfter(text, '"level":')
  return {
    message: withoutEnd(message),
    level: level === undefined ? undefined : levels.get(level.toUpperCase()),
    logger: stringAfter(text, '"logger":') ?? stringAfter(text, '"loggerName":'),
    thread: undefined,
    continuation: undefined,
    at: undefined,
    isPartial: false,
  }
}

function stringAfter(text: string, key: string): string | undefined {
  const at = text.indexOf(key)
  if (at < 0) return undefined
  const open = text.indexOf('"', at + key.length)
  if (open < 0 || open > at + key.length + 2) return undefined
  const literal = /^(?:[^"\\]|\\u[0-9a-fA-F]{4}|\\[^u])*/.exec(text.slice(open + 1, open + 1 + head))?.[0] ?? ''
  try {
    const value: unknown = JSON.parse(`"${literal}"`)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

function traceOf(record: Json): string | undefined {
  const text = textOf(record, 'stack_trace', 'stackTrace', 'exception', 'thrown', 'error.stack_trace', 'throwable')
  if (text !== undefined) return firstLine(text)
  for (const key of ['thrown', 'exception', 'throwable', 'error']) {
    const thrown = within(record, key)
    const name = textOf(thrown, 'name', 'className', 'exception_class', 'type')
    const message = textOf(thrown, 'message', 'exception_message')
    if (name !== undefined) return firstLine(message === undefined ? name : `${name}: ${message}`)
  }
  const type = textOf(record, 'error.type')
  const message = textOf(record, 'error.message')
  return type === undefined ? undefined : firstLine(message === undefined ? type : `${type}: ${message}`)
}

function timeOf(record: Json, zone: TimeZone, after: number | undefined): number | undefined {
  for (const key of ['@timestamp', 'timestamp', 'time', 'timeMillis', 'ts']) {
    const value = record[key]
    if (typeof value === 'string') {
      const at = parseTime(value, zone, after)
      if (at !== undefined) return at
    }
    // Seconds or milliseconds: 1e11 is the year 5138 or March 1973.
    if (typeof value === 'number' && value > 0) return Math.round(value < 1e11 ? value * 1000 : value)
  }
  const instant = within(record, 'instant')
  const seconds = instant['epochSecond']
  const nanos = instant['nanoOfSecond']
  if (typeof seconds !== 'number') return undefined
  return seconds * 1000 + (typeof nanos === 'number' ? Math.floor(nanos / 1e6) : 0)
}

function within(record: Json, key: string): Json {
  const value = record[key]
  return isRecord(value) ? value : {}
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function textOf(record: Json, ...keys: readonly string[]): string | undefined {
  for (const key of keys) {
    const value = record[key]
    if (typeof value === 'string') return value
  }
  return undefined
}

function withoutEnd(text: string): string {
  return text.replace(/\r?\n$/, '')
}

function firstLine(text: string): string {
  const end = text.search(/[\r\n]/)
  return (end < 0 ? text : text.slice(0, end)).trim()
}
