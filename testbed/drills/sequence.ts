/** One value as several brokers tell it, each at its own pace: the order in which it changed, each change once. */

export interface Entry<Value> {
  readonly value: Value
  /** When the first broker told it, in ms of the drill's clock. */
  readonly at: number
}

export class Sequence<Value> {
  readonly #entries: Entry<Value>[] = []
  readonly #same: (a: Value, b: Value) => boolean
  /** Where in the sequence each broker is; absent: it has just come (back) and may repeat old words. */
  readonly #places = new Map<number, number>()

  constructor(same: (a: Value, b: Value) => boolean) {
    this.#same = same
  }

  get entries(): readonly Entry<Value>[] {
    return this.#entries
  }

  /**
   * True when it is news. `alone`: nobody else answers, so that what a broker repeats is all there is; so it is while nobody
   * who answers has told anything of it.
   */
  tell(broker: number, value: Value, at: number, alone: boolean): boolean {
    const place = this.#places.get(broker)
    const current = place === undefined ? undefined : this.#entries[place]
    if (current !== undefined && this.#same(current.value, value)) return false
    // What others have told since is no news from one that catches up.
    const known = this.#entries.findLastIndex((entry, index) => index > (place ?? -1) && this.#same(entry.value, value))
    if (known !== -1) {
      this.#places.set(broker, known)
      return false
    }
    const isFirst = alone || this.#places.size === 0
    if (place === undefined && this.#entries.length > 0 && !isFirst) return false
    this.#entries.push({ value, at })
    this.#places.set(broker, this.#entries.length - 1)
    return true
  }

  /** Counting begins here: only what holds now is kept, or, where nothing was known, nothing at all. */
  begin(keepNewest: boolean): void {
    const index = this.#entries.length - 1
    for (const [broker, place] of this.#places) {
      if (keepNewest && place === index) this.#places.set(broker, 0)
      else this.#places.delete(broker)
    }
    this.#entries.splice(0, keepNewest ? index : index + 1)
  }

  /** It no longer answers, or is not believed. */
  forget(broker: number): void {
    this.#places.delete(broker)
  }
}

/** Without what was over sooner than `ms` later: a look that comes every `ms` sees at least the rest. */
export function lasting<Value>(entries: readonly Entry<Value>[], ms: number, now: number): readonly Entry<Value>[] {
  return entries.filter(({ at }, index) => (entries[index + 1]?.at ?? now + ms) - at >= ms)
}
