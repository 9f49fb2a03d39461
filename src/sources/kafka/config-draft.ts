import { configMaxAgeMs, noConfigs, type BrokerConfig, type Configs, type TopicConfig } from '../../model/configs.ts'
import type { Layout } from '../../model/topology.ts'
import { errorCodes } from './api.ts'
import { brokerKeys } from './config-keys.ts'
import type { DescribedResource } from './describe-configs.ts'

/** The settings known so far, on the way to a new fact: what is gone or too old is left out, what is told comes in. */
export class ConfigDraft {
  readonly #topics = new Map<string, TopicConfig>()
  readonly #brokers = new Map<number, BrokerConfig>()
  readonly #refusedTopics = new Set<string>()
  readonly #refusedBrokers = new Set<number>()

  constructor(last: Configs | undefined, layout: Layout, now: number) {
    const { topics, brokers, refusedTopics, refusedBrokers } = last ?? noConfigs
    for (const { name } of layout.topics) {
      const known = topics.get(name)
      if (known === undefined || now - known.observedAt > configMaxAgeMs) continue
      this.#topics.set(name, known)
      if (refusedTopics.has(name)) this.#refusedTopics.add(name)
    }
    for (const [id, known] of brokers) {
      if (now - known.observedAt > configMaxAgeMs) continue
      this.#brokers.set(id, known)
      if (refusedBrokers.has(id)) this.#refusedBrokers.add(id)
    }
  }

  /** `mono` ms, -Infinity if never. */
  topicReadAt(name: string): number {
    return this.#topics.get(name)?.observedAt ?? -Infinity
  }

  brokerReadAt(id: number): number {
    return this.#brokers.get(id)?.observedAt ?? -Infinity
  }

  /** Gives the error codes that came. What is refused is as good as read: asking again at once would bring the same. */
  takeTopics(resources: readonly DescribedResource[], now: number): ReadonlySet<number> {
    const errors = new Set<number>()
    for (const { name, error, values } of resources) {
      this.#refusedTopics.delete(name)
      if (error !== 0) errors.add(error)
      if (error === errorCodes.topicAuthorizationFailed) this.#refusedTopics.add(name)
      else if (error !== 0) continue
      this.#topics.set(name, {
        minInsyncReplicas: wholeNumber(values.get('min.insync.replicas')),
        uncleanElection: truth(values.get('unclean.leader.election.enable')),
        observedAt: now,
      })
    }
    return errors
  }

  /** Gives the error code that came, if any. What was known stays, unless it is refused now. */
  takeBroker(id: number, resources: readonly DescribedResource[], now: number): ReadonlySet<number> {
    const told = resources.find(({ name }) => name === String(id))
    const error = told?.error ?? unknownServerError
    const isRefused = error === errorCodes.clusterAuthorizationFailed
    if (told === undefined || (error !== 0 && !isRefused)) return new Set([error])
    if (isRefused) this.#refusedBrokers.add(id)
    else this.#refusedBrokers.delete(id)
    // Servers that ignore which keys were asked for must not make series of all they have.
    const values = new Map(brokerKeys.flatMap((key) => entryOf(told.values, key)))
    this.#brokers.set(id, { values, observedAt: now })
    return new Set(isRefused ? [error] : [])
  }

  /** `last` itself where nothing of it was left out and nothing came in. */
  unlessChanged(last: Configs | undefined): Configs {
    const isSame = last?.topics.size === this.#topics.size && last.brokers.size === this.#brokers.size
    return isSame ? last : this.finish()
  }

  finish(): Configs {
    return {
      topics: this.#topics,
      brokers: this.#brokers,
      refusedTopics: this.#refusedTopics,
      refusedBrokers: this.#refusedBrokers,
    }
  }
}

/** Kafka's code for what has no other; here: an answer that is not about this broker. */
const unknownServerError = -1

function entryOf(values: ReadonlyMap<string, string>, key: string): [string, string][] {
  const value = values.get(key)
  return value === undefined ? [] : [[key, value]]
}

/** Nine digits at most: more is no count of replicas. */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

function truth(text: string | undefined): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}
