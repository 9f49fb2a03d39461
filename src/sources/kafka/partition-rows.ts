import { failed, success, type Result } from '../../model/result.ts'
import type { Layout, Topic } from '../../model/topology.ts'
import { GrowingInts } from './growing.ts'

export interface OrderedRows {
  readonly layout: Layout
  /** Row -> what `partition` was told to keep for it. */
  readonly at: Int32Array
}

/**
 * Collects which partitions a reply holds and puts them in order: brokers list topics and partitions in the order of their
 * hash maps, which may differ from reply to reply. The rest of a partition is not copied about meanwhile: it is read when
 * its row is known, from the place that is kept here.
 */
export class PartitionRows {
  readonly #topics: Topic[] = []
  readonly #partition = new GrowingInts()
  readonly #at = new GrowingInts()

  /** Partitions so far. */
  get count(): number {
    return this.#partition.length
  }

  topic(name: string, internal: boolean): void {
    this.#topics.push({ name, internal, first: this.#partition.length, count: 0 })
  }

  /** `at`: where the rest of it is; from 1. */
  partition(partition: number, at: number): void {
    this.#partition.push(partition)
    this.#at.push(at)
  }

  /** Fails on a topic or partition that comes twice: its series would come twice and spoil the whole scrape. */
  finish(): Result<OrderedRows> {
    const given = this.#partition.finish()
    const givenAt = this.#at.finish()
    const ends = [...this.#topics.slice(1).map((topic) => topic.first), given.length]
    const found = this.#topics.map((topic, t) => ({ ...topic, count: (ends[t] ?? 0) - topic.first }))
    const sorted = found.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))

    const partition = new Int32Array(given.length)
    const at = new Int32Array(given.length)
    const topicOf = new Int32Array(given.length)
    const topics: Topic[] = []
    let first = 0
    for (const { name, internal, first: from, count } of sorted) {
      if (name === topics.at(-1)?.name) return failed('protocol', `Metadata reply lists topic ${name} twice`)
      const to = first + count
      const rows: Rows = { partition: partition.subarray(first, to), at: at.subarray(first, to) }
      const numbers = given.subarray(from, from + count)
      const places = givenAt.subarray(from, from + count)
      const twice = inPlace(numbers, places, rows) ? undefined : bySorting(numbers, places, rows)
      if (twice !== undefined) return failed('protocol', `Metadata reply lists partition ${name}-${twice} twice`)
      topicOf.fill(topics.length, first, to)
      topics.push({ name, internal, first, count })
      first = to
    }
    return success({ layout: { topics, topicOf, partition }, at })
  }
}

interface Rows {
  readonly partition: Int32Array
  readonly at: Int32Array
}

/** Partitions are numbered from 0 without gaps, so each number is its own place. false: not these. */
function inPlace(numbers: Int32Array, places: Int32Array, rows: Rows): boolean {
  for (let i = 0; i < numbers.length; i++) {
    const number = numbers[i] ?? -1
    if (number < 0 || number >= numbers.length || rows.at[number] !== 0) return false
    rows.partition[number] = number
    rows.at[number] = places[i] ?? 0
  }
  return true
}

/** Gives a number that comes twice, undefined if there is none. */
function bySorting(numbers: Int32Array, places: Int32Array, rows: Rows): number | undefined {
  const order = Int32Array.from(numbers.keys()).sort((a, b) => (numbers[a] ?? 0) - (numbers[b] ?? 0))
  for (let i = 0; i < order.length; i++) {
    const number = numbers[order[i] ?? 0] ?? 0
    if (i > 0 && number === rows.partition[i - 1]) return number
    rows.partition[i] = number
    rows.at[i] = places[order[i] ?? 0] ?? 0
  }
  return undefined
}
