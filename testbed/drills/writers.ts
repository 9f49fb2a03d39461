/** Real acks=all writes while a drill goes on: one record at a time to each partition, and how long each took. */
import { Kafka, logLevel, Partitioners, type Producer } from 'kafkajs'
import { setTimeout as sleep } from 'node:timers/promises'
import { withDeadline } from '../wait.ts'

const EVERY_MS = 100
/** Longer than any session or ISR takes: a stalled write is measured to its end. */
const WRITE_DEADLINE_MS = 60_000
const CONNECT_DEADLINE_MS = 10_000

export interface Write {
  readonly from: number
  /** Undefined while it is under way. */
  readonly to: number | undefined
  readonly error?: string
}

/** Every write to one partition, oldest first; all times in ms of the drill's clock. */
export type Writes = readonly Write[]

class Writer {
  readonly #producer: Producer
  readonly #topic: string
  readonly #partition: number
  readonly #now: () => number
  readonly writes: Write[] = []
  #running = true
  #loop: Promise<void> = Promise.resolve()

  constructor(bootstrap: readonly string[], partition: string, now: () => number) {
    const slash = partition.lastIndexOf('/')
    this.#topic = partition.slice(0, slash)
    this.#partition = Number(partition.slice(slash + 1))
    this.#now = now
    // A client of its own: one partition's stalled write must not hold up the others'.
    this.#producer = new Kafka({
      clientId: 'drill-writer',
      brokers: [...bootstrap],
      logLevel: logLevel.NOTHING,
      connectionTimeout: 1500,
      requestTimeout: WRITE_DEADLINE_MS,
      enforceRequestTimeout: true,
      retry: { initialRetryTime: 50, maxRetryTime: 300, retries: 100 },
    }).producer({ createPartitioner: Partitioners.DefaultPartitioner, allowAutoTopicCreation: false })
  }

  async start(): Promise<void> {
    await withDeadline('writer: connect', this.#producer.connect(), CONNECT_DEADLINE_MS)
    await this.#write()
    this.#loop = this.#write(Infinity)
  }

  async #write(count = 1): Promise<void> {
    for (let done = 0; done < count && this.#running; done++) {
      const from = this.#now()
      this.writes.push({ from, to: undefined })
      let error: string | undefined
      try {
        const messages = [{ partition: this.#partition, value: 'drill' }]
        await this.#producer.send({ topic: this.#topic, acks: -1, timeout: WRITE_DEADLINE_MS, messages })
      } catch (failure) {
        error = failure instanceof Error ? failure.message : String(failure)
      }
      this.writes[this.writes.length - 1] = { from, to: this.#now(), ...(error === undefined ? {} : { error }) }
      await sleep(EVERY_MS)
    }
  }

  async stop(): Promise<void> {
    this.#running = false
    const ended = this.#loop.then(() => this.#producer.disconnect())
    await withDeadline('writer: stop', ended, WRITE_DEADLINE_MS)
  }
}

export class Writers {
  readonly #writers = new Map<string, Writer>()

  /** `topic/partition` -> its writes, kept after the writers have stopped. */
  get writes(): ReadonlyMap<string, Writes> {
    return new Map([...this.#writers].map(([partition, { writes }]) => [partition, writes]))
  }

  /** Resolves when each has written once. */
  async start(bootstrap: readonly string[], partitions: readonly string[], now: () => number): Promise<void> {
    for (const partition of partitions) this.#writers.set(partition, new Writer(bootstrap, partition, now))
    await Promise.all([...this.#writers.values()].map((writer) => writer.start()))
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#writers.values()].map((writer) => writer.stop()))
  }
}
