import { RawBroker } from './raw-metadata.ts'
import { askEligible } from './raw-elr.ts'
import { Sampler, type Asking, type Sample } from './sampler.ts'
import type { Cluster } from '../types.ts'
import { withoutController, withEligible, type BrokerView } from './view.ts'

const EVERY_MS = 200
const DEADLINE_MS = 1000

interface Place {
  readonly id: number
  readonly host: string
  readonly port: number
}

/** What its words mean. */
export interface Sampling {
  /** With ZooKeeper it names the controller; with KRaft any broker. */
  readonly namesController: boolean
  /** Kafka 4 and newer: leaderless partitions may have eligible leader replicas. */
  readonly knowsEligible: boolean
}

export function samplingOf({ mode, kafka }: Cluster): Sampling {
  return { namesController: mode === 'zookeeper', knowsEligible: !/^[23]\./.test(kafka) }
}

/** Asks one broker for all its metadata every 200 ms, with a new connection after any failure. */
export function truthSampler(
  broker: Place,
  sampling: Sampling,
  hear: (sample: Sample<BrokerView>) => void,
): Sampler<BrokerView> {
  return new Sampler(EVERY_MS, () => new MetadataAsking(broker, sampling), hear)
}

class MetadataAsking implements Asking<BrokerView> {
  readonly #broker: Place
  readonly #sampling: Sampling
  #raw: RawBroker | undefined
  #isClosed = false

  constructor(broker: Place, sampling: Sampling) {
    this.#broker = broker
    this.#sampling = sampling
  }

  async ask(): Promise<BrokerView> {
    try {
      this.#raw ??= await RawBroker.connect(this.#broker.host, this.#broker.port, DEADLINE_MS)
      if (this.#isClosed) throw new Error('closed')
      return await this.#asMeant(await this.#raw.metadata())
    } catch (failure) {
      this.#drop()
      throw failure
    }
  }

  close(): void {
    this.#isClosed = true
    this.#drop()
  }

  #drop(): void {
    this.#raw?.close()
    this.#raw = undefined
  }

  async #asMeant(view: BrokerView): Promise<BrokerView> {
    const { namesController, knowsEligible } = this.#sampling
    const told = namesController ? view : withoutController(view)
    const leaderless = [...view.partitions.values()].filter(({ leader }) => leader === -1).map(({ topic }) => topic)
    if (!knowsEligible || leaderless.length === 0) return told
    return withEligible(told, await askEligible(this.#broker, [...new Set(leaderless)].sort(), DEADLINE_MS))
  }
}
