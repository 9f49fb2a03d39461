import { describe, expect, it } from 'vitest'
import type { TargetState } from '../../src/model/liveness.ts'
import { addressOf, down, liveness, topology, up, type Said } from '../support/facts.ts'
import { page, series, value } from '../support/page.ts'
import { healthy, totalOutage } from '../support/scenes.ts'
import { TestStore } from '../support/state.ts'

const rf3 = (leader: number): Said => ({ leader, replicas: [1, 2, 3] })
const three = topology({ topics: { t: [rf3(1), rf3(2), rf3(3)] } })
const unreachable = 'kafka_ha_unreachable_leader_partitions'
const unavailable = 'kafka_ha_unavailable_partitions'

function begun(states: Readonly<Record<string, TargetState>> = { 1: up(), 2: up(), 3: up() }): TestStore {
  return new TestStore().brings('topology', three).brings('liveness', liveness(states))
}

function shown(store: TestStore) {
  const text = page(store.state)
  return { one: (family: string) => value(text, family), all: (family: string) => series(text, family) }
}

describe('the topology is stale while probes are up', () => {
  const store = begun()
    .tick(14_000)
    .brings('liveness', liveness({ 1: up(), 2: down(), 3: up() }))
    .tick(1_001)
  const { one, all } = shown(store)

  it('what Kafka said is gone, not frozen', () => {
    const saidByKafka =
      /^kafka_(brokers|broker_info|topic_|ha_(cluster_info|topics|partitions|leaderless|under_|offline_|not_pref|broker_(reg|lead|repl|in_)))/
    expect(
      page(store.state)
        .split('\n')
        .filter((line) => saidByKafka.test(line)),
    ).toEqual([])
  })

  it('what is judged by reach goes on, against the last topology', () => {
    expect([one(unreachable), one(unavailable)]).toEqual([1, 1])
    expect(all('kafka_ha_broker_up')).toEqual({ 'broker=1': 1, 'broker=2': 0, 'broker=3': 1 })
    expect(one('kafka_ha_controller_up')).toBe(1)
  })
})

