import type { Configs } from '../../model/configs.ts'
import type { Clock } from '../../model/instant.ts'
import { failed, type Failure } from '../../model/result.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { answeringBrokers, type AnsweringBroker } from './answering.ts'
import { errorCodes } from './api.ts'
import { ConfigDraft } from './config-draft.ts'
import { brokerKeys } from './config-keys.ts'
import { dueBrokers, dueTopics } from './configs-due.ts'
import type { ConnectionOptions } from './connection.ts'
import { describeConfigsCall } from './describe-configs.ts'
import { Pool } from './pool.ts'
import { TopicConfigs } from './topic-configs.ts'

export interface ConfigsOptions {
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly notes: Notes
  /** A broker that owed an answer has given one: asks for an immediate look. */
  readonly look: () => void
  /** Without ZooKeeper a question for a topic's settings ties up one of the broker's threads until it is back. */
  readonly isQuorumLost: () => boolean
  readonly pace: Pace
  /** 0 <= x < 1; for tests. */
  readonly random?: () => number
}

/** Short of the look's own deadline, so that what was told in time is kept. */
const marginMs = 200
/** Room for 500 topics: what trickles in on a connection that is only listened to is kept. */
const largestFrame = 1024 * 1024

/**
 * Settings of topics and brokers, named keys only. A look asks for what is due: topics that are new, or unhealthy and read
 * 15 s ago, or read 300 s ago, all of one broker; and each broker about itself, on other connections.
 */
export class ConfigsSource implements Source<Configs> {
  readonly name = 'configs'
  readonly apis = ['ApiVersions', 'DescribeConfigs']
  readonly pace: Pace
  readonly #options: ConfigsOptions
  readonly #topics: TopicConfigs
  readonly #brokers: Pool

  constructor(options: ConfigsOptions) {
    const { clock, notes, look, random = Math.random } = options
    this.#options = options
    this.pace = options.pace
    const connection = { ...options.connection, largestFrame }
    const sent = (api: string): void => notes.sent(api)
    this.#brokers = new Pool(connection, sent)
    this.#topics = new TopicConfigs({
      connection,
      clock,
      sent,
      failed: (broker, failure) => this.#failed(broker, failure),
      refused: (broker, errors) => this.#noteErrors(broker, errors),
      late: look,
      random,
    })
  }

  async observe({ view }: Look): Promise<Configs | undefined> {
    const partitions = view.topology?.value.partitions
    // Without liveness nobody can say who answers; nor is anybody gone.
    if (partitions === undefined || view.liveness === undefined) return undefined
    const now = this.#options.clock().mono
    const brokers = answeringBrokers(view)
    const draft = new ConfigDraft(view.configs?.value, partitions.layout, now)
    const topics = this.#options.isQuorumLost() ? [] : dueTopics(partitions, draft, now)
    const due = dueBrokers(brokers, draft, now)
    this.#topics.keep(view.roster)
    this.#brokers.keep(brokers.map(({ address }) => address))
    if (topics.length === 0 && due.length === 0) return draft.unlessChanged(view.configs?.value)
    const until = now + this.pace.deadlineMs - marginMs
    const told = await Promise.all([
      topics.length > 0 && this.#topics.ask(draft, topics, brokers, until),
      ...due.map((broker) => this.#askBroker(draft, broker)),
    ])
    return told.includes(true) ? draft.finish() : undefined
  }

  close(): void {
    this.#topics.close()
    this.#brokers.close()
  }

  async #askBroker(draft: ConfigDraft, broker: AnsweringBroker): Promise<boolean> {
    const answer = await this.#brokers.ask(
      broker.address,
      (versions) => describeConfigsCall(versions, 'broker', [String(broker.id)], brokerKeys),
      this.pace.deadlineMs - marginMs,
    )
    if (!answer.ok) {
      this.#failed(broker, answer.failure)
      return false
    }
    const errors = draft.takeBroker(broker.id, answer.value, this.#options.clock().mono)
    this.#noteErrors(broker, errors)
    return errors.size === 0
  }

  #noteErrors(broker: AnsweringBroker, errors: ReadonlySet<number>): void {
    for (const error of errors) {
      const refused = error === errorCodes.topicAuthorizationFailed || error === errorCodes.clusterAuthorizationFailed
      this.#failed(broker, failed(refused ? 'auth' : 'protocol', `DescribeConfigs: error ${error}`).failure)
    }
  }

  #failed({ text }: AnsweringBroker, failure: Failure): void {
    this.#options.notes.failed(text, failure)
  }
}
