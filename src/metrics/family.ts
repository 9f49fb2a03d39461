import type { State } from '../store.ts'
import type { LabelColumn } from './label-column.ts'

/** One series: its label pairs as text (`a="b",c="d"`, empty for none) and its value. */
export interface Row {
  readonly labels: string
  readonly value: number
}

/** Many series of one family at once: no object for each of them. */
export interface Columns {
  readonly labels: LabelColumn
  /** NaN = no such series. */
  readonly value: (row: number) => number
}

/** One metric family of the contract. `rows` is pure and does no I/O; no row = unknown. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly type: 'gauge' | 'counter' | 'untyped'
  /** Label names, in order. */
  readonly labels: readonly string[]
  rows(state: State): Iterable<Row>
  /** Where the family may have a series for each partition: the same series as `rows`, for the renderer. */
  columns?(state: State): Columns | undefined
}

/** How several instances' values combine (metrics.md, rule 7); said in every help text. */
export const aggregation = {
  kafkaSays: 'Over several exporters: max.',
  reach: "Depends on this exporter's reach; over several exporters: min.",
  available: 'Over several exporters: max.',
  own: 'Of each exporter its own; never aggregate.',
} as const

export function gauge(name: string, help: string, labels: readonly string[], rows: Family['rows']): Family {
  return { name, help, type: 'gauge', labels, rows }
}

export function counter(name: string, help: string, labels: readonly string[], rows: Family['rows']): Family {
  return { name, help, type: 'counter', labels, rows }
}

/** A gauge made of columns; undefined = unknown as a whole. */
export function columnGauge(
  name: string,
  help: string,
  labels: readonly string[],
  columns: (state: State) => Columns | undefined,
): Family {
  return { ...gauge(name, help, labels, (state) => rowsOf(columns(state))), columns }
}

function* rowsOf(columns: Columns | undefined): Iterable<Row> {
  if (columns === undefined) return
  for (let row = 0; row < columns.labels.length; row++) {
    const labels = columns.labels.text(row)
    const value = columns.value(row)
    if (labels !== undefined && !Number.isNaN(value)) yield { labels, value }
  }
}

/** A family without labels; undefined = absent. */
export function number(name: string, help: string, value: (state: State) => number | undefined): Family {
  return gauge(name, help, [], (state) => {
    const known = value(state)
    return known === undefined ? [] : [{ labels: '', value: known }]
  })
}

export function labelText(labels: Readonly<Record<string, string | number>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}="${escapeLabel(String(value))}"`)
    .join(',')
}

/** Rows of one label per broker. */
export function* perBroker<T>(
  entries: Iterable<readonly [number, T]>,
  value: (entry: T, id: number) => number | undefined,
): Iterable<Row> {
  for (const [id, entry] of entries) {
    const known = value(entry, id)
    if (known !== undefined) yield { labels: `broker="${id}"`, value: known }
  }
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"')
}
