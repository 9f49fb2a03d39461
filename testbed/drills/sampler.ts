/** One answer, or why there was none. */
export interface Sample<Words> {
  /** performance.now() when the answer, or the failure, was there. */
  readonly at: number
  readonly words: Words | undefined
  readonly error: string | undefined
}

/** How one server is asked, from a start to the stop. */
export interface Asking<Words> {
  ask(): Promise<Words>
  close?(): void
}

/** Asks one server `everyMs` after it was asked before, or when that is answered. What it was asked before a stop is dropped. */
export class Sampler<Words> {
  readonly #everyMs: number
  readonly #begin: () => Asking<Words>
  readonly #hear: (sample: Sample<Words>) => void
  #timer: NodeJS.Timeout | undefined
  #asking: Asking<Words> | undefined

  constructor(everyMs: number, begin: () => Asking<Words>, hear: (sample: Sample<Words>) => void) {
    this.#everyMs = everyMs
    this.#begin = begin
    this.#hear = hear
  }

  /** Not asked while it is paused: a stopped process accepts 51 connections, and they are the exporter's to use. */
  start(): void {
    this.stop()
    const asking = this.#begin()
    this.#asking = asking
    void this.#look(asking)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#asking?.close?.()
    this.#asking = undefined
  }

  async #look(asking: Asking<Words>): Promise<void> {
    const began = performance.now()
    let words: Words | undefined
    let error: string | undefined
    try {
      words = await asking.ask()
    } catch (failure) {
      error = failure instanceof Error ? failure.message : String(failure)
    }
    if (asking !== this.#asking) return
    this.#hear({ at: performance.now(), words, error })
    const wait = Math.max(0, began + this.#everyMs - performance.now())
    this.#timer = setTimeout(() => void this.#look(asking), wait)
  }
}
