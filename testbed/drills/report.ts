import type { Mode } from '../types.ts'
import type { Check } from './moment.ts'
import type { Row } from './timeline.ts'

export interface Report {
  readonly scenario: string
  readonly title: string
  readonly kafka: string
  readonly mode: Mode
  readonly plan: string
  readonly sessionTimeoutMs: number
  readonly ok: boolean
  readonly seconds: number
  readonly checks: readonly Check[]
  /** What the exporter wrote at its end; only of a failed drill. */
  readonly exporterLog: readonly string[]
  readonly timeline: readonly Row[]
}

function seconds({ seconds: measured, withinS }: Check): string {
  if (measured === undefined) return ''
  return withinS === undefined ? `${measured.toFixed(2)} s` : `${measured.toFixed(2)} s (< ${withinS} s)`
}

/** The table of what was asserted: kind, name, measured seconds with their bound, verdict. */
export function formatChecks(checks: readonly Check[]): string[] {
  const width = Math.max(...checks.map(({ name }) => name.length), 0)
  return checks.flatMap((check) => {
    const line = `${check.kind.padEnd(5)}  ${check.name.padEnd(width)}  ${seconds(check).padStart(18)}  ${check.ok ? 'ok' : 'FAILED'}`
    const detail = (check.detail ?? '').split('\n').filter((text) => text !== '')
    if (check.ok) return [detail.length === 1 ? `${line}  ${detail.join('')}` : line]
    return [line, ...detail.map((text) => `         ${text}`)]
  })
}

export function verdict({ scenario, kafka, ok, checks, seconds: took }: Report): string {
  const passed = checks.filter((check) => check.ok).length
  const counts = `${passed} passed, ${checks.length - passed} failed`
  return `drill ${scenario} on ${kafka}: ${ok ? 'PASSED' : 'FAILED'} (${counts}, ${took.toFixed(0)} s)`
}
