import { parseArgs } from 'node:util'
import { parseTimeZone, type TimeZone } from '../../model/time-zone.ts'
import { parseTimeOption, wantedTime } from './time-option.ts'

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

export function parseOptions(argv: readonly string[], now = Date.now()): AnalyzeUsage {
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
  const from = values.from === undefined ? undefined : parseTimeOption(values.from, zone, now, last(now))
  if (values.from !== undefined && from === undefined) return no(`--from=${values.from}: ${wantedTime}`)
  // After the start where there is one: --from 23:30 --to 00:30 is one hour.
  const chosen = from === undefined ? last(now) : first(from)
  const to = values.to === undefined ? undefined : parseTimeOption(values.to, zone, from ?? now, chosen)
  if (values.to !== undefined && to === undefined) return no(`--to=${values.to}: ${wantedTime}`)
  if (from !== undefined && to !== undefined && from > to) return no('--from is later than --to')
  if (positionals.length === 0) return no('no log files given')
  return {
    ok: true,
    options: { files: positionals, from, to, format, output: values.output, timeZone: values['time-zone'], zone },
  }
}

const last = (until: number) => (instants: readonly number[]) => instants.findLast((instant) => instant <= until)
const first = (from: number) => (instants: readonly number[]) => instants.find((instant) => instant > from)
