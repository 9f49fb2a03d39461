import type { Series } from './exposition.ts'

/** Any value of a label will do. */
export const ANY = Symbol('any')

export type WantedLabel = string | readonly string[] | typeof ANY

export interface Range {
  readonly from: number
  readonly to: number
}

/** A number, a named range, or several of them that are admissible. */
export type WantedValue = number | Range | readonly (number | Range)[]

/** A series that has to be there, or, `optional`, may be. */
export interface Wanted {
  readonly labels: Readonly<Record<string, WantedLabel>>
  readonly value: WantedValue
  readonly optional?: boolean
  /** Any number of series may be like this, none too. */
  readonly many?: boolean
}

function labelFits(actual: string | undefined, wanted: WantedLabel): boolean {
  if (actual === undefined) return false
  if (typeof wanted === 'symbol') return true
  return typeof wanted === 'string' ? actual === wanted : wanted.includes(actual)
}

function labelsFit(series: Series, { labels }: Wanted): boolean {
  const names = Object.keys(labels)
  if (names.length !== Object.keys(series.labels).length) return false
  return names.every((name) => labelFits(series.labels[name], labels[name] ?? ''))
}

/** NaN fits nothing. */
export function valueFits(actual: number, wanted: WantedValue): boolean {
  if (typeof wanted === 'number') return actual === wanted
  if ('from' in wanted) return actual >= wanted.from && actual <= wanted.to
  return wanted.some((one) => valueFits(actual, one))
}

function showLabels(labels: Wanted['labels']): string {
  const shown = Object.entries(labels).map(([name, value]) => {
    if (typeof value === 'symbol') return `${name}=*`
    return `${name}=${typeof value === 'string' ? value : value.join('|')}`
  })
  return shown.length === 0 ? '' : `{${shown.join(',')}}`
}

function showValue(value: WantedValue): string {
  if (typeof value === 'number') return String(value)
  return 'from' in value ? `${value.from} to ${value.to}` : value.map(showValue).join(' or ')
}

/** One line for each series that is missing, wrong, or should not be there. */
export function compareFamily(family: string, wanted: readonly Wanted[], actual: readonly Series[]): string[] {
  const lines: string[] = []
  const left = new Set(actual)
  for (const want of wanted) {
    if (want.many === true) {
      for (const series of left) {
        if (labelsFit(series, want) && valueFits(series.value, want.value)) left.delete(series)
      }
      continue
    }
    const found = [...left].find((series) => labelsFit(series, want))
    const name = `${family}${showLabels(want.labels)}`
    if (found === undefined) {
      if (want.optional !== true) lines.push(`${name} missing, truth says ${showValue(want.value)}`)
      continue
    }
    left.delete(found)
    if (!valueFits(found.value, want.value)) {
      lines.push(`${name} is ${found.value}, truth says ${showValue(want.value)}`)
    }
  }
  for (const { labels, value } of left)
    lines.push(`${family}${showLabels(labels)} is ${value}, truth has no such series`)
  return lines
}
