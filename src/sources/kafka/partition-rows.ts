import { pickLists } from '../../model/int-lists.ts'
import { failed, success, type Result } from '../../model/result.ts'
import type { Layout, Partitions, Topic } from '../../model/topology.ts'
import { GrowingInts, GrowingLists } from './growing.ts'

/**
 * Collects a reply's partitions as columns and puts them in order: brokers list topics and partitions in the order of
 * their hash maps, which differs from broker to broker and from one reply to the next.
 */
export class PartitionRows {
  readonly replicas = new GrowingLists()
  readonly isr = new GrowingLists()
  readonly offline = new GrowingLists()
  readonly #topics: Topic[] = []
  readonly #topicOf = new GrowingInts()
  readonly #partition = new GrowingInts()
  readonly #leader = new GrowingInts()
  readonly #leaderEpoch = new GrowingInts()

  topic(name: string, internal: boolean): void {
    this.#topics.push({ name, internal, first: this.#partition.length, count: 0 })
  }

  partition(partition: number, leader: number, leaderEpoch: number): void {
    this.#topicOf.push(this.#topics.length - 1)
    this.#partition.push(partition)
    this.#leader.push(leader)
    this.#leaderEpoch.push(leaderEpoch)
  }

  /** Fails on a topic or partition that comes twice: its series would come twice and spoil the whole scrape. */
  finish(): Result<Partitions> {
    const partition = this.#partition.finish()
    const ends = [...this.#topics.slice(1).map((topic) => topic.first), partition.length]
    const found = this.#topics.map((topic, t) => ({ ...topic, count: (ends[t] ?? 0) - topic.first }))
    const sorted = found.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

    const rows = new Int32Array(partition.length)
    const topicOf = new Int32Array(partition.length)
    const topics: Topic[] = []
    let first = 0
    for (const topic of sorted) {
      if (topic.name === topics.at(-1)?.name)
        return failed('protocol', `Metadata reply lists topic ${topic.name} twice`)
      const order = rowsInOrder(topic, partition)
      for (let i = 1; i < order.length; i++) {
        const number = partition[order[i] ?? 0]
        if (number === partition[order[i - 1] ?? 0]) {
          return failed('protocol', `Metadata reply lists partition ${topic.name}-${number} twice`)
        }
      }
      rows.set(order, first)
      topicOf.fill(topics.length, first, first + topic.count)
      topics.push({ ...topic, first })
      first += topic.count
    }
    const layout: Layout = { topics, topicOf, partition: pick(partition, rows) }
    return success({
      layout,
      leader: pick(this.#leader.finish(), rows),
      leaderEpoch: pick(this.#leaderEpoch.finish(), rows),
      replicas: pickLists(this.replicas.finish(), rows),
      isr: pickLists(this.isr.finish(), rows),
      offline: pickLists(this.offline.finish(), rows),
    })
  }
}

function rowsInOrder(topic: Topic, partition: Int32Array): Int32Array {
  const rows = Int32Array.from({ length: topic.count }, (_, i) => topic.first + i)
  return rows.sort((a, b) => (partition[a] ?? 0) - (partition[b] ?? 0))
}

function pick(column: Int32Array, rows: Int32Array): Int32Array {
  const picked = new Int32Array(rows.length)
  for (let i = 0; i < rows.length; i++) picked[i] = column[rows[i] ?? 0] ?? 0
  return picked
}
