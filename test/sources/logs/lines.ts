import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import type { LogComponent, LogEvent } from '../../../src/model/log-event.ts'
import { createParser } from '../../../src/sources/logs/line-parser.ts'
import type { ParserOptions } from '../../../src/sources/logs/parser.ts'

export const fixtures = new URL('../../fixtures/logs/', import.meta.url)

export interface Told {
  readonly events: LogEvent[]
  /** `kafka info` -> lines. */
  readonly lines: Map<string, number>
}

/** What a parser of its own tells of a text, noise included. */
export function told(text: string, options: Partial<ParserOptions> = {}): Told {
  const events: LogEvent[] = []
  const lines = new Map<string, number>()
  const sink = {
    line: (component: LogComponent, level: string): void => {
      const key = `${component} ${level}`
      lines.set(key, (lines.get(key) ?? 0) + 1)
    },
    event: (event: LogEvent): void => {
      events.push(event)
    },
  }
  const parser = createParser({ file: 'server.log', component: 'kafka', timeZone: 'UTC', noise: true, ...options })
  parser.take(text, sink)
  parser.flush(sink)
  return { events, lines }
}

export function names(text: string, options: Partial<ParserOptions> = {}): string[] {
  return told(text, options).events.map(({ event }) => event)
}

/** A recorded log: `2.6.0/G/kafka2`. */
export function recorded(name: string): string {
  return gunzipSync(readFileSync(new URL(`${name}.log.gz`, fixtures))).toString('utf8')
}
