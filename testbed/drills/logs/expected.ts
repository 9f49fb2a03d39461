/** What the logs must say of an act, and how soon it is counted. */
import type { Check, Moment } from '../moment.ts'
import type { Metrics } from '../metrics.ts'
import { shownEvents } from './shown.ts'

export interface InLogs {
  /** An act; seconds count from its beginning. */
  readonly since: string
  /** The act that ends it; without one the drill's end. */
  readonly until?: string
  /** Event -> within so many seconds one more of it is counted. `expiry`: once the session has run out. */
  readonly shows?: Readonly<Record<string, number | 'expiry'>>
  /** Not one more of these. */
  readonly never?: readonly string[]
}

/** Sessions end at the next tick (3 s) after their time, and start it anew with the last ping (a third of it); what is left is for the notice. */
const EXPIRY_SLACK_S = 6

function countOf(metrics: Metrics | undefined, event: string): number {
  let count = 0
  if (metrics === undefined) return count
  for (const [key, value] of shownEvents(metrics)) if (key.endsWith(`/${event}`)) count += value
  return count
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
    const { since, until, shows = {}, never = [] } = this.#expected
    const act = acts.get(since)
    if (cause !== 'scrape' || act === undefined || metrics === undefined) return
    if (until !== undefined && acts.has(until)) return
    this.#began = act.startedAt
    const more = (event: string): number => countOf(metrics, event) - countOf(act.metrics, event)
    for (const event of Object.keys(shows))
      if (!this.#shownAt.has(event) && more(event) > 0) this.#shownAt.set(event, at)
    for (const event of never) {
      const seconds = ((at - act.startedAt) / 1000).toFixed(1)
      if (!this.#wrong.has(event) && more(event) > 0) this.#wrong.set(event, `${event} counted at +${seconds} s`)
    }
  }

  checks(): readonly Check[] {
    const { since, shows = {}, never = [] } = this.#expected
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
    if (never.length === 0) return seen
    const name = `${since}: not one ${never.join(', ')}`
    if (began === undefined) return [...seen, { kind: 'logs', name, ok: false, detail: 'was never looked at' }]
    return [...seen, { kind: 'logs', name, ok: this.#wrong.size === 0, detail: [...this.#wrong.values()].join('\n') }]
  }
}
