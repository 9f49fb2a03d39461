import type { Configs } from '../../model/configs.ts'
import type { Clock } from '../../model/instant.ts'
import { failed, type Failure, type Result } from '../../model/result.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { errorCodes } from './api.ts'
import { answeringBrokers, type AnsweringBroker } from './answering.ts'
import { ConfigDraft } from './config-draft.ts'
import { brokerKeys, topicKeys } from './config-keys.ts'
import { dueBrokers, dueTopics } from './configs-due.ts'
import type { ConnectionOptions } from './connection.ts'
import { describeConfigsCall, type DescribedResource } from './describe-configs.ts'
import { Pool } from './pool.ts'
import { Unanswered } from './unanswered.ts'

export interface ConfigsOptions {
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly notes: Notes
  /** A broker that owed an answer has given one: asks for an immediate look. */
  readonly look: () => void
  readonly pace: Pace
  /** 0 <= x < 1; for tests. */
  readonly random?: () => number
}

/** In ZooKeeper mode each topic costs the broker a read from ZooKeeper, and ties one of its threads up meanwhile. */
const topicsPerRequest = 500
/** Room for that many: what trickles in on a connection that is only listened to is kept. */
const largestFrame = 1024 * 1024

/**
 * Settings of topics and brokers, named keys only. A look asks for what is due: topics that are new, or unhealthy and read
 * 15 s ago, or read 300 s ago, all of one broker; and each broker about itself.
 */
export class ConfigsSource implements Source<Configs> {
  readonly name = 'configs'
  readonly apis = ['ApiVersions', 'DescribeConfigs']
  readonly pace: Pace
  readonly #options: ConfigsOptions
  readonly #ofTopics: Pool
  readonly #ofBrokers: Pool
  readonly #unanswered = new Unanswered()
  /** The broker that told of topics last. */
  #teller: string | undefined

  constructor(options: ConfigsOptions) {
    const { connection, notes, look } = options
    this.#options = options
    this.pace = options.pace
    const sent = (api: string): void => notes.sent(api)
    this.#ofTopics = new Pool({ ...connection, largestFrame }, sent, (address) => {
      this.#unanswered.answered(address)
      look()
    })
    this.#ofBrokers = new Pool({ ...connection, largestFrame }, sent)
  }

  async observe({ view }: Look): Promise<Configs | undefined> {
    const partitions = view.topology?.value.partitions
    if (partitions === undefined) return undefined
    const now = this.#options.clock().mono
    const brokers = answeringBrokers(view)
    const draft = new ConfigDraft(view.configs?.value, partitions.layout, now)
    const topics = dueTopics(partitions, draft, now)
    const due = dueBrokers(brokers, draft, now)
    this.#ofTopics.keep(brokers.map(({ address }) => address))
    this.#ofBrokers.keep(brokers.map(({ address }) => address))
    this.#unanswered.keep(new Set(brokers.map(({ text }) => text)))
    if (topics.length === 0 && due.length === 0) return view.configs?.value ?? draft.finish()
    const told = await Promise.all([
      topics.length > 0 && this.#askTopics(draft, topics, brokers, now),
      ...due.map((broker) => this.#askBroker(draft, broker)),
    ])
    return told.includes(true) ? draft.finish() : undefined
  }

  close(): void {
    this.#ofTopics.close()
    this.#ofBrokers.close()
  }

  /** One request after another to one broker. What is not told before the deadline is due again at the next look. */
  async #askTopics(
    draft: ConfigDraft,
    topics: readonly string[],
    brokers: readonly AnsweringBroker[],
    startedAt: number,
  ): Promise<boolean> {
    const { clock } = this.#options
    const broker = this.#whomToAsk(brokers, startedAt)
    if (broker === undefined) return false
    let told = false
    const until = startedAt + this.pace.deadlineMs - 200
    for (let from = 0; from < topics.length && clock().mono < until; from += topicsPerRequest) {
      const names = topics.slice(from, from + topicsPerRequest)
      const answer = await this.#ask(this.#ofTopics, broker, 'topic', names, topicKeys, until - clock().mono)
      if (!answer.ok) {
        // Only what was sent can be owed: a connection that does not come about is no request.
        if (answer.failure.reason === 'hung') this.#unanswered.owes(broker.text, broker.returnedAt, clock().mono)
        this.#teller = undefined
        return told
      }
      this.#unanswered.answered(broker.text)
      this.#teller = broker.text
      this.#noteErrors(broker, draft.takeTopics(answer.value, clock().mono))
      told = true
    }
    return told
  }

  #whomToAsk(brokers: readonly AnsweringBroker[], now: number): AnsweringBroker | undefined {
    const able = brokers.filter(({ text, returnedAt }) => this.#unanswered.mayAsk(text, returnedAt, now))
    // At random: many exporters must not all tie up a thread of the same broker.
    const any = able[Math.floor((this.#options.random ?? Math.random)() * able.length)]
    return able.find(({ text }) => text === this.#teller) ?? any
  }

  async #askBroker(draft: ConfigDraft, broker: AnsweringBroker): Promise<boolean> {
    const deadlineMs = this.pace.deadlineMs - 200
    const answer = await this.#ask(this.#ofBrokers, broker, 'broker', [String(broker.id)], brokerKeys, deadlineMs)
    if (!answer.ok) return false
    this.#noteErrors(broker, draft.takeBroker(broker.id, answer.value, this.#options.clock().mono))
    return true
  }

  async #ask(
    pool: Pool,
    broker: AnsweringBroker,
    type: 'topic' | 'broker',
    names: readonly string[],
    keys: readonly string[],
    deadlineMs: number,
  ): Promise<Result<readonly DescribedResource[]>> {
    const call = (versions: Parameters<typeof describeConfigsCall>[0]) =>
      describeConfigsCall(versions, type, names, keys)
    const answer = await pool.ask(broker.address, call, deadlineMs)
    if (!answer.ok) this.#failed(broker, answer.failure)
    return answer
  }

  #noteErrors(broker: AnsweringBroker, errors: ReadonlySet<number>): void {
    for (const error of errors) {
      const refused = error === errorCodes.topicAuthorizationFailed || error === errorCodes.clusterAuthorizationFailed
      const detail = `DescribeConfigs: error ${error}`
      this.#failed(broker, failed(refused ? 'auth' : 'protocol', detail).failure)
    }
  }

  #failed({ text }: AnsweringBroker, failure: Failure): void {
    this.#options.notes.failed(text, failure)
  }
}
