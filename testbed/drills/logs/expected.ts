/** What the logs must say of an act, and how soon it is counted. */
import type { Mode } from '../../types.ts'
import type { Check, Moment } from '../moment.ts'
import type { Metrics } from '../metrics.ts'
import { shownEvents } from './shown.ts'

export interface InLogs {
  /** An act; seconds count from its beginning. */
  readonly since: string
  /** The act that ends it; without one the drill's end. */
  readonly until?: string
  /** The mode in which there are such lines; both by default. */
  readonly only?: Mode
  /** Event -> within so many seconds one more of it is counted. `expiry`: once the session has run out. */
  readonly shows?: Readonly<Record<string, number | 'expiry'>>
  /** Not one more of these. */
  readonly never?: readonly string[]
  /** Not one more of any but these. */
  readonly nothingBut?: readonly string[]
}

/** Sessions end at the next tick (3 s) after their time, and start it anew with the last ping (a third of it); what is left is for the notice. */
const EXPIRY_SLACK_S = 6

/** Of all components. */
function countsOf(metrics: Metrics | undefined): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const [key, value] of metrics === undefined ? [] : shownEvents(metrics)) {
    const event = key.slice(key.indexOf('/') + 1)
    counts.set(event, (counts.get(event) ?? 0) + value)
  }
  return counts
}

export class InLogsWatch {
  readonly #expected: InLogs
  readonly #sessionS: number
  readonly #shownAt = new Map<string, number>()
  readonly #wrong = new Map<string, string>()
  #began: number | undefined

  constructor(expected: InLogs, sessionTimeoutMs: number) {
    this.#expected = expected
    this.#sessionS = sessionTimeoutMs / 1000
  }

  step({ cause, at, acts, metrics }: Moment): void {
    const { since, until, shows = {} } = this.#expected
    const act = acts.get(since)
    if (cause !== 'scrape' || act === undefined || metrics === undefined) return
    if (until !== undefined && acts.has(until)) return
    this.#began = act.startedAt
    const [before, now] = [countsOf(act.metrics), countsOf(metrics)]
    const more = (event: string): boolean => (now.get(event) ?? 0) > (before.get(event) ?? 0)
    for (const event of Object.keys(shows)) if (!this.#shownAt.has(event) && more(event)) this.#shownAt.set(event, at)
    const seconds = ((at - act.startedAt) / 1000).toFixed(1)
    for (const event of now.keys()) {
      if (this.#isForbidden(event) && !this.#wrong.has(event) && more(event))
        this.#wrong.set(event, `${event} counted at +${seconds} s`)
    }
  }

  #isForbidden(event: string): boolean {
    const { never = [], nothingBut } = this.#expected
    return nothingBut === undefined ? never.includes(event) : !nothingBut.includes(event)
  }

  checks(): readonly Check[] {
    const { since, shows = {}, never = [], nothingBut } = this.#expected
    const began = this.#began
    const seen = Object.entries(shows).map(([event, within]): Check => {
      const withinS = within === 'expiry' ? this.#sessionS + EXPIRY_SLACK_S : within
      const base = { kind: 'logs', name: `${since} -> ${event} is counted`, withinS } as const
      const shownAt = this.#shownAt.get(event)
      if (began === undefined) return { ...base, ok: false, detail: 'what it is measured from never happened' }
      if (shownAt === undefined) return { ...base, ok: false, detail: 'never counted' }
      const seconds = (shownAt - began) / 1000
      return { ...base, ok: seconds <= withinS, seconds }
    })
    if (never.length === 0 && nothingBut === undefined) return seen
    const which =
      nothingBut === undefined ? `not one ${never.join(', ')}` : `nothing but ${nothingBut.join(', ') || 'lines'}`
    const name = `${since}: ${which}`
    if (began === undefined) return [...seen, { kind: 'logs', name, ok: false, detail: 'was never looked at' }]
    return [...seen, { kind: 'logs', name, ok: this.#wrong.size === 0, detail: [...this.#wrong.values()].join('\n') }]
  }
}
