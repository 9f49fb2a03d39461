import { describe, expect, it } from 'vitest'
import { Journal } from '../../src/journal/journal.ts'
import type { Facts } from '../../src/model/view.ts'
import { down, liveness, topology, up } from '../support/facts.ts'
import { server } from '../support/synced-server.ts'
import { page, series } from '../support/page.ts'
import { kafkaSources, TestStore } from '../support/state.ts'

const family = (store: TestStore, name: string) => series(page(store.state), `kafka_ha_${name}`)
const zookeeper: Facts['zookeeper'] = {
  given: ['zk1:2181', 'zk2:2181'],
  servers: new Map([['zk1:2181', server('leader')], ['zk2:2181', server('follower')]]), // prettier-ignore
  memberships: new Map(),
}

function znodes(brokers: Readonly<Record<number, string>>): Facts['znodes'] {
  return {
    server: 'zk1:2181',
    brokers: new Map(Object.entries(brokers).map(([id, session]) => [Number(id), { session, czxid: 1n }])),
    controller: undefined,
    controllerEpoch: undefined,
    topics: undefined,
    membership: undefined,
    session: { id: '0xf', timeoutMs: 9_000 },
  }
}

/** Two brokers, the sessions of both, and as much left as is said. */
function sessions(store: TestStore, leftMs: number): Facts['sessions'] {
  const listed = (broker: number) => ({ broker, ephemerals: 1, expiresAt: store.now.wall + leftMs })
  const all = new Map([['0xa', listed(1)], ['0xb', listed(2)]]) // prettier-ignore
  const timeouts = new Map([['0xa', 18_000], ['0xb', 18_000]]) // prettier-ignore
  return {
    dump: { at: store.now, server: 'zk1:2181', epoch: 1, errorMs: 500, sessions: all },
    servers: new Map([['zk2:2181', { at: store.now, timeouts }]]),
  }
}

function begun(): { readonly store: TestStore; readonly lines: string[] } {
  const store = new TestStore({ sources: [...kafkaSources, 'zookeeper', 'sessions', 'znodes'] })
  const lines: string[] = []
  const journal = new Journal()
  store.store.subscribe((after, before) => {
    for (const { level, message, fields } of journal.entries(before, after)) {
      if (message.includes('session')) lines.push(`${level}: ${message} ${JSON.stringify(fields)}`)
    }
  })
  store.brings('topology', topology({ brokers: [1, 2], topics: { t: [{ leader: 1, replicas: [1, 2] }] } }))
  store.brings('liveness', liveness({ 1: up(), 2: up() })).brings('zookeeper', zookeeper)
  store.brings('znodes', znodes({ 1: '0xa', 2: '0xb' })).brings('sessions', sessions(store, 14_000))
  return { store, lines }
}

describe('sessions on the page', () => {
  it('of brokers that live', () => {
    const { store, lines } = begun()
    const ends = (store.now.wall + 14_000) / 1_000
    expect(family(store, 'broker_session')).toEqual({
      'broker=1,session=0xa,server=zk2:2181': 1,
      'broker=2,session=0xb,server=zk2:2181': 1,
    })
    expect(family(store, 'broker_session_timeout_seconds')).toEqual({ 'broker=1': 18, 'broker=2': 18 })
    expect(family(store, 'broker_session_expiry_timestamp_seconds')).toEqual({
      'broker=1,basis=dump': ends,
      'broker=2,basis=dump': ends,
    })
    expect(family(store, 'broker_session_closed_total')).toEqual({ 'broker=1': 0, 'broker=2': 0 })
    expect(family(store, 'broker_session_expired_total')).toEqual({ 'broker=1': 0, 'broker=2': 0 })
    expect(family(store, 'zookeeper_sessions')).toEqual({ 'server=zk2:2181': 2 })
    expect(lines).toEqual([])
  })

  it('of one that was killed: told once that it runs out, gone at once when it has, counted once', () => {
    const { store, lines } = begun()
    store.brings('liveness', liveness({ 1: up(), 2: down() })).pass(5_000)
    const told = sessions(store, 9_000)
    store.brings('sessions', told).pass(1_000).brings('sessions', told)
    const ends = new Date(store.now.wall + 8_000).toISOString()
    const running = lines.filter((line) => line.includes('"broker":2'))
    expect(running).toEqual([
      `warn: nobody keeps the session of this broker alive {"broker":2,"session":"0xb","ends_at":"${ends}","basis":"dump"}`,
    ])
    store
      .pass(8_100)
      .brings('zookeeper', zookeeper)
      .brings('znodes', znodes({ 1: '0xa' }))
      .tick(100)
    expect(family(store, 'broker_session')).toEqual({ 'broker=1,session=0xa,server=zk2:2181': 1 })
    expect(family(store, 'broker_session_expired_total')).toEqual({ 'broker=1': 0, 'broker=2': 1 })
    expect(family(store, 'broker_session_closed_total')).toEqual({ 'broker=1': 0, 'broker=2': 0 })
    const ended = lines.filter((line) => line.includes('expired'))
    expect(ended).toHaveLength(1)
    expect(ended[0]).toContain(`"announced_for":"${ends}"`)
  })

  it('counters stay when nobody tells anything any more; the rest goes', () => {
    const { store } = begun()
    store.tick(80_000)
    expect(family(store, 'broker_session')).toBeUndefined()
    expect(family(store, 'zookeeper_sessions')).toBeUndefined()
    expect(family(store, 'broker_session_closed_total')).toEqual({ 'broker=1': 0, 'broker=2': 0 })
  })

  it('nothing where ZooKeeper is not asked', () => {
    const store = new TestStore().brings('topology', topology({ brokers: [1], topics: {} }))
    expect(page(store.state)).not.toContain('kafka_ha_broker_session')
  })
})
