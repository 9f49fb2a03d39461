import { unmetClaims, type Claim, type Claims, type Metrics } from './metrics.ts'
import type { Check, Condition, Moment } from './moment.ts'
import type { Truth } from './truth.ts'

/** From where seconds are counted: an act (its start unless said otherwise), or the first time truth says so after it. */
export interface Since {
  readonly act: string
  readonly edge?: 'start' | 'end'
  readonly truth?: Condition
}

/** A claim, or a number that only truth knows at that moment. */
export type Shown = Readonly<Record<string, Claim | ((truth: Truth) => number)>>

/** "Within 1 s after `kill kafka1`: ...". */
export interface Bound {
  readonly name: string
  readonly since: Since
  readonly withinS: number
  readonly shows: Shown
  /** By the exporter inside that node. */
  readonly side?: number
}

/** "From 5 s after `pause kafka1` until `resume kafka1`: ...". */
export interface Hold {
  readonly name: string
  readonly since: Since
  readonly afterS: number
  /** The act that ends it; without one the drill's end. */
  readonly until?: string
  readonly shows: Shown
  /** By the exporter inside that node. */
  readonly side?: number
  /** These families, as far as there are any, are as they were when it began. */
  readonly keeps?: RegExp
}

function claimsNow(shows: Shown, truth: Truth): Claims {
  return Object.fromEntries(Object.entries(shows).map(([name, c]) => [name, typeof c === 'function' ? c(truth) : c]))
}

/** `side`: of the exporter inside that node. */
export function unmetShown(
  shows: Shown,
  side: number | undefined,
  { metrics: main, sides, names, truth }: Moment,
): string[] {
  const metrics = side === undefined ? main : sides.get(side)
  if (metrics === undefined) return ['no scrape']
  return unmetClaims(metrics, claimsNow(shows, truth), names)
}

function isAsked(side: number | undefined, { cause }: Moment): boolean {
  return cause === (side === undefined ? 'scrape' : 'side')
}

/** Series of these families that were there, and are not, or not the same. */
function changed(families: RegExp, before: Metrics | undefined, now: Metrics | undefined): string[] {
  const series = [...(before?.exposition.series ?? [])].filter(([, { family }]) => families.test(family))
  return series.flatMap(([key, { value }]) => {
    const is = now?.exposition.series.get(key)?.value
    return is === value ? [] : [`${key} was ${value} and is ${is ?? 'absent'}`]
  })
}

/** Remembers when `since` came true. */
class Beginning {
  readonly #since: Since
  #at: number | undefined

  constructor(since: Since) {
    this.#since = since
  }

  step(moment: Moment): number | undefined {
    if (this.#at !== undefined) return this.#at
    const act = moment.acts.get(this.#since.act)
    const from = this.#since.edge === 'end' ? act?.endedAt : act?.startedAt
    if (from === undefined) return undefined
    if (this.#since.truth === undefined) this.#at = from
    else if (this.#since.truth.holds(moment)) this.#at = moment.at
    return this.#at
  }
}

export class BoundWatch {
  readonly #bound: Bound
  readonly #beginning: Beginning
  #began: number | undefined
  #shownAt: number | undefined
  #last: readonly string[] = ['never scraped']

  constructor(bound: Bound) {
    this.#bound = bound
    this.#beginning = new Beginning(bound.since)
  }

  step(moment: Moment): void {
    this.#began = this.#beginning.step(moment)
    if (this.#began === undefined || this.#shownAt !== undefined) return
    // A scrape that was under way when it began proves nothing, and one after it does even when truth came later.
    const { side, shows } = this.#bound
    if (!isAsked(side, moment) || moment.at < this.#began) return
    this.#last = unmetShown(shows, side, moment)
    if (this.#last.length === 0) this.#shownAt = moment.at
  }

  check(): Check {
    const { name, withinS } = this.#bound
    const base = { kind: 'bound', name, withinS } as const
    if (this.#began === undefined) return { ...base, ok: false, detail: 'what it is measured from never happened' }
    if (this.#shownAt === undefined) return { ...base, ok: false, detail: `never shown: ${this.#last.join('; ')}` }
    const seconds = (this.#shownAt - this.#began) / 1000
    return { ...base, ok: seconds <= withinS, seconds }
  }
}

export class HoldWatch {
  readonly #hold: Hold
  readonly #beginning: Beginning
  #began: number | undefined
  #seen = 0
  #lastAt = 0
  #violations = 0
  #first: string | undefined

  constructor(hold: Hold) {
    this.#hold = hold
    this.#beginning = new Beginning(hold.since)
  }

  step(moment: Moment): void {
    this.#began = this.#beginning.step(moment)
    const { side, shows, keeps } = this.#hold
    if (this.#began === undefined || !isAsked(side, moment)) return
    if (this.#hold.until !== undefined && moment.acts.has(this.#hold.until)) return
    if (moment.at < this.#began + this.#hold.afterS * 1000) return
    this.#seen++
    this.#lastAt = moment.at
    const before = moment.acts.get(this.#hold.since.act)?.metrics
    const kept = keeps === undefined ? [] : changed(keeps, before, moment.metrics)
    const lines = [...unmetShown(shows, side, moment), ...kept]
    if (lines.length === 0) return
    this.#violations++
    this.#first ??= `+${((moment.at - this.#began) / 1000).toFixed(1)} s: ${lines.join('; ')}`
  }

  check(): Check {
    const base = { kind: 'hold', name: this.#hold.name } as const
    if (this.#began === undefined || this.#seen === 0) return { ...base, ok: false, detail: 'was never looked at' }
    const seconds = (this.#lastAt - this.#began) / 1000
    if (this.#first === undefined) return { ...base, ok: true, seconds }
    return { ...base, ok: false, seconds, detail: `${this.#violations} of ${this.#seen} scrapes, first ${this.#first}` }
  }
}
