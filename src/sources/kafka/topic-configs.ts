import { addressText } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import type { Roster } from '../../model/roster.ts'
import type { Failure } from '../../model/result.ts'
import type { AnsweringBroker } from './answering.ts'
import type { ConfigDraft } from './config-draft.ts'
import { topicKeys } from './config-keys.ts'
import type { ConnectionOptions } from './connection.ts'
import { describeConfigsCall } from './describe-configs.ts'
import { Pool } from './pool.ts'
import { Unanswered } from './unanswered.ts'

export interface TopicConfigsOptions {
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly sent: (api: string) => void
  readonly failed: (broker: AnsweringBroker, failure: Failure) => void
  readonly refused: (broker: AnsweringBroker, errors: ReadonlySet<number>) => void
  /** A broker that owed an answer has given one. */
  readonly late: () => void
  /** 0 <= x < 1. */
  readonly random: () => number
}

/** In ZooKeeper mode each topic costs the broker a read from ZooKeeper, and ties one of its threads up meanwhile. */
const mostTopics = 500
/** After a silence fewer are asked for: a slow ensemble may take longer for many than we wait. */
const fewestTopics = 10

/** Asks one broker for the settings of topics, and knows who must not be asked: see `Unanswered`. */
export class TopicConfigs {
  readonly #options: TopicConfigsOptions
  readonly #pool: Pool
  readonly #unanswered = new Unanswered()
  /** The broker that told of topics last. */
  #teller: string | undefined
  #batch = mostTopics

  constructor(options: TopicConfigsOptions) {
    this.#options = options
    this.#pool = new Pool(options.connection, options.sent, {
      late: (text) => {
        this.#unanswered.answered(text)
        options.late()
      },
      closed: (text) => this.#unanswered.cut(text),
    })
  }

  /** For every expected broker, answering or not: one that is silent for a moment still owes what it owes. */
  keep(roster: Roster): void {
    const addresses = [...roster.values()].flatMap(({ address }) => address ?? [])
    this.#pool.keep(addresses)
    this.#unanswered.keep(new Set(addresses.map(addressText)))
  }

  /** One request after another. What is not told by `until` is due again at the next look. Whether anything was told. */
  async ask(
    draft: ConfigDraft,
    topics: readonly string[],
    brokers: readonly AnsweringBroker[],
    until: number,
  ): Promise<boolean> {
    const { clock, failed, refused } = this.#options
    const broker = this.#whomToAsk(brokers)
    if (broker === undefined) return false
    let told = false
    for (let from = 0; from < topics.length && clock().mono < until;) {
      const names = topics.slice(from, from + this.#batch)
      from += names.length
      const question: { sent?: boolean } = {}
      const answer = await this.#pool.ask(
        broker.address,
        (versions) => {
          const call = describeConfigsCall(versions, 'topic', names, topicKeys)
          question.sent = call !== undefined
          return call
        },
        until - clock().mono,
      )
      if (!answer.ok) {
        failed(broker, answer.failure)
        // An answer that makes no sense is one; a connection that did not come about was asked for nothing.
        if (question.sent === true && answer.failure.reason !== 'protocol') this.#silent(broker, answer.failure)
        this.#teller = undefined
        return told
      }
      this.#unanswered.answered(broker.text)
      this.#teller = broker.text
      this.#batch = Math.min(mostTopics, this.#batch * 2)
      refused(broker, draft.takeTopics(answer.value, clock().mono))
      told = true
    }
    return told
  }

  close(): void {
    this.#pool.close()
  }

  #silent(broker: AnsweringBroker, { reason }: Failure): void {
    this.#unanswered.owes(broker, this.#options.clock().mono, reason !== 'hung')
    this.#batch = Math.max(fewestTopics, Math.floor(this.#batch / 4))
  }

  /** At random: many exporters must not all tie up a thread of the same broker. */
  #whomToAsk(brokers: readonly AnsweringBroker[]): AnsweringBroker | undefined {
    const able = this.#unanswered.askable(brokers, this.#options.clock().mono)
    const any = able[Math.floor(this.#options.random() * able.length)]
    return able.find(({ text }) => text === this.#teller) ?? any
  }
}
