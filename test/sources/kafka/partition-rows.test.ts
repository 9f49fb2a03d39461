import { describe, expect, it } from 'vitest'
import { findRow } from '../../../src/model/topology.ts'
import { PartitionRows } from '../../../src/sources/kafka/partition-rows.ts'
import { seeded } from '../../support/random.ts'
import { failureOf, valueOf } from '../../support/results.ts'

/** One partition that is known again by where the rest of it is. */
function add(rows: PartitionRows, partition: number): void {
  rows.partition(partition, partition * 10 + 1)
}

describe('PartitionRows', () => {
  it('is empty without topics', () => {
    const { layout, at } = valueOf(new PartitionRows().finish())
    expect([layout.topics, at]).toEqual([[], new Int32Array()])
  })

  it('sorts topics by name and partitions by number, with where they are', () => {
    const random = seeded(5)
    const names = ['b', 'a.b', 'a', 'B', '_a', 'a-b', 'é', '\u{1f600}', '\uffee', 'c', 'ab']
    const rows = new PartitionRows()
    const counts = names.map((_, i) => [0, 1, 2, 64, 65, 300][i % 6] ?? 0)
    names.forEach((name, i) => {
      rows.topic(name, i % 2 === 0)
      const numbers = Array.from({ length: counts[i] ?? 0 }, (_, n) => n)
      for (const number of numbers.toSorted(() => random() - 0.5)) add(rows, number)
    })
    const { layout, at } = valueOf(rows.finish())
    expect(layout.topics.map(({ name }) => name)).toEqual(names.toSorted())
    let first = 0
    layout.topics.forEach((topic, t) => {
      const i = names.indexOf(topic.name)
      expect(topic).toEqual({ name: topic.name, internal: i % 2 === 0, first, count: counts[i] })
      for (let n = 0; n < topic.count; n++) {
        const row = first + n
        expect([layout.topicOf[row], layout.partition[row], at[row]]).toEqual([t, n, n * 10 + 1])
        expect(findRow(layout, topic, n)).toBe(row)
      }
      first += topic.count
    })
    expect(layout.partition).toHaveLength(first)
  })

  it('keeps gaps in the numbers', () => {
    const rows = new PartitionRows()
    rows.topic('t', false)
    for (const number of [7, 0, 20_000_000]) add(rows, number)
    const { layout, at } = valueOf(rows.finish())
    expect([...layout.partition]).toEqual([0, 7, 20_000_000])
    expect([...at]).toEqual([1, 71, 200_000_001])
  })

  it.each([
    ['a topic', ['a', 'b', 'a'], 'topic a twice'],
    ['an empty topic', ['', ''], 'topic  twice'],
  ])('refuses %s twice', (_, names, detail) => {
    const rows = new PartitionRows()
    for (const name of names) rows.topic(name, false)
    expect(failureOf(rows.finish())).toEqual({ reason: 'protocol', detail: `Metadata reply lists ${detail}` })
  })

  it('refuses a partition twice, but takes the same number in two topics', () => {
    const rows = new PartitionRows()
    rows.topic('a', false)
    add(rows, 1)
    rows.topic('b', false)
    add(rows, 1)
    expect(rows.finish().ok).toBe(true)
    add(rows, 0)
    add(rows, 1)
    expect(failureOf(rows.finish()).detail).toBe('Metadata reply lists partition b-1 twice')
  })
})
