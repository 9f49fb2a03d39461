import { describe, expect, it } from 'vitest'
import type { Reassignments } from '../../src/model/reassignments.ts'
import { configs, down, liveness, topology, up, type Said, type TopologySpec } from '../support/facts.ts'
import { page, series, value } from '../support/page.ts'
import { TestStore } from '../support/state.ts'

const allUp = liveness({ 1: up(), 2: up(), 3: up() })
const none: Reassignments = { access: 'granted', partitions: [] }
const said = (t: readonly Said[], more: TopologySpec = {}) => topology({ topics: { t }, ...more })
const led = (leader: number, isr = [1, 2, 3], epoch = 0): Said => ({ leader, replicas: [1, 2, 3], isr, epoch })

function begun(t: readonly Said[] = [led(1)], minIsr = 2): TestStore {
  const store = new TestStore().brings('liveness', allUp).brings('topology', said(t)).brings('liveness', allUp)
  return store
    .brings('reassignments', none)
    .brings('configs', configs({ t: minIsr }))
    .pass(500)
}

function shown(store: TestStore) {
  const text = page(store.state)
  return { one: (family: string) => value(text, family), all: (family: string) => series(text, family) }
}

const underReplicated = 'kafka_ha_under_replicated_partitions'
const underMinIsr = 'kafka_ha_under_min_isr_partitions'
const margin = 'kafka_ha_broker_failure_margin'
const changes = 'kafka_ha_leader_changes_total'

describe('a follower that is paused (fact 1)', () => {
  it('holds acks=all writes up while Kafka says that all is well', () => {
    const { one, all } = shown(begun().brings('liveness', liveness({ 1: up(), 2: down('hung'), 3: up() })))
    expect(one('kafka_ha_unreachable_isr_partitions')).toBe(1)
    expect([one(underReplicated), one(underMinIsr), one('kafka_ha_unavailable_partitions')]).toEqual([0, 0, 0])
    expect(all(margin)).toMatchObject({ 'guarantee=leader,scope=all': 1, 'guarantee=acks_all,scope=all': 0 })
  })
})

describe('the controller is dead and nobody has noticed (fact 2)', () => {
  const store = begun([led(2)]).brings('liveness', liveness({ 1: down(), 2: up(), 3: up() }))
  it('nothing fails over, so no failure is tolerated whatever the ISR says', () => {
    const { one, all } = shown(store)
    expect(one('kafka_ha_controller_up')).toBe(0)
    expect(all(margin)).toMatchObject({ 'guarantee=leader,scope=all': 0, 'guarantee=acks_all,scope=all': 0 })
    expect(all('kafka_ha_broker_loss_leaderless_partitions')).toEqual({ 'broker=1': 0, 'broker=2': 1, 'broker=3': 0 })
  })

  it('until another one answers for it', () => {
    const view = { controllerId: 3, brokerIds: [2, 3] }
    const { one, all } = shown(store.brings('liveness', liveness({ 1: down(), 2: up(view), 3: up(view) })))
    expect(all(margin)).toMatchObject({ 'guarantee=leader,scope=all': 1 })
    expect(one('kafka_ha_controller_changes_total')).toBe(1)
  })
})

