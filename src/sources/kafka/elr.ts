import type { EligibleReplicas, Elr } from '../../model/elr.ts'
import { modeOf } from '../../model/liveness.ts'
import { success, type Result } from '../../model/result.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { answeringBrokers, type AnsweringBroker } from './answering.ts'
import { timed } from './busy.ts'
import type { ConnectionOptions } from './connection.ts'
import { describeTopicPartitionsCall, type Cursor, type DescribedPartitions } from './describe-topic-partitions.ts'
import { partitionsDue } from './elr-due.ts'
import { Pool } from './pool.ts'

export interface ElrOptions {
  readonly connection: ConnectionOptions
  readonly notes: Notes
  readonly pace: Pace
}

/** Kafka's own limit (max.request.partition.size.limit): of more it gives only so many. */
const pageSize = 2_000
/** Of replies in one look; what lies beyond is left for when the first are well again. */
const mostPages = 10
/** A page of partitions with dozens of replicas each. */
const largestFrame = 4 * 1024 * 1024

const none: Elr = { partitions: new Map() }

type Due = ReturnType<typeof partitionsDue>

/**
 * Eligible leader replicas (KIP-966) of the partitions that may have any, as the broker whose metadata is believed knows them. In
 * ZooKeeper mode and before Kafka 3.8 there are none, and nothing is asked; nor while every partition has what it needs.
 */
export class ElrSource implements Source<Elr> {
  readonly name = 'elr'
  readonly apis = ['ApiVersions', 'DescribeTopicPartitions']
  readonly pace: Pace
  readonly #notes: Notes
  readonly #pool: Pool

  constructor({ connection, notes, pace }: ElrOptions) {
    this.pace = pace
    this.#notes = notes
    this.#pool = new Pool({ ...connection, largestFrame }, (api) => notes.sent(api))
  }

  async observe({ view, signal }: Look): Promise<Elr | undefined> {
    const topology = view.topology?.value
    const mode = modeOf(view.liveness?.value)
    if (mode === 'zookeeper') return none
    if (mode === undefined || topology === undefined) return undefined
    const due = timed(this.#notes, () => partitionsDue(topology.partitions, view.configs?.value))
    if (due.size === 0) return none
    const brokers = answeringBrokers(view)
    const broker = brokers.find(({ text }) => text === topology.askedOf[0]) ?? brokers[0]
    if (broker === undefined) return undefined
    this.#pool.keep([broker.address])
    const until = performance.now() + this.pace.deadlineMs - 100
    return this.#pages(broker, due, until, signal)
  }

  close(): void {
    this.#pool.close()
  }

  async #pages(broker: AnsweringBroker, due: Due, until: number, signal: AbortSignal): Promise<Elr | undefined> {
    const topics = [...due.keys()].sort()
    const partitions = new Map<string, Map<number, EligibleReplicas>>()
    let cursor: Cursor | undefined
    for (let page = 0; page < mostPages && !signal.aborted; page++) {
      const answer = await this.#page(broker, topics, cursor, until - performance.now())
      if (!answer.ok) {
        this.#notes.failed(broker.text, answer.failure)
        return undefined
      }
      take(answer.value, due, partitions)
      const { next } = answer.value
      // A cursor that does not move would be asked for again and again.
      if (next === undefined || (next.topic === cursor?.topic && next.partition <= cursor.partition)) break
      cursor = next
    }
    return { partitions }
  }

  async #page(
    { address }: AnsweringBroker,
    topics: readonly string[],
    cursor: Cursor | undefined,
    leftMs: number,
  ): Promise<Result<DescribedPartitions>> {
    const seen = { isOffered: true }
    const answer = await this.#pool.ask(
      address,
      (versions) => {
        const call = describeTopicPartitionsCall(versions, topics, pageSize, cursor)
        seen.isOffered = call !== undefined
        return call
      },
      Math.max(1, leftMs),
    )
    return seen.isOffered ? answer : success({ partitions: [], next: undefined })
  }
}

/** Only what was due: the reply tells of the topics' other partitions, too. */
function take({ partitions }: DescribedPartitions, due: Due, into: Map<string, Map<number, EligibleReplicas>>): void {
  for (const { topic, partition, ...told } of partitions) {
    if (due.get(topic)?.has(partition) !== true) continue
    const ofTopic = into.get(topic) ?? new Map<number, EligibleReplicas>()
    ofTopic.set(partition, told)
    into.set(topic, ofTopic)
  }
}
