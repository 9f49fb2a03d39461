import { logLevels, type LogComponent, type LogEvent, type LogLevel } from '../../model/log-event.ts'
import type { Logs } from '../../model/logs.ts'
import { retained } from './retained.ts'

/** How many of the newest events are kept: an outage of a large cluster, told by every line of a node's logs. */
const mostKept = 3_000
/** A line may claim any time. One that is further ahead than any time zone is wrong, and would stay the newest for ever. */
const aheadMs = 24 * 3_600_000

export interface Countable {
  readonly component: LogComponent
  readonly event: string
}

type Counts = Pick<Logs, 'events' | 'lines'>

interface LevelOf {
  readonly component: LogComponent
  readonly level: LogLevel
}

interface Growing<Key> {
  readonly key: Key
  count: number
  lastAt: number | undefined
}

/** Counts what the logs say. What it gives out does not change any more. */
export class Tallies {
  readonly #events = new Map<LogComponent, Map<string, Growing<Countable>>>()
  readonly #lines = new Map<LogComponent, Map<LogLevel, Growing<LevelOf>>>()
  /** A ring: the oldest is at `#taken % mostKept` once it is full. Copies are made of what is still there after a look. */
  readonly #ring: LogEvent[] = []
  #taken = 0
  #newest: readonly LogEvent[] = []
  #isNewestOf = 0
  /** Made anew only when something was counted since: most looks find nothing. */
  #counts: Counts | undefined

  /** Everything that can be counted starts at 0: a counter that appears with its first event has no increase. */
  constructor(countable: readonly Countable[]) {
    for (const { component, event } of countable) this.#tallyOf(component, event)
    for (const component of new Set(countable.map(({ component }) => component))) {
      for (const level of logLevels) this.#lineTallyOf(component, level)
    }
  }

  line(component: LogComponent, level: LogLevel): void {
    this.#counts = undefined
    this.#lineTallyOf(component, level).count++
  }

  /** `nowMs`: this machine's time of day. */
  event(event: LogEvent, nowMs: number): void {
    if (event.severity === 'noise') return
    const tally = this.#tallyOf(event.component, event.event)
    const { at } = event
    tally.count++
    this.#counts = undefined
    if (at !== undefined && at - nowMs < aheadMs) tally.lastAt = Math.max(at, tally.lastAt ?? at)
    this.#ring[this.#taken++ % mostKept] = event
  }

  get counts(): Counts {
    this.#counts ??= {
      events: ofAll(this.#events).map(({ key, count, lastAt }) => ({ ...key, count, lastAt })),
      lines: ofAll(this.#lines).map(({ key, count }) => ({ ...key, count })),
    }
    return this.#counts
  }

  get taken(): number {
    return this.#taken
  }

  get newest(): readonly LogEvent[] {
    if (this.#isNewestOf !== this.#taken) {
      for (let n = Math.max(this.#isNewestOf, this.#taken - mostKept); n < this.#taken; n++) {
        const event = this.#ring[n % mostKept]
        if (event !== undefined) this.#ring[n % mostKept] = retained(event)
      }
      const oldest = this.#taken > mostKept ? this.#taken % mostKept : 0
      this.#newest = [...this.#ring.slice(oldest), ...this.#ring.slice(0, oldest)]
      this.#isNewestOf = this.#taken
    }
    return this.#newest
  }

  #tallyOf(component: LogComponent, event: string): Growing<Countable> {
    const make = () => ({ key: { component, event }, count: 0, lastAt: undefined })
    return getOrMake(getOrMake(this.#events, component, newMap<string, Growing<Countable>>), event, make)
  }

  #lineTallyOf(component: LogComponent, level: LogLevel): Growing<LevelOf> {
    const make = () => ({ key: { component, level }, count: 0, lastAt: undefined })
    return getOrMake(getOrMake(this.#lines, component, newMap<LogLevel, Growing<LevelOf>>), level, make)
  }
}

const newMap = <Key, Value>(): Map<Key, Value> => new Map<Key, Value>()

function ofAll<T>(tallies: ReadonlyMap<LogComponent, ReadonlyMap<string, T>>): readonly T[] {
  return [...tallies.values()].flatMap((ofComponent) => [...ofComponent.values()])
}

function getOrMake<Key, Value>(map: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = map.get(key)
  if (known !== undefined) return known
  const made = make()
  map.set(key, made)
  return made
}
