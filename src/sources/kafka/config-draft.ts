import { configMaxAgeMs, noConfigs, type BrokerConfig, type Configs, type TopicConfig } from '../../model/configs.ts'
import type { Layout } from '../../model/topology.ts'
import { errorCodes } from './api.ts'
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

  /** Gives the error code that came, if any. */
  takeBroker(id: number, resources: readonly DescribedResource[], now: number): ReadonlySet<number> {
    const { error = 0, values = new Map<string, string>() } = resources[0] ?? {}
    this.#refusedBrokers.delete(id)
    if (error === errorCodes.clusterAuthorizationFailed) this.#refusedBrokers.add(id)
    this.#brokers.set(id, { values, observedAt: now })
    return new Set(error === 0 ? [] : [error])
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

/** Nine digits at most: more is no count of replicas. */
function wholeNumber(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}

function truth(text: string | undefined): boolean | undefined {
  return text === 'true' ? true : text === 'false' ? false : undefined
}
