import { describe, expect, it } from 'vitest'
import type { State } from '../src/store.ts'
import { down, liveness, offsets, topology, up } from './support/facts.ts'
import { startedAt, TestStore, kafkaSources } from './support/state.ts'

const cluster = topology({
  topics: {
    t: [
      { leader: 1, replicas: [1, 2] },
      { leader: 2, replicas: [2, 1] },
      { leader: -1, replicas: [3] },
    ],
  },
})
const allUp = liveness({ 1: up(), 2: up(), 3: up() })
const allDown = liveness({ 1: down(), 2: down('hung'), 3: down('timeout') })

function healthy(): TestStore {
  const store = new TestStore()
  return store.brings('topology', cluster).brings('liveness', allUp).brings('offsets', offsets(cluster, store.now.mono))
}

describe('age', () => {
  it.each([
    ['liveness', 5_000],
    ['topology', 15_000],
    ['offsets', 15_000],
  ] as const)('%s is believed up to %i ms, and unknown after that', (name, maxAgeMs) => {
    expect(healthy().tick(maxAgeMs).state.view[name]).toBeDefined()
    expect(healthy().tick(maxAgeMs + 1).state.view[name]).toBeUndefined()
  })

  it('counts from the beginning of the look: what happened meanwhile may be newer', () => {
    const store = new TestStore().brings('topology', cluster, 3_000)
    expect(store.tick(12_000).state.view.topology?.at.mono).toBe(startedAt.mono)
    expect(store.tick(1).state.view.topology).toBeUndefined()
  })

  it('is noticed by whatever happens next, not only by a tick', () => {
    expect(healthy().pass(15_001).brings('liveness', allUp).state.view.topology).toBeUndefined()
  })

  it('a look that brings nothing does not make the last one younger or older', () => {
    const store = healthy().tick(10_000).fails('topology')
    expect(store.state.view.topology?.at.mono).toBe(startedAt.mono)
    expect(store.tick(5_001).state.view.topology).toBeUndefined()
  })

  it('ends with the next success', () => {
    expect(healthy().tick(20_000).brings('topology', cluster).state.view.topology?.value.partitions).toBe(
      cluster.partitions,
    )
  })

  it('does not touch who is expected', () => {
    expect([...healthy().tick(1_000_000).state.view.roster.keys()]).toEqual([1, 2, 3])
  })
})

describe('a total outage', () => {
  const outage = () => healthy().brings('liveness', allDown).fails('topology').fails('offsets')
  const dead = (ms: number): State => outage().tick(ms).brings('liveness', allDown).state

  it.each([0, 15_001, 86_400_000])('%i ms after the last topology every partition is unavailable', (ms) => {
    const { judgement } = dead(ms)
    expect(judgement).toMatchObject({ reachable: false, health: { leaderless: 1, unreachableLeader: 2, unjudged: 0 } })
    expect([...judgement.brokers.values()].map(({ state }) => state)).toEqual(['down', 'down', 'down'])
    expect(judgement.controller).toMatchObject({ id: -1, up: false })
  })

  it('what Kafka said of replicas is unknown when it is too old to say', () => {
    expect(dead(0).judgement.replication).toBeDefined()
    expect(dead(15_001).judgement).toMatchObject({
      replication: undefined,
      // Nobody answers, so nobody contradicts anybody either.
      disagreements: new Map(),
    })
  })

  it('ends for the leaders that answer, with the last topology, before there is a new one', () => {
    const store = outage()
      .tick(20_000)
      .brings('liveness', liveness({ 1: up(), 2: down(), 3: down() }))
    expect(store.state).toMatchObject({
      view: { topology: undefined },
      judgement: { reachable: true, health: { unreachableLeader: 1 } },
    })
  })
})

describe('liveness that is not observed any more', () => {
  it('leaves the last verdicts standing: always present, and source_up says that nobody looks', () => {
    const { judgement, view, sources } = healthy().fails('liveness').tick(60_000).state
    expect(view.liveness).toBeUndefined()
    expect(judgement.brokers.get(1)).toEqual({ state: 'up' })
    expect(judgement.reachable).toBe(true)
    expect(judgement.disagreements.has('controller')).toBe(false)
    expect(sources.get('liveness')).toMatchObject({ up: false, failures: 1 })
  })
})

describe('before anything answered', () => {
  it('nobody is expected, nothing is reachable, nothing is counted', () => {
    const { judgement, view, sources } = new TestStore().state
    expect(view).toMatchObject({ liveness: undefined, topology: undefined, offsets: undefined, roster: new Map() })
    expect(judgement).toMatchObject({ reachable: false, health: undefined, replication: undefined })
    expect([...sources.keys()]).toEqual([...kafkaSources])
    expect([...sources.values()].map(({ up, lastSuccess }) => [up, lastSuccess])).toEqual(
      Array(kafkaSources.length).fill([undefined, undefined]),
    )
  })
})

describe('listeners', () => {
  it('are told each step, with the state before it', () => {
    const store = new TestStore()
    const told: [State, State][] = []
    store.store.subscribe((after, before) => told.push([after, before]))
    const begin = store.state
    store.brings('topology', cluster).tick(500).fails('offsets')
    expect(told).toHaveLength(3)
    expect(told[0]?.[1]).toBe(begin)
    expect(told.map(([, before]) => before).slice(1)).toEqual(told.map(([after]) => after).slice(0, -1))
    expect(told[2]?.[0]).toBe(store.state)
  })

  it('are told of a state that the store has taken already', () => {
    const store = new TestStore()
    const seen: boolean[] = []
    store.store.subscribe((after) => seen.push(store.state === after))
    store.brings('topology', cluster)
    expect(seen).toEqual([true])
  })

  it('a state that somebody holds does not change under him', () => {
    const store = healthy()
    const held = store.state
    const copy = structuredClone(held)
    store.ledgers.topology.sent('Metadata')
    store
      .brings('liveness', allDown)
      .brings('topology', topology({ brokers: [] }))
      .tick(100_000)
    expect(held).toEqual(copy)
  })
})

describe('mode', () => {
  it('is alert until a minute after the last change, whatever fails in between', () => {
    const store = healthy()
    expect(store.pass(59_999).store.mode).toBe('alert')
    expect(store.pass(1).store.mode).toBe('calm')
    expect(store.fails('topology').store.mode).toBe('calm')
    expect(store.brings('liveness', allDown).store.mode).toBe('alert')
    expect(store.pass(60_000).brings('liveness', allDown).store.mode).toBe('calm')
  })

  it('is alert as soon as something stirs', () => {
    const { store } = healthy().pass(100_000)
    expect(store.mode).toBe('calm')
    store.stir()
    expect(store.mode).toBe('alert')
  })
})
