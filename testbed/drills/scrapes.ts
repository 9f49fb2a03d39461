import type { Check, Moment } from './moment.ts'
import { SCRAPE_DEADLINE_MS, type Scrape } from './scraper.ts'

/** Every scrape answers in time with a well-formed page, and no counter of the process ever falls. */
export class ScrapeWatch {
  #count = 0
  #failures = 0
  #firstFailure: string | undefined
  #worstMs = 0
  readonly #counters = new Map<string, number>()
  #fallen: string | undefined

  hear({ error, tookMs }: Scrape, at: number): void {
    this.#count++
    if (error === undefined) this.#worstMs = Math.max(this.#worstMs, tookMs)
    else {
      this.#failures++
      this.#firstFailure ??= `at +${(at / 1000).toFixed(1)} s ${error}`
    }
  }

  step({ cause, metrics, at }: Moment): void {
    if (cause !== 'scrape' || metrics === undefined) return
    for (const [key, { family, value }] of metrics.exposition.series) {
      if (metrics.exposition.types.get(family) !== 'counter') continue
      const before = this.#counters.get(key) ?? 0
      if (value < before) this.#fallen ??= `at +${(at / 1000).toFixed(1)} s ${key} fell from ${before} to ${value}`
      this.#counters.set(key, value)
    }
  }

  checks(): Check[] {
    const scraped = `${this.#failures} of ${this.#count} scrapes failed`
    const detail =
      this.#firstFailure === undefined ? `${this.#count} scrapes` : `${scraped}, first ${this.#firstFailure}`
    return [
      {
        kind: 'rule',
        name: 'every scrape answers, well-formed',
        ok: this.#failures === 0 && this.#count > 0,
        seconds: this.#worstMs / 1000,
        withinS: SCRAPE_DEADLINE_MS / 1000,
        detail,
      },
      {
        kind: 'rule',
        name: 'no counter falls',
        ok: this.#fallen === undefined,
        detail: this.#fallen ?? `${this.#counters.size} counters`,
      },
    ]
  }
}