describe('a reassignment', () => {
  const grown = said([{ leader: 1, replicas: [4, 1, 2, 3], isr: [1, 2, 3] }], { brokers: [1, 2, 3, 4] })
  const under = (store: TestStore): number | undefined => shown(store).one(underReplicated)

  it('is no under-replication, not even before its listing is read', () => {
    const store = begun().brings('topology', grown)
    expect(under(store)).toBe(0)
    store
      .pass(100)
      .brings('reassignments', { access: 'granted', partitions: [{ topic: 't', partition: 0, adding: [4] }] })
    expect(under(store)).toBe(0)
    expect(shown(store).one('kafka_ha_reassigning_partitions')).toBe(1)
  })

  it('a listing that is newer and has none says that it is one', () => {
    const store = begun().brings('topology', grown).pass(100).brings('reassignments', none)
    expect(under(store)).toBe(1)
  })

  it('that has ended is still one for as long as the topology is from before its end', () => {
    const listed = { access: 'granted', partitions: [{ topic: 't', partition: 0, adding: [4] }] } as const
    const moved = said([{ leader: 1, replicas: [4, 1, 2, 3], isr: [1, 2, 4] }], { brokers: [1, 2, 3, 4] })
    const store = begun().brings('topology', grown).pass(100).brings('reassignments', listed)
    store.pass(100).brings('topology', moved).pass(100).brings('reassignments', none)
    expect([under(store), shown(store).one('kafka_ha_reassigning_partitions')]).toEqual([0, 0])
    // The brokers hear of it a moment later; seen again after that, it is what it looks like.
    expect(under(store.pass(1_000).brings('topology', moved))).toBe(0)
    expect(under(store.pass(1).brings('topology', moved))).toBe(1)
    const done = said([{ leader: 1, replicas: [4, 1, 2] }], { brokers: [1, 2, 3, 4] })
    expect(under(store.pass(100).brings('topology', done))).toBe(0)
  })

  it('whose listing has aged is still known by its last one', () => {
    const listed = { access: 'granted', partitions: [{ topic: 't', partition: 0, adding: [4] }] } as const
    const store = begun().brings('topology', grown).pass(100).brings('reassignments', listed)
    store.tick(120_000).brings('topology', grown).brings('liveness', allUp)
    expect([under(store), shown(store).one('kafka_ha_reassigning_partitions')]).toEqual([0, undefined])
  })

  it('a listing that was asked for before the replica appeared says nothing of it', () => {
    const store = begun()
    const at = store.now
    store.pass(100).brings('topology', grown)
    store.store.accept('reassignments', {
      source: 'reassignments',
      startedAt: at,
      tookMs: 200,
      out: none,
      failure: undefined,
    })
    expect(under(store)).toBe(0)
  })

  it('where listings are refused, a replica that has appeared is being added until it is in sync', () => {
    const store = begun().brings('reassignments', { access: 'refused', partitions: [] }).brings('topology', grown)
    store.pass(1_000).brings('reassignments', { access: 'refused', partitions: [] })
    expect(under(store)).toBe(0)
    const lost = said([{ leader: 1, replicas: [4, 1, 2, 3], isr: [1, 2] }], { brokers: [1, 2, 3, 4] })
    expect(under(store.brings('topology', lost))).toBe(1)
    expect(shown(store).one('kafka_ha_reassigning_partitions')).toBeUndefined()
    expect(shown(store).all('kafka_ha_access_denied')).toMatchObject({ 'resource=cluster,operation=describe': 1 })
  })

  it('at the start nobody can say until reassignments were looked for, or eleven seconds have passed', () => {
    const store = new TestStore().brings('liveness', allUp).brings('topology', grown).brings('liveness', allUp)
    expect(under(store)).toBeUndefined()
    store.pass(5_500).brings('topology', grown).pass(5_500).brings('topology', grown)
    expect(under(store)).toBe(1)
  })
})

describe('min.insync.replicas', () => {
  it('that is not known makes counts by it absent, not 0', () => {
    const store = new TestStore()
      .brings('liveness', allUp)
      .brings('topology', said([led(1, [1])]))
      .brings('liveness', allUp)
    const { one, all } = shown(store)
    expect([one(underMinIsr), one('kafka_ha_at_min_isr_partitions')]).toEqual([undefined, undefined])
    expect(one('kafka_ha_single_isr_partitions')).toBe(1)
    expect(all(margin)).toEqual({ 'guarantee=leader,scope=all': 0, 'guarantee=leader,scope=redundant': 0 })
    expect(all('kafka_ha_broker_loss_unwritable_partitions')).toBeUndefined()
    expect(all('kafka_ha_broker_loss_leaderless_partitions')).toEqual({ 'broker=1': 1, 'broker=2': 0, 'broker=3': 0 })
  })

  it('that may not be read is said, and nothing is counted as healthy', () => {
    const refused = configs({}, { refusedTopics: new Set(['t']) })
    const { one, all } = shown(begun().brings('configs', refused))
    expect(one(underMinIsr)).toBeUndefined()
    expect(all('kafka_ha_access_denied')).toMatchObject({ 'resource=topic,operation=describe_configs': 1 })
  })

  it('raised at run time puts partitions under it, and since when is told', () => {
    const store = begun([led(1, [1, 2])]).brings('configs', configs({ t: 3 }))
    const { one, all } = shown(store)
    expect([one(underMinIsr), all('kafka_ha_topic_min_insync_replicas')]).toEqual([1, { 'topic=t': 3 }])
    expect(Object.keys(all('kafka_ha_partition_unhealthy_since_timestamp_seconds') ?? {})).toEqual([
      'topic=t,partition=0,state=under_min_isr',
    ])
  })

  it('of a topic that has just been created is read a moment later: no family has a hole until then', () => {
    const young = topology({ topics: { t: [led(1)], young: [led(2)] } })
    const store = begun().brings('topology', young)
    expect(shown(store).one(underMinIsr)).toBe(0)
    // Asked for too early: the broker had not heard of it yet.
    store
      .brings('configs', configs({ t: 2 }))
      .pass(19_900)
      .brings('topology', young)
    expect(shown(store).one(underMinIsr)).toBe(0)
    expect(shown(store.pass(100).brings('topology', young)).one(underMinIsr)).toBeUndefined()
  })
})

