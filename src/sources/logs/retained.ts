import type { LogEvent } from '../../model/log-event.ts'

/** What is cut out of a line may be as long as the line, and there are thousands of events. */
const longestText = 1_000
const longestList = 100

/** The event as it may be kept: bounded, and its strings are copies. A slice would keep the chunk alive that it was cut from. */
export function retained(event: LogEvent): LogEvent {
  const fields = Object.fromEntries(Object.entries(event.fields).map(([name, value]) => [name, bounded(value)]))
  return { ...event, fields, text: copied(event.text) }
}

function bounded(value: unknown): unknown {
  if (typeof value === 'string') return copied(value)
  return Array.isArray(value) ? value.slice(0, longestList) : value
}

function copied(text: string): string {
  return Buffer.from(text.length > longestText ? text.slice(0, longestText) : text).toString()
}
