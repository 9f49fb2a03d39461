const firstPauseMs = 100
const longestPauseMs = 3_000

/** After so many rounds in which no server would have us, how long to leave them alone: doubling, bounded, scattered. */
export function pauseMs(rounds: number, random: () => number): number {
  return Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(rounds - 1, 10)) * (0.5 + random() / 2)
}

export function shuffled<T>(items: readonly T[], random: () => number): readonly T[] {
  return items
    .map((item) => ({ item, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ item }) => item)
}

/** A wait that can be cut short, for good. */
export class Pause {
  #end: (() => void) | undefined
  #ended = false

  async wait(ms: number): Promise<void> {
    if (this.#ended) return
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, ms)
      this.#end = () => {
        clearTimeout(timer)
        resolve()
      }
    })
    this.#end = undefined
  }

  end(): void {
    this.#ended = true
    this.#end?.()
  }
}
