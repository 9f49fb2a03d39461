import { sameLayout, topicsByName, type Layout } from '../../model/topology.ts'

/**
 * A topic that nobody has. Kafka asks whether a name may be described before it looks whether there is such a topic, so who is
 * refused this one may not see every topic.
 */
const sentinel = 'kafka-ha-exporter.may-describe-any-topic'
const everyMs = 60_000
/** A topic that vanished and is refused may as well have been deleted together with its ACL: after this long nobody cares. */
const forgetMs = 600_000
/** Of topics that vanish at once, this many are asked for by name. */
const mostNames = 100

/**
 * Which topics may be there and hidden. A listing leaves out what its reader may not see (Describe on the topic); asked for
 * by name, such a topic is refused. Internal topics are never asked for by name: brokers before Kafka 2.8 create them then,
 * whatever the request says.
 */
export class Sight {
  /** Name -> `mono` ms since when it is missing. */
  #hidden: ReadonlyMap<string, number> = new Map()
  #askedAt = -Infinity

  get hidden(): readonly string[] {
    return [...this.#hidden.keys()]
  }

  /** The names to ask for, given what is listed now and was listed before: those that vanished, and all once a minute. */
  due(listed: Layout, before: Layout | undefined, now: number): readonly string[] {
    const names = topicsByName(listed)
    const known = before === undefined || sameLayout(before, listed) ? [] : before.topics
    const isOver = (name: string, since: number): boolean =>
      names.has(name) || (name !== sentinel && now - since > forgetMs)
    this.#hidden = new Map([...this.#hidden].filter(([name, since]) => !isOver(name, since)))
    const turn = now - this.#askedAt >= everyMs ? [sentinel, ...this.#hidden.keys()] : []
    const vanished = known.filter(({ name, internal }) => !internal && !names.has(name)).map(({ name }) => name)
    if (turn.length > 0) this.#askedAt = now
    return [...new Set([...turn, ...vanished])].slice(0, mostNames)
  }

  take(asked: readonly string[], refused: readonly string[], now: number): void {
    const again = new Set(asked)
    const kept = [...this.#hidden].filter(([name]) => !again.has(name))
    const found = refused.filter((name) => again.has(name))
    this.#hidden = new Map([...kept, ...found.map((name) => [name, this.#hidden.get(name) ?? now] as const)])
  }
}
