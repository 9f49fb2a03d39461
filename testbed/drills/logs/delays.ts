/** How long it takes from the time in a line to its count on /metrics. */
import type { Check } from '../moment.ts'
import type { EventKey, Written } from './written.ts'

/** Every other look at calm pace for a file that was quiet, the quiet that ends a line whose stack trace may follow, and a scrape. */
const WITHIN_S = 3
/** A line's time is taken before it is written, and both clocks are one. */
const EARLY_MS = 20

interface Step {
  readonly at: number
  readonly count: number
}

export class Delays {
  readonly #steps = new Map<EventKey, Step[]>()
  #lastAt = 0

  /** `at`: ms since 1970. */
  hear(events: ReadonlyMap<EventKey, number>, at: number): void {
    this.#lastAt = at
    for (const [key, count] of events) {
      const steps = this.#steps.get(key) ?? []
      if ((steps.at(-1)?.count ?? 0) === count) continue
      steps.push({ at, count })
      this.#steps.set(key, steps)
    }
  }

  /** The counts rise with the lines: the k-th line of a kind is there when its count is k. */
  check({ events }: Written): Check {
    const base = { kind: 'logs', name: 'a line is written -> it is counted', withinS: WITHIN_S } as const
    const wrong: string[] = []
    let [worstMs, worst, judged] = [0, 'none', 0]
    for (const [key, times] of events) {
      for (const [index, time] of times.entries()) {
        // Written within the last moments: the exporter still has its time.
        if (time > this.#lastAt - WITHIN_S * 1000) continue
        const shown = (this.#steps.get(key) ?? []).find(({ count }) => count > index)
        const delay = (shown?.at ?? this.#lastAt) - time
        judged++
        if (shown === undefined) wrong.push(`${key} of ${new Date(time).toISOString()} was never counted`)
        else if (delay < -EARLY_MS)
          wrong.push(`${key} was counted ${index + 1} times ${-delay} ms before it was written`)
        else if (delay > worstMs) [worstMs, worst] = [delay, key]
      }
    }
    const ok = wrong.length === 0 && worstMs <= WITHIN_S * 1000
    const detail = wrong.length > 0 ? wrong.slice(0, 5).join('\n') : `worst of ${judged}: ${worst}`
    return { ...base, ok, seconds: worstMs / 1000, detail }
  }
}