describe('liveness is stale: the exporter itself does not look any more', () => {
  const { one, all } = shown(begun().tick(5_001))
  it('verdicts of the last look stand, and who said what is gone', () => {
    expect(all('kafka_ha_broker_up')).toEqual({ 'broker=1': 1, 'broker=2': 1, 'broker=3': 1 })
    expect([one('kafka_ha_cluster_reachable'), one('kafka_ha_controller_up'), one(unavailable)]).toEqual([1, 1, 0])
    expect([one('kafka_ha_controller_id'), all('kafka_ha_controller_views'), all('kafka_ha_bootstrap_up')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect(all('kafka_ha_source_disagreements')).toEqual({ 'kind=leader': 0, 'kind=topics': 0 })
  })
})

describe('a leader that nobody knows', () => {
  it('is reached by nobody', () => {
    const { one } = shown(
      begun().brings('topology', topology({ brokers: [1, 2], topics: { t: [{ leader: 7, replicas: [1, 2] }] } })),
    )
    expect([one(unreachable), one(unavailable), one('kafka_ha_leaderless_partitions')]).toEqual([1, 1, 0])
  })

  it('that is new and was not probed yet is nobody to judge: counts are absent, not 0', () => {
    const { one, all } = shown(
      begun().brings('topology', topology({ brokers: [1, 2, 3, 7], topics: { t: [{ leader: 7, replicas: [7] }] } })),
    )
    expect([one(unreachable), one(unavailable)]).toEqual([undefined, undefined])
    expect(all('kafka_ha_broker_up')).not.toHaveProperty('broker=7')
    expect(all('kafka_ha_broker_expected')).toHaveProperty('broker=7', 1)
  })
})

describe('a broker registers at another address', () => {
  const moved = topology({
    brokers: [1, 2, { id: 3, ...addressOf(3), port: 19_092 }],
    topics: { t: [rf3(1), rf3(2), rf3(3)] },
  })
  it('no series has a hole while the new address is not probed yet', () => {
    const { one, all } = shown(begun({ 1: up(), 2: up(), 3: down() }).brings('topology', moved))
    expect(all('kafka_ha_broker_up')).toEqual({ 'broker=1': 1, 'broker=2': 1, 'broker=3': 0 })
    expect([one(unreachable), one(unavailable)]).toEqual([1, 1])
  })

  it('is up when it answers there, whatever becomes of the old address', () => {
    const probes = liveness({ 1: up(), 2: up(), 'kafka3:19092': up(), 'kafka3:9092': down() })
    expect(shown(begun().brings('topology', moved).brings('liveness', probes)).one(unavailable)).toBe(0)
  })
})

describe('another cluster', () => {
  it("'s broker at a re-used address is not up, and says nothing about ours", () => {
    const stranger = up({ clusterId: 'x', kraft: true, controllerId: 9, brokerIds: [9] })
    const { one, all } = shown(
      begun({ 1: stranger, 2: up({ controllerId: 2 }), 3: up({ controllerId: 2 }) }).tick(2_000),
    )
    expect(all('kafka_ha_broker_up')).toEqual({ 'broker=1': 0, 'broker=2': 1, 'broker=3': 1 })
    expect(all('kafka_ha_broker_down_reason')).toEqual({ 'broker=1,reason=protocol': 1 })
    expect(all('kafka_ha_cluster_info')).toEqual({ 'cluster_id=the-cluster,mode=zookeeper,version=': 1 })
    expect([one('kafka_ha_controller_id'), one('kafka_ha_controller_up')]).toEqual([2, 1])
    expect(all('kafka_ha_source_disagreements')).toMatchObject({ 'kind=controller': 0, 'kind=registration': 0 })
  })

  it('with a new id at all the old addresses is followed: it was set up anew', () => {
    const anew = { clusterId: 'new' }
    const store = begun().brings('liveness', liveness({ 1: up(anew), 2: up(anew), 3: up(anew) }))
    const { all } = shown(store.brings('topology', topology({ ...anew, topics: { t: [rf3(1)] } })))
    expect(all('kafka_ha_broker_up')).toEqual({ 'broker=1': 1, 'broker=2': 1, 'broker=3': 1 })
    expect(all('kafka_ha_cluster_info')).toEqual({ 'cluster_id=new,mode=zookeeper,version=': 1 })
  })

  it("'s broker at the address of one of ours, while all of ours are down, is no sign of life", () => {
    const foreign = { ...liveness({ 1: up({ clusterId: 'x' }), 2: down(), 3: down() }), cluster: 'the-cluster' }
    const { all } = shown(begun().brings('liveness', foreign))
    expect(all('kafka_ha_broker_up')).toEqual({ 'broker=1': 0, 'broker=2': 0, 'broker=3': 0 })
    expect(all('kafka_ha_cluster_reachable')).toEqual({ '': 0 })
  })
})

describe('KRaft', () => {
  const kraft = (controllerId: number) => up({ kraft: true, controllerId })
  it('brokers name random controllers: none is shown, and they do not disagree', () => {
    const { one, all } = shown(begun({ 1: kraft(1), 2: kraft(3), 3: kraft(2) }).tick(2_000))
    expect([one('kafka_ha_controller_id'), all('kafka_ha_controller_views')]).toEqual([undefined, undefined])
    expect(all('kafka_ha_source_disagreements')).toMatchObject({ 'kind=controller': 0 })
    expect(all('kafka_ha_cluster_info')).toHaveProperty('cluster_id=the-cluster,mode=kraft,version=')
  })

  it('only a seed answers, no advertised address does: still KRaft, no controller -1', () => {
    const { one } = shown(begun({ 'seed:9092': kraft(2), 1: down(), 2: down(), 3: down() }))
    expect(one('kafka_ha_controller_id')).toBeUndefined()
    expect([one('kafka_ha_cluster_reachable'), one(unavailable)]).toEqual([1, 3])
  })
})

describe('the controller', () => {
  it('that is named and dead is down, whoever else is up', () => {
    const { one, all } = shown(begun({ 1: down('hung'), 2: up(), 3: up() }))
    expect([one('kafka_ha_controller_id'), one('kafka_ha_controller_up')]).toEqual([1, 0])
    expect(all('kafka_ha_controller_views')).toEqual({ 'controller=1': 2 })
  })

  it('has no id when nobody answers: -1 would be what Kafka says', () => {
    const { one } = shown(totalOutage())
    expect([one('kafka_ha_controller_id'), one('kafka_ha_controller_up')]).toEqual([undefined, 0])
  })

  it('split view: one series a view, and a disagreement that lasts', () => {
    const { all } = shown(begun({ 1: up(), 2: up({ controllerId: 2 }), 3: up({ controllerId: 2 }) }).tick(1_000))
    expect(all('kafka_ha_controller_views')).toEqual({ 'controller=1': 1, 'controller=2': 2 })
    expect(all('kafka_ha_source_disagreements')).toMatchObject({ 'kind=controller': 1 })
  })
})

describe('one broker that fails', () => {
  it("does not remove a series of the others', nor of topics", () => {
    const text = (store: TestStore): string[] =>
      page(store.state)
        .split('\n')
        .filter((line) => /broker="[12]"|orders",partition="[01]"/.test(line))
        // What losing one of two would cost depends on the other.
        .filter((line) => !line.includes('_broker_loss_'))
    const store = healthy()
    const before = text(store)
    expect(text(store.brings('liveness', liveness({ 1: up(), 2: up(), 3: down('protocol') })))).toEqual(before)
  })
})
