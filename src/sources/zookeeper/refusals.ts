import type { Word } from './word.ts'

/** Whitelists are changed by a restart, which is noticed; this is for a restart that was missed. */
const forgetMs = 300_000

/** The words that one server does not execute, so that they need not be tried again and again. */
export class Refusals {
  /** Word -> `mono` ms of its refusal. */
  readonly #refused = new Map<Word, number>()

  get words(): ReadonlySet<Word> {
    return new Set(this.#refused.keys())
  }

  add(word: Word, now: number): void {
    this.#refused.set(word, now)
  }

  /** Whether it is worth asking. */
  allows(word: Word, now: number): boolean {
    const since = this.#refused.get(word)
    if (since !== undefined && now - since >= forgetMs) this.#refused.delete(word)
    return !this.#refused.has(word)
  }

  /** The server was away, and may have come back with another configuration. */
  forget(): void {
    this.#refused.clear()
  }
}
