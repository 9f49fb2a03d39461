import type { Clock } from '../../model/instant.ts'
import { metadataVersionFeature, metadataVersionName } from '../../model/metadata-version.ts'
import type { Notes } from '../../source.ts'
import type { AnsweringBroker } from './answering.ts'
import type { ConnectionOptions } from './connection.ts'
import { describeClusterCall } from './describe-cluster.ts'
import { featuresCall } from './features.ts'
import { Pool } from './pool.ts'

export interface RegistrationsOptions {
  readonly connection: ConnectionOptions
  readonly clock: Clock
  readonly notes: Notes
}

/** An upgrade is finalized by hand, once in months. */
const featuresEveryMs = 60_000
const largestFrame = 4 * 1024 * 1024

/**
 * What a broker knows by itself of a KRaft cluster: who is registered and fenced, and the cluster's version. Both it answers
 * from its memory, with or without a quorum; so they have a connection apart from the question for the quorum.
 */
export class Registrations {
  metadataVersion: string | undefined
  readonly #options: RegistrationsOptions
  readonly #pool: Pool
  #featuresAt = -Infinity

  constructor(options: RegistrationsOptions) {
    this.#options = options
    const { connection, notes } = options
    this.#pool = new Pool({ ...connection, largestFrame }, (api) => notes.sent(api))
  }

  /** The fenced brokers as this one knows them; undefined: it does not say (before Kafka 4.0), or does not answer. */
  async look({ address, text }: AnsweringBroker, deadlineMs: number): Promise<ReadonlySet<number> | undefined> {
    this.#pool.keep([address])
    const [fenced] = await Promise.all([
      this.#fenced(address, text, deadlineMs),
      this.#readVersion(address, text, deadlineMs),
    ])
    return fenced
  }

  close(): void {
    this.#pool.close()
  }

  async #fenced(address: AnsweringBroker['address'], text: string, deadlineMs: number) {
    const seen = { isOffered: true }
    const described = await this.#pool.ask(
      address,
      (versions) => {
        const call = describeClusterCall(versions, 'brokers', 2)
        seen.isOffered = call !== undefined
        return call
      },
      deadlineMs,
    )
    if (!described.ok && seen.isOffered) this.#options.notes.failed(text, described.failure)
    return described.ok ? described.value.fenced : undefined
  }

  async #readVersion(address: AnsweringBroker['address'], text: string, deadlineMs: number): Promise<void> {
    const { clock, notes } = this.#options
    if (clock().mono - this.#featuresAt < featuresEveryMs) return
    const features = await this.#pool.ask(address, featuresCall, deadlineMs)
    if (!features.ok) {
      notes.failed(text, features.failure)
      return
    }
    const level = features.value?.get(metadataVersionFeature)
    if (level === undefined) return
    this.metadataVersion = metadataVersionName(level)
    this.#featuresAt = clock().mono
  }
}
