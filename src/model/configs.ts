/** Settings may be believed for this long after they were read, each by itself. */
export const configMaxAgeMs = 900_000

/** What a topic is set to: its own setting where it has one, else what it inherits. undefined = not told. */
export interface TopicConfig {
  readonly minInsyncReplicas: number | undefined
  readonly uncleanElection: boolean | undefined
  /** `mono` ms of the answer. */
  readonly observedAt: number
}

/** Settings of one broker by key, as Kafka writes them. */
export interface BrokerConfig {
  readonly values: ReadonlyMap<string, string>
  /** `mono` ms of the answer. */
  readonly observedAt: number
}

/** Settings that decide how a cluster fails over; each entry ages by itself. */
export interface Configs {
  readonly topics: ReadonlyMap<string, TopicConfig>
  readonly brokers: ReadonlyMap<number, BrokerConfig>
  /** Topics, and brokers, whose settings Kafka refuses to show to this exporter's user. */
  readonly refusedTopics: ReadonlySet<string>
  readonly refusedBrokers: ReadonlySet<number>
}

export const noConfigs: Configs = {
  topics: new Map(),
  brokers: new Map(),
  refusedTopics: new Set(),
  refusedBrokers: new Set(),
}