describe('changes between two looks', () => {
  it('are counted, an election of the preferred leader as that', () => {
    const store = begun([led(2, [1, 2, 3], 1)]).brings('topology', said([led(1, [1, 2, 3], 2)]))
    expect(shown(store).all(changes)).toEqual({
      'reason=failover': 0,
      'reason=preferred': 1,
      'reason=unclean': 0,
      'reason=other': 0,
    })
  })

  it('an unclean election only on fresh evidence', () => {
    const unclean = (ms: number) => {
      const store = begun([led(1, [1], 1)]).brings('liveness', liveness({ 1: down(), 2: up(), 3: up() }))
      store.brings('topology', said([led(-1, [1], 2)])).pass(ms)
      // Two epochs on: an election in between may have grown the ISR.
      return shown(store.brings('topology', said([led(2, [2], 4)]))).all(changes)
    }
    expect(unclean(1_000)).toMatchObject({ 'reason=unclean': 1, 'reason=failover': 0 })
    expect(unclean(1_001)).toMatchObject({ 'reason=unclean': 0, 'reason=failover': 1 })
  })

  it('are none when a cluster is set up anew', () => {
    const { all, one } = shown(begun().brings('topology', said([led(2, [2], 1)], { clusterId: 'another' })))
    expect(Object.values(all(changes) ?? {})).toEqual([0, 0, 0, 0])
    expect(one('kafka_ha_isr_shrinks_total')).toBe(0)
  })

  it('survive an outage in which the topology aged', () => {
    const store = begun().tick(60_000)
    expect(shown(store).one('kafka_ha_partitions')).toBeUndefined()
    expect(shown(store.brings('topology', said([led(2, [2, 3], 1)]))).all(changes)).toMatchObject({
      'reason=failover': 1,
    })
  })
})

describe('whom to start first', () => {
  it('is said of every expected broker', () => {
    const store = begun().brings('topology', said([led(-1, [2]), led(3, [3])], { brokers: [3] }))
    expect(shown(store).all('kafka_ha_broker_awaited_partitions')).toEqual({
      'broker=1': 0,
      'broker=2': 1,
      'broker=3': 0,
    })
  })
})

describe('a user that may describe no topic', () => {
  it('sees no healthy cluster', () => {
    const blind = topology({ topics: {}, refusedTopics: ['__consumer_offsets'] })
    const store = new TestStore().brings('liveness', allUp).brings('topology', blind).brings('liveness', allUp)
    const { one, all } = shown(store.brings('reassignments', none).brings('configs', configs({})))
    expect(all('kafka_ha_access_denied')).toMatchObject({ 'resource=topic,operation=describe': 1 })
    expect(['leaderless', 'unavailable', 'unreachable_leader', 'under_replicated', 'under_min_isr'].map((name) => one(`kafka_ha_${name}_partitions`))).toEqual(Array(5).fill(undefined)) // prettier-ignore
    expect([one('kafka_ha_topics'), all(margin)]).toEqual([0, undefined])
  })

  it('a cluster without topics has none that is not healthy', () => {
    const store = new TestStore().brings('liveness', allUp).brings('topology', topology({ topics: {} }))
    expect(shown(store).one('kafka_ha_leaderless_partitions')).toBe(0)
  })
})

describe('KRaft, as long as its quorum is not read', () => {
  it('has no controller to count the changes of', () => {
    const kraft = liveness({ 1: up({ kraft: true }), 2: up({ kraft: true }), 3: up({ kraft: true }) })
    const { one, all } = shown(begun().brings('liveness', kraft))
    expect(one('kafka_ha_controller_changes_total')).toBeUndefined()
    expect(all(margin)).toMatchObject({ 'guarantee=leader,scope=all': 2 })
  })
})
