import { describe, expect, it } from 'vitest'
import { catalogue } from '../../src/metrics/catalogue.ts'
import { render } from '../../src/metrics/render.ts'
import { liveness, offsets, topology, up, type Said } from '../support/facts.ts'
import { catalogueOptions } from '../support/page.ts'
import { TestStore } from '../support/state.ts'

const chunkLength = 128 * 1024
const newline = 0x0a

/** 100 partitions a topic. */
function large(topics: number): TestStore {
  const hundred = Array.from({ length: 100 }, (_, p): Said => ({ leader: 1 + (p % 3), replicas: [1, 2, 3] }))
  const said = topology({
    topics: Object.fromEntries(Array.from({ length: topics }, (_, t) => [`topic-${t}`, hundred])),
  })
  const store = new TestStore().brings('topology', said).brings('liveness', liveness({ 1: up(), 2: up(), 3: up() }))
  return store.brings('offsets', offsets(said, store.now.mono))
}

describe('a page of 100,000 partitions', () => {
  const { state } = large(1_000)
  const chunks = [...render(catalogue(catalogueOptions), state)]
  const text = chunks.join('')

  it('comes in chunks of up to 128 KiB, each of whole lines', () => {
    const longestLine = 400
    expect(chunks.every((chunk) => chunk.at(-1) === newline)).toBe(true)
    expect(Math.min(...chunks.slice(0, -1).map(({ length }) => length))).toBeGreaterThan(chunkLength - longestLine)
    expect(Math.max(...chunks.map(({ length }) => length))).toBeLessThanOrEqual(chunkLength)
  })

  it('has every partition in every family, once', () => {
    const lines = text.split('\n').filter((line) => line.startsWith('kafka_topic_partition_'))
    const names = new Map<string, number>()
    for (const line of lines) {
      const name = line.slice(0, line.indexOf('{'))
      names.set(name, (names.get(name) ?? 0) + 1)
    }
    expect([...names.values()]).toEqual(Array(7).fill(100_000))
    expect(new Set(lines.map((line) => line.slice(0, line.lastIndexOf(' ')))).size).toBe(lines.length)
  })

  it('does no work before it is asked for, nor after the reader has gone', () => {
    let rows = 0
    const endless = {
      name: 'x',
      help: 'x',
      type: 'gauge',
      labels: ['n'],
      *rows() {
        for (;;) yield { labels: `n="${rows}"`, value: rows++ }
      },
    } as const
    const pieces = render([endless], state)
    expect(rows).toBe(0)
    expect(pieces.next().done).toBe(false)
    expect(pieces.return(undefined).done).toBe(true)
    expect(rows).toBeLessThan(chunkLength / 6)
  })

  it('is of one state, whatever the store takes while it is read', () => {
    const store = large(30)
    const pieces = render(catalogue(catalogueOptions), store.state)
    const first = String(pieces.next().value)
    store.brings('topology', topology({ brokers: [] })).tick(100_000)
    expect(first + [...pieces].join('')).toBe([...render(catalogue(catalogueOptions), large(30).state)].join(''))
  })
})
