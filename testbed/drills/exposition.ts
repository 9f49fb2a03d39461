/** A strict reader of the Prometheus text format. It shares nothing with the exporter: a second opinion on every scrape. */

export type MetricType = 'counter' | 'gauge' | 'histogram' | 'summary' | 'untyped'

export type Labels = Readonly<Record<string, string>>

export interface Series {
  /** The family that HELP and TYPE name; for `x_bucket` of a histogram that is `x`. */
  readonly family: string
  readonly name: string
  readonly labels: Labels
  readonly value: number
}

export interface Exposition {
  readonly types: ReadonlyMap<string, MetricType>
  readonly series: ReadonlyMap<string, Series>
}

const TYPES: readonly string[] = ['counter', 'gauge', 'histogram', 'summary', 'untyped']
const SUFFIXES: Readonly<Partial<Record<MetricType, readonly string[]>>> = {
  histogram: ['_bucket', '_sum', '_count'],
  summary: ['_sum', '_count'],
}
const METRIC_NAME = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/
const NAME_AT = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const LABEL_AT = /([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\[\\"n])*)"/y
// As Go's ParseFloat takes it, which minds no case in Inf and NaN: prom-client writes `Nan`.
const VALUE = /^(?:[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?|[+-]?inf|nan)$/i

class MalformedExposition extends Error {
  override readonly name = 'MalformedExposition'
  constructor(line: number, what: string, text: string) {
    super(`line ${line}: ${what}: ${text.slice(0, 200)}`)
  }
}

function unescapeLabel(text: string): string {
  return text.includes('\\') ? text.replace(/\\(.)/g, (_, c: string) => (c === 'n' ? '\n' : c)) : text
}

/** One spelling per series, whatever the order of its labels. */
export function seriesKey(name: string, labels: Labels): string {
  const names = Object.keys(labels).sort()
  if (names.length === 0) return name
  return `${name}{${names.map((label) => `${label}=${JSON.stringify(labels[label])}`).join(',')}}`
}

/** `name`, `name{}` or `name{a="b",}`; returns what follows as `rest`, or why it is malformed. */
export function parseSelector(text: string): { name: string; labels: Labels; rest: string } | string {
  NAME_AT.lastIndex = 0
  const name = NAME_AT.exec(text)?.[0]
  if (name === undefined) return 'no metric name'
  let at = name.length
  const labels: Record<string, string> = {}
  if (text[at] !== '{') return { name, labels, rest: text.slice(at) }
  at++
  while (text[at] !== '}') {
    LABEL_AT.lastIndex = at
    const found = LABEL_AT.exec(text)
    if (found === null) return 'malformed label'
    const [whole, label = '', value = ''] = found
    if (Object.hasOwn(labels, label)) return `label ${label} twice`
    labels[label] = unescapeLabel(value)
    at += whole.length
    if (text[at] === ',') at++
    else if (text[at] !== '}') return 'no comma or brace after a label'
  }
  return { name, labels, rest: text.slice(at + 1) }
}

function parseValue(text: string): number | undefined {
  if (!VALUE.test(text)) return undefined
  if (/^nan$/i.test(text)) return NaN
  if (/inf$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return Number(text)
}

function belongsTo(name: string, family: string, type: MetricType): boolean {
  if (name === family) return type !== 'histogram'
  return (SUFFIXES[type] ?? []).some((suffix) => name === family + suffix)
}

/** Throws MalformedExposition on anything Prometheus would reject, and on sample timestamps and samples without a TYPE. */
export function parseExposition(text: string): Exposition {
  const types = new Map<string, MetricType>()
  const helped = new Set<string>()
  const series = new Map<string, Series>()
  let current: string | undefined
  const lines = text.split('\n')
  if (lines.pop() !== '') throw new MalformedExposition(lines.length + 1, 'the last line does not end', '')
  lines.forEach((line, index) => {
    const fail = (what: string): never => {
      throw new MalformedExposition(index + 1, what, line)
    }
    if (line === '') return
    if (line.startsWith('#')) {
      const comment = /^# (HELP|TYPE) (\S+)(?: (.*))?$/.exec(line)
      if (comment === null) return
      const [, kind, name = '', rest = ''] = comment
      if (!METRIC_NAME.test(name)) fail('malformed metric name')
      if (kind === 'HELP') {
        if (helped.has(name)) fail('second HELP')
        if (/\\(?![\\n])/.test(rest)) fail('malformed escape in HELP')
        helped.add(name)
      } else {
        if (types.has(name)) fail('second TYPE')
        if (!TYPES.includes(rest)) fail('unknown TYPE')
        types.set(name, rest as MetricType)
      }
      current = name
      return
    }
    const selector = parseSelector(line)
    if (typeof selector === 'string') return fail(selector)
    const { name, labels, rest } = selector
    if (!/^[ \t]/.test(rest)) fail('no blank before the value')
    const [number = '', ...further] = rest.replace(/^[ \t]+/, '').split(/[ \t]+/)
    if (further.length > 0) fail('a timestamp')
    const value = parseValue(number)
    if (value === undefined) return fail('malformed value')
    const type = current === undefined ? undefined : types.get(current)
    if (current === undefined || type === undefined || !belongsTo(name, current, type))
      return fail('outside its family')
    const key = seriesKey(name, labels)
    if (series.has(key)) fail('second sample of a series')
    series.set(key, { family: current, name, labels, value })
  })
  return { types, series }
}
