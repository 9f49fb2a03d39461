import type { EventClass, LogEvent } from '../../model/log-event.ts'
import type { FactName } from '../../model/view.ts'

/** Who should look at once, by what a line tells of. What is left out is seen soon enough, or changes nothing to see. */
const lookers: Readonly<Partial<Record<EventClass, readonly FactName[]>>> = {
  failover: ['liveness', 'topology', 'zookeeper', 'quorum'],
  session: ['sessions', 'znodes', 'topology'],
  quorum: ['zookeeper', 'quorum', 'sessions', 'topology'],
  controller: ['liveness', 'topology', 'znodes', 'quorum'],
  fatal: ['liveness', 'topology', 'zookeeper', 'quorum'],
}

/** Older lines are a backlog, or of another time zone than was said: whatever they tell of has been looked at since. */
const freshMs = 10_000
/** A line that is written over and over tells of a state, not of a change: a degraded cluster must become calm. */
const quietMs = 120_000
/** Sources are asked for at most this often, whatever the logs say. */
const gapMs = 1_000
/** Of the different things that are remembered as told. */
const mostTold = 1_000

/** Tells which lines are worth an immediate look. Moments are `mono` ms, but for the line's own time and `wall`. */
export class News {
  /** What happened to whom -> when it was last told of, the longest ago first. */
  readonly #told = new Map<string, number>()
  #wokenAt = -Infinity

  /** Whom to wake; nobody where it is no news. */
  wakesFor(event: LogEvent, now: { readonly mono: number; readonly wall: number }): readonly FactName[] {
    const names = lookers[event.class]
    if (names === undefined || (event.severity !== 'critical' && event.severity !== 'major')) return []
    if (event.at === undefined || Math.abs(now.wall - event.at) > freshMs) return []
    if (this.#wasTold(event, now.mono) || now.mono - this.#wokenAt < gapMs) return []
    this.#wokenAt = now.mono
    return names
  }

  /** Each repetition puts off the moment at which it is news again. */
  #wasTold({ event, fields: { peer, session } }: LogEvent, now: number): boolean {
    const what = `${event} ${peer ?? ''} ${session?.slice(0, 20) ?? ''}`
    const before = this.#told.get(what)
    this.#told.delete(what)
    this.#told.set(what, now)
    for (const oldest of this.#told.keys()) {
      if (this.#told.size <= mostTold) break
      this.#told.delete(oldest)
    }
    return before !== undefined && now - before < quietMs
  }
}
