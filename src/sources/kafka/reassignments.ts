import { addressText, type Address } from '../../model/address.ts'
import { modeOf } from '../../model/liveness.ts'
import type { Reassignments } from '../../model/reassignments.ts'
import { failed, type Failure } from '../../model/result.ts'
import type { View } from '../../model/view.ts'
import { isKraftInZookeeper } from '../../model/znodes.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import { answeringBrokers } from './answering.ts'
import { errorCodes, type ApiVersions } from './api.ts'
import type { ConnectionOptions } from './connection.ts'
import { listReassignmentsCall } from './list-reassignments.ts'
import { Pool } from './pool.ts'

export interface ReassignmentsOptions {
  readonly connection: ConnectionOptions
  readonly notes: Notes
  readonly pace: Pace
}

/** Some hundred thousand partitions under way. */
const largestFrame = 16 * 1024 * 1024

/**
 * Which reassignments are under way. ZooKeeper mode: asked of the controller, which answers from memory. KRaft: any broker
 * forwards the question to the active controller, and hangs while there is none; so it has a connection of its own. So does any in a migration.
 */
export class ReassignmentsSource implements Source<Reassignments> {
  readonly name = 'reassignments'
  readonly apis = ['ApiVersions', 'ListPartitionReassignments']
  readonly pace: Pace
  readonly #notes: Notes
  readonly #pool: Pool
  /** The address that failed last: in KRaft mode another broker may reach the controller. */
  #failing: string | undefined
  #isMigrating = false

  constructor({ connection, notes, pace }: ReassignmentsOptions) {
    this.pace = pace
    this.#notes = notes
    this.#pool = new Pool({ ...connection, largestFrame }, (api) => notes.sent(api))
  }

  async observe({ view }: Look): Promise<Reassignments | undefined> {
    const address = this.#whomToAsk(view)
    if (address === undefined) return undefined
    this.#pool.keep([address])
    const deadlineMs = this.pace.deadlineMs - 100
    const seen: { versions?: ApiVersions } = {}
    const answer = await this.#pool.ask(
      address,
      (versions) => {
        seen.versions = versions
        return listReassignmentsCall(versions, deadlineMs)
      },
      deadlineMs,
    )
    if (!answer.ok) {
      const isOld = seen.versions !== undefined && listReassignmentsCall(seen.versions, deadlineMs) === undefined
      if (isOld) return { access: 'unsupported', partitions: [] }
      this.#failed(address, answer.failure)
      return undefined
    }
    const { error, partitions } = answer.value
    if (error === errorCodes.clusterAuthorizationFailed) return { access: 'refused', partitions: [] }
    if (error === 0) return { access: 'granted', partitions }
    const what = error === errorCodes.notController ? 'it is not the controller any more' : `error ${error}`
    this.#failed(address, failed('protocol', `ListPartitionReassignments: ${what}`).failure)
    return undefined
  }

  close(): void {
    this.#pool.close()
  }

  #failed(address: Address, failure: Failure): void {
    this.#failing = addressText(address)
    this.#notes.failed(this.#failing, failure)
  }

  #whomToAsk(view: View): Address | undefined {
    const brokers = answeringBrokers(view)
    this.#isMigrating = isKraftInZookeeper(this.#isMigrating, view.znodes?.value)
    if (this.#isMigrating || modeOf(view.liveness?.value) === 'kraft') {
      return (brokers.find(({ text }) => text !== this.#failing) ?? brokers[0])?.address
    }
    const controller = view.topology?.value.controllerId
    return brokers.find(({ id }) => id === controller)?.address
  }
}
