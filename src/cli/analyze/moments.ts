import type { LogEvent, Severity } from '../../model/log-event.ts'
import { allRules } from '../../sources/logs/rules/all.ts'
import type { Row } from './rows.ts'

/** More would bury the first. */
const most = 20
const meanings: ReadonlyMap<string, string> = new Map(allRules.map(({ event, meaning }) => [event, meaning]))

export interface Moment {
  readonly at: number
  readonly file: string
  readonly line: number
  readonly text: string
  readonly meaning: string
}

export interface Moments {
  /** In order of time. */
  readonly moments: readonly Moment[]
  /** What was left out, for want of room. */
  readonly more: number
}

const weights: readonly Severity[] = ['critical', 'major', 'minor', 'info', 'noise']

/**
 * Where no loss can be told: what the lines say by themselves, so that nobody takes silence for health. Of many the gravest
 * are kept: the first ones would be a start's.
 */
export class GravestLines {
  readonly #from: number
  readonly #to: number
  /** The gravest first, of equal ones the earliest. */
  readonly rows: Row[] = []
  #seen = 0

  /** Of that time, both included: milliseconds since 1970, as the lines have it. */
  constructor(from: number, to: number) {
    this.#from = from
    this.#to = to
  }

  wants({ severity, class: kind }: Pick<LogEvent, 'severity' | 'class'>, at: number): boolean {
    if (at < this.#from || at > this.#to) return false
    return severity === 'critical' || severity === 'major' || severity === 'minor' || kind === 'failover'
  }

  /** Counts it, and says whether it belongs to the gravest so far. */
  takes(event: LogEvent, at: number): boolean {
    if (!this.wants(event, at)) return false
    this.#seen++
    const last = this.rows.at(-1)
    return this.rows.length < most || last === undefined || inOrder(last, { ...event, at }) > 0
  }

  add(row: Row): void {
    const place = this.rows.findIndex((other) => inOrder(other, row) > 0)
    this.rows.splice(place < 0 ? this.rows.length : place, 0, row)
    if (this.rows.length > most) this.rows.pop()
  }

  get moments(): Moments {
    return {
      moments: this.rows
        .map(({ at, file, line, text, event }) => ({ at, file, line, text, meaning: meanings.get(event) ?? event }))
        .sort((a, b) => a.at - b.at || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)),
      more: this.#seen - this.rows.length,
    }
  }
}

type Line = Pick<Row, 'severity' | 'at' | 'file' | 'line'>

function inOrder(a: Line, b: Line): number {
  const byWeight = weights.indexOf(a.severity) - weights.indexOf(b.severity)
  return byWeight || a.at - b.at || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)
}
