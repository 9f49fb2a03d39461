import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger } from 'pino'

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error'
  readonly format: 'logfmt' | 'json'
}

/** One line an entry on stderr: time, level, message, fields. */
export function createLogger({ level, format }: LogOptions): Logger {
  const stderr = pino.destination({ fd: 2, sync: true })
  // Whoever read the log may have gone; that must not end the watch.
  stderr.on('error', () => undefined)
  const stream: DestinationStream = format === 'json' ? stderr : { write: (line) => stderr.write(logfmt(line)) }
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  )
}

/** Exported for its test: pino's JSON line as key=value pairs, quoted where they need it. */
export function logfmt(line: string): string {
  const { time, level, msg, ...fields } = JSON.parse(line) as Record<string, unknown>
  const pairs = Object.entries({ time, level, msg, ...fields }).map(([key, value]) => `${key}=${logfmtValue(value)}`)
  return `${pairs.join(' ')}\n`
}

function logfmtValue(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return /^[^\s="\\\p{Cc}\p{Cf}]+$/u.test(text) ? text : JSON.stringify(text).replaceAll(unseen, escaped)
}

/** What JSON leaves as it is, though a terminal or a reader may take it for a command, the end of a line or another order. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
