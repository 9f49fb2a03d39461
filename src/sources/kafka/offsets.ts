import { addressText, type Address } from '../../model/address.ts'
import type { Clock } from '../../model/instant.ts'
import { failed } from '../../model/result.ts'
import type { Offsets } from '../../model/offsets.ts'
import type { Partitions } from '../../model/topology.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { answeringBrokers } from './answering.ts'
import { timed } from './busy.ts'
import type { ConnectionOptions } from './connection.ts'
import { earliest, latest } from './list-offsets.ts'
import { carriedOver, take } from './offset-columns.ts'
import { offsetsQuestions, type OffsetsQuestion, type OffsetsQuestions } from './offset-questions.ts'
import { Pool } from './pool.ts'
import { inItsOwnTurn } from './turns.ts'

export interface OffsetsOptions {
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly notes: Notes
  /** A leader says it is not: the topology is out of date. */
  readonly topologyIsStale: () => void
  readonly pace: Pace
}

const notLeader = 6

/**
 * Log end and log start of every partition: two ListOffsets to each leader that answers its probes, all in parallel. What
 * a leader does not tell this time stays as it was told before, with its age.
 */
export class OffsetsSource implements Source<Offsets> {
  readonly name = 'offsets'
  readonly apis = ['ApiVersions', 'ListOffsets']
  readonly pace: Pace
  readonly #options: OffsetsOptions
  readonly #pool: Pool
  #questions: OffsetsQuestions | undefined

  constructor(options: OffsetsOptions) {
    this.#options = options
    this.pace = options.pace
    this.#pool = new Pool(options.connection, (api) => options.notes.sent(api))
  }

  async observe({ view }: Look): Promise<Offsets | undefined> {
    const partitions = view.topology?.value.partitions
    if (partitions === undefined) return undefined
    const { notes } = this.#options
    const { questions } = (this.#questions = timed(notes, () => offsetsQuestions(this.#questions, partitions)))
    // Asking a broker that is down would only wait; one of another cluster behind a re-used address would tell of its own.
    const answering = new Map(answeringBrokers(view).map(({ id, address }) => [id, address]))
    const askable = questions.flatMap((question) => {
      const address = answering.get(question.leader)
      return address === undefined ? [] : [{ question, address }]
    })
    this.#pool.keep(askable.map(({ address }) => address))
    const columns = timed(notes, () => carriedOver(view.offsets?.value, partitions.layout))
    const answered = await Promise.all(
      askable.map(({ question, address }) => this.#ask(columns, partitions, question, address)),
    )
    return questions.length > 0 && !answered.includes(true) ? undefined : columns
  }

  close(): void {
    this.#pool.close()
  }

  /** Both ends of some partitions, of their leader; what it tells goes into the columns. */
  async #ask(columns: Offsets, partitions: Partitions, question: OffsetsQuestion, address: Address): Promise<boolean> {
    const { clock, notes } = this.#options
    // Its encoding takes a millisecond or two, and there may be a hundred of them.
    await inItsOwnTurn(() => undefined)
    const ask = (timestamp: typeof latest | typeof earliest) =>
      this.#pool.ask(
        address,
        (versions) => {
          const call = timed(notes, () => question.call(versions, timestamp))
          return call && { ...call, decode: (reply) => timed(notes, () => call.decode(reply)) }
        },
        this.pace.deadlineMs - 100,
      )
    const [ends, starts] = await Promise.all([ask(latest), ask(earliest)])
    for (const answer of [ends, starts]) if (!answer.ok) notes.failed(addressText(address), answer.failure)
    if (!ends.ok || !starts.ok) return false

    const now = clock().mono
    const { leader } = question
    const errors = timed(notes, () => {
      const [ofEnds, ofStarts] = [
        take(columns, 'latest', ends.value, partitions, leader, now),
        take(columns, 'earliest', starts.value, partitions, leader, now),
      ]
      return new Set([...ofEnds, ...ofStarts])
    })
    if (errors.delete(notLeader)) this.#options.topologyIsStale()
    for (const error of errors) {
      notes.failed(addressText(address), failed('protocol', `ListOffsets: partitions with error ${error}`).failure)
    }
    return true
  }
}
