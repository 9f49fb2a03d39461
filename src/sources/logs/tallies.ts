import { logLevels, type LogComponent, type LogEvent, type LogLevel } from '../../model/log-event.ts'
import type { EventTally, LineTally } from '../../model/logs.ts'
import { retained } from './retained.ts'

/** How many of the newest events are kept: an outage of a large cluster, told by every line of a node's logs. */
const mostKept = 3_000
/** A line may claim any time. One that is further ahead than any time zone is wrong, and would stay the newest for ever. */
const aheadMs = 24 * 3_600_000

export interface Countable {
  readonly component: LogComponent
  readonly event: string
}

interface Growing<Key> {
  readonly key: Key
  count: number
  lastAt: number | undefined
}

/** Counts what the logs say. What it gives out does not change any more. */
export class Tallies {
  readonly #events = new Map<string, Growing<Countable>>()
  readonly #lines = new Map<string, { readonly component: LogComponent; readonly level: LogLevel; count: number }>()
  /** A ring: the oldest is at `#taken % mostKept` once it is full. */
  readonly #ring: LogEvent[] = []
  #taken = 0
  #newest: readonly LogEvent[] = []
  #isNewestOf = 0

  /** Everything that can be counted starts at 0: a counter that appears with its first event has no increase. */
  constructor(countable: readonly Countable[]) {
    for (const { component, event } of countable) this.#tallyOf(component, event)
    for (const component of new Set(countable.map(({ component }) => component))) {
      for (const level of logLevels) this.#lineTallyOf(component, level)
    }
  }

  line(component: LogComponent, level: LogLevel): void {
    this.#lineTallyOf(component, level).count++
  }

  /** `nowMs`: this machine's time of day. */
  event(event: LogEvent, nowMs: number): void {
    if (event.severity === 'noise') return
    const tally = this.#tallyOf(event.component, event.event)
    const { at } = event
    tally.count++
    if (at !== undefined && at - nowMs < aheadMs) tally.lastAt = Math.max(at, tally.lastAt ?? at)
    this.#ring[this.#taken++ % mostKept] = retained(event)
  }

  get events(): readonly EventTally[] {
    return [...this.#events.values()].map(({ key, count, lastAt }) => ({ ...key, count, lastAt }))
  }

  get lines(): readonly LineTally[] {
    return [...this.#lines.values()].map((line) => ({ ...line }))
  }

  get taken(): number {
    return this.#taken
  }

  get newest(): readonly LogEvent[] {
    if (this.#isNewestOf !== this.#taken) {
      const oldest = this.#taken > mostKept ? this.#taken % mostKept : 0
      this.#newest = [...this.#ring.slice(oldest), ...this.#ring.slice(0, oldest)]
      this.#isNewestOf = this.#taken
    }
    return this.#newest
  }

  #tallyOf(component: LogComponent, event: string): Growing<Countable> {
    const name = `${component} ${event}`
    const known = this.#events.get(name)
    if (known !== undefined) return known
    const tally: Growing<Countable> = { key: { component, event }, count: 0, lastAt: undefined }
    this.#events.set(name, tally)
    return tally
  }

  #lineTallyOf(component: LogComponent, level: LogLevel) {
    const name = `${component} ${level}`
    const known = this.#lines.get(name)
    if (known !== undefined) return known
    const tally = { component, level, count: 0 }
    this.#lines.set(name, tally)
    return tally
  }
}
