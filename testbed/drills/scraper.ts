import { Agent } from 'node:http'
import { fetchText } from '../fetch-text.ts'
import { parseExposition, type Exposition } from './exposition.ts'

export interface Scrape {
  /** performance.now() when the answer was complete, or given up. */
  readonly at: number
  readonly tookMs: number
  readonly text: string | undefined
  readonly exposition: Exposition | undefined
  readonly error: string | undefined
}

const EVERY_MS = 100
export const SCRAPE_DEADLINE_MS = 1000

/** Reads /metrics every 100 ms; a slow answer delays the next look, it is never overlapped. */
export class Scraper {
  readonly #url: string
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 1 })
  readonly #hear: (scrape: Scrape) => void
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  constructor(url: string, hear: (scrape: Scrape) => void) {
    this.#url = url
    this.#hear = hear
  }

  start(): void {
    void this.#look()
  }

  async #look(): Promise<void> {
    const began = performance.now()
    let exposition: Exposition | undefined
    let text: string | undefined
    let error: string | undefined
    let at: number
    try {
      text = await fetchText(this.#url, this.#agent, AbortSignal.timeout(SCRAPE_DEADLINE_MS))
      at = performance.now()
      exposition = parseExposition(text)
    } catch (failure) {
      at = performance.now()
      error = failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure)
    }
    if (this.#stopped) return
    this.#hear({ at, tookMs: at - began, text, exposition, error })
    const wait = Math.max(0, began + EVERY_MS - performance.now())
    this.#timer = setTimeout(() => void this.#look(), wait)
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
    this.#agent.destroy()
  }
}
