import { sameLayout, topicsByName, type Layout } from '../../model/topology.ts'

/** Every cluster with consumer groups has it, so whoever may not see it does not see everything. */
const sentinel = '__consumer_offsets'
const everyMs = 60_000
/** Of topics that vanish at once, this many are asked for by name. */
const mostNames = 100

/**
 * Which topics are there and hidden. A listing leaves out what its reader may not see (Describe on the topic); asked for by
 * name, such a topic is refused, and one that does not exist is not.
 */
export class Sight {
  #hidden: readonly string[] = []
  #askedAt = -Infinity

  get hidden(): readonly string[] {
    return this.#hidden
  }

  /** The names to ask for, given what is listed now and was listed before: those that vanished, and all once a minute. */
  due(listed: Layout, before: Layout | undefined, now: number): readonly string[] {
    const names = topicsByName(listed)
    const known = before === undefined || sameLayout(before, listed) ? [] : before.topics.map(({ name }) => name)
    this.#hidden = this.#hidden.filter((name) => !names.has(name))
    const turn = now - this.#askedAt >= everyMs ? [sentinel, ...this.#hidden] : []
    const missing = [...turn, ...known].filter((name) => !names.has(name))
    if (turn.length > 0) this.#askedAt = now
    return [...new Set(missing)].slice(0, mostNames)
  }

  take(asked: readonly string[], refused: readonly string[]): void {
    const again = new Set(asked)
    this.#hidden = [...this.#hidden.filter((name) => !again.has(name)), ...refused.filter((name) => again.has(name))]
  }
}
