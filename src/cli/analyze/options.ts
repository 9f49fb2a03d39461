import { parseArgs } from 'node:util'
import { endOfTime, timeAt } from '../../sources/logs/log-time.ts'
import { parseTimeZone, type TimeZone } from '../../model/time-zone.ts'

export const formats = ['text', 'json', 'html'] as const
export type Format = (typeof formats)[number]

export interface AnalyzeOptions {
  readonly files: readonly string[]
  /** Milliseconds since 1970. */
  readonly from: number | undefined
  readonly to: number | undefined
  readonly format: Format
  readonly output: string | undefined
  /** As given; undefined: the machine's. */
  readonly timeZone: string | undefined
  readonly zone: TimeZone
}

export type AnalyzeUsage =
  { readonly ok: true; readonly options: AnalyzeOptions } | { readonly ok: false; readonly message: string }

const no = (message: string): AnalyzeUsage => ({ ok: false, message })

export function parseOptions(argv: readonly string[]): AnalyzeUsage {
  let parsed
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        from: { type: 'string' },
        to: { type: 'string' },
        format: { type: 'string' },
        output: { type: 'string' },
        'time-zone': { type: 'string' },
      },
    })
  } catch (error) {
    // Its first sentence names the flag; the rest explains parseArgs.
    return no(error instanceof Error ? (error.message.split(/\. |\n/, 1)[0] ?? '') : String(error))
  }
  const { values, positionals } = parsed
  const format = formats.find((known) => known === (values.format ?? 'text'))
  if (format === undefined) return no(`--format=${values.format ?? ''}: one of ${formats.join(', ')}`)
  const zone = parseTimeZone(values['time-zone'])
  if (zone === undefined) return no(`--time-zone=${values['time-zone'] ?? ''}: no such time zone`)
  const from = parseInstant(values.from, zone)
  if (from === 'bad') return no(`--from=${values.from ?? ''}: not a time such as 2024-02-23T07:44:05Z`)
  const to = parseInstant(values.to, zone)
  if (to === 'bad') return no(`--to=${values.to ?? ''}: not a time such as 2024-02-23T07:44:05Z`)
  if (from !== undefined && to !== undefined && from > to) return no('--from is later than --to')
  if (positionals.length === 0) return no('no log files given')
  return {
    ok: true,
    options: { files: positionals, from, to, format, output: values.output, timeZone: values['time-zone'], zone },
  }
}

/** A date with or without a time, with or without seconds and a zone. */
function parseInstant(text: string | undefined, zone: TimeZone): number | undefined | 'bad' {
  if (text === undefined) return undefined
  const shape = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d(?:[.,]\d{1,9})?)?)?(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text)
  if (shape === null) return 'bad'
  const whole = `${shape[1] ?? ''} ${shape[2] ?? '00:00'}${shape[3] ?? ':00'}${shape[4] ?? ''}`
  const end = endOfTime(whole, 0)
  return end !== whole.length ? 'bad' : (timeAt(whole, 0, end, zone, undefined) ?? 'bad')
}
