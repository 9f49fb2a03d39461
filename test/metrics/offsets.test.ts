import { describe, expect, it } from 'vitest'
import { down, liveness, offsets, textOf, topology, up, type Said } from '../support/facts.ts'
import { page, series } from '../support/page.ts'
import { TestStore } from '../support/state.ts'

const rf2 = (leader: number): Said => ({ leader, replicas: [1, 2] })
const before = topology({ topics: { t: [rf2(1), rf2(2), rf2(-1)] } })
const allUp = liveness({ 1: up(), 2: up() })

function begun(probes = allUp): TestStore {
  const store = new TestStore().brings('topology', before).brings('liveness', probes)
  return store.brings('offsets', offsets(before, store.now.mono))
}

/** Partition -> log end. */
function ends(store: TestStore): Record<string, number> {
  const found = series(page(store.state), 'kafka_topic_partition_current_offset') ?? {}
  return Object.fromEntries(
    Object.entries(found).map(([labels, value]) => [labels.replace(/^topic=(.*),partition=/, '$1-'), value]),
  )
}

describe('an offset', () => {
  it.each<[why: string, TestStore, Record<string, number>]>([
    ['is there for every leader that answers, and for no leaderless partition', begun(), { 't-0': 100, 't-1': 101 }],
    [
      'goes with its leader, at once',
      begun().brings('liveness', liveness({ 1: up(), 2: down('closed') })),
      { 't-0': 100 },
    ],
    [
      'stays when a follower goes: its leader leads none',
      begun().brings('liveness', liveness({ 1: up(), 2: up(), 3: down() })),
      { 't-0': 100, 't-1': 101 },
    ],
    [
      'goes when Kafka names no leader any more',
      begun().brings('topology', topology({ topics: { t: [rf2(-1), rf2(2), rf2(-1)] } })),
      { 't-1': 101 },
    ],
    [
      'of the old leader is not that of the new one',
      begun().brings('topology', topology({ topics: { t: [rf2(2), rf2(2), rf2(-1)] } })),
      { 't-1': 101 },
    ],
    ['goes when the topology is too old to say who leads', begun().tick(15_001), {}],
    ['goes when the offsets source falls silent', begun().tick(10_000).brings('topology', before).tick(5_001), {}],
    ['goes when no broker answers', begun(liveness({ 1: down(), 2: down() })), {}],
    [
      'is not shown for a leader that nobody knows',
      begun().brings('topology', topology({ brokers: [2], topics: { t: [{ leader: 9, replicas: [2] }] } })),
      {},
    ],
  ])('%s', (_, store, expected) => {
    expect(ends(store)).toEqual(expected)
  })

  it('is that of its partition when a topic appears before it', () => {
    const grown = topology({ topics: { a: [rf2(1)], t: [rf2(1), rf2(2), rf2(-1), rf2(1)] } })
    expect(ends(begun().brings('topology', grown))).toEqual({ 't-0': 100, 't-1': 101 })
  })

  it('goes with its topic', () => {
    expect(ends(begun().brings('topology', topology({ topics: { u: [rf2(1)] } })))).toEqual({})
  })

  it('ages row by row: what one leader said long ago does not live on in a fact that another one renewed', () => {
    const store = begun().tick(10_000).brings('topology', before)
    const renewed = offsets(before, store.now.mono)
    renewed.observedAt[1] = store.now.mono - 10_000
    store.brings('offsets', renewed)
    expect(ends(store)).toEqual({ 't-0': 100, 't-1': 101 })
    expect(ends(store.tick(5_001))).toEqual({ 't-0': 100 })
  })

  it('that a leader does not know (NaN) is absent; 0 is shown', () => {
    const store = begun()
    const columns = offsets(before, store.now.mono)
    columns.latest[0] = Number.NaN
    columns.latest[1] = 0
    expect(ends(store.brings('offsets', columns))).toEqual({ 't-1': 0 })
  })

  it('large ones keep every digit', () => {
    const store = begun()
    const columns = offsets(before, store.now.mono)
    columns.latest[0] = 9_007_199_254_740_991
    store.brings('offsets', columns)
    expect(page(store.state)).toContain(
      'kafka_topic_partition_current_offset{topic="t",partition="0"} 9007199254740991\n',
    )
  })

  it("of another cluster's broker at the leader's address is none of ours", () => {
    const stranger = liveness({ [textOf(1)]: up({ clusterId: 'x' }), 2: up(), 3: up() })
    expect(ends(begun().brings('liveness', stranger))).toEqual({ 't-1': 101 })
  })
})
