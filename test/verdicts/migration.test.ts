import { describe, expect, it } from 'vitest'
import { decidesFailover } from '../../src/store.ts'
import {
  dead,
  described,
  ensemble,
  idle,
  kraftQuorum,
  notLeader,
  replica,
  silent,
  znodes,
} from '../support/coordinators.ts'
import { down, liveness, topology, up } from '../support/facts.ts'
import { TestStore } from '../support/state.ts'

const cluster = topology({ topics: { t: [{ leader: 1, replicas: [1, 2, 3] }] } })
const ofZookeeper = znodes({ controller: { id: 1, session: '0x1', kraft: false } })
const ofKraft = znodes({ controller: { id: 101, session: '0x9', kraft: true } })
const nobody = znodes({ controller: { id: undefined, session: undefined } })
const led = kraftQuorum([
  described([replica(101, 9, 0), replica(102, 9, 10), replica(103, 9, 20)]),
  notLeader,
  notLeader,
])
const lost = kraftQuorum([silent(0, 'refused'), silent(0, 'refused'), notLeader])
const notStarted = kraftQuorum([silent(0, 'refused'), silent(0, 'refused'), silent(0, 'refused')])

/** Whom each of the three brokers names. */
const named = (...ids: readonly number[]) =>
  liveness(Object.fromEntries(ids.map((controllerId, i) => [i + 1, up({ controllerId })])))

const begun = (): TestStore => new TestStore().brings('topology', cluster).brings('liveness', named(1, 1, 1))

/** Brokers in ZooKeeper mode that follow a controller of KRaft name some live broker, another one with every answer. */
function migrating(): TestStore {
  return begun().brings('znodes', ofZookeeper).brings('quorum', led).brings('znodes', ofKraft)
}

const shown = ({ state: { judgement, history } }: TestStore) => ({
  id: judgement.controller?.id,
  up: judgement.controller?.up,
  changes: history.controllerChanges.count,
  disagreements: [...judgement.disagreements].filter(([, count]) => count > 0),
})

describe('a migration', () => {
  it('has the controller of ZooKeeper for as long as that stands there, whatever the other quorum says', () => {
    const store = begun().brings('znodes', ofZookeeper).brings('quorum', led)
    expect(shown(store)).toEqual({ id: 1, up: true, changes: 0, disagreements: [] })
    expect([decidesFailover(store.state, 'zookeeper'), decidesFailover(store.state, 'kraft')]).toEqual([true, false])
  })

  it('has the leader of the KRaft quorum once that stands in ZooKeeper, whomever the brokers name', () => {
    const store = migrating()
    for (const ids of [[2, 3, 1], [3, 3, 2], [1, 2, 2]]) store.brings('liveness', named(...ids)).tick(5_000) // prettier-ignore
    store.brings('quorum', led).brings('znodes', ofKraft)
    expect(shown(store)).toEqual({ id: 101, up: true, changes: 1, disagreements: [] })
    // Dual write needs both.
    expect([decidesFailover(store.state, 'zookeeper'), decidesFailover(store.state, 'kraft')]).toEqual([true, true])
  })

  it.each<[who: string, kraft: readonly boolean[], up: boolean]>([
    ['brokers in ZooKeeper mode, which are told of nothing until it is written there', [false, false, false], false],
    ['the last broker in ZooKeeper mode', [true, true, false], false],
    ['no broker any more', [true, true, true], true],
  ])("needs ZooKeeper's quorum for %s", (_, kraft, isUp) => {
    const store = migrating()
      .brings('liveness', liveness(Object.fromEntries(kraft.map((one, i) => [i + 1, up({ kraft: one })]))))
      .brings('quorum', led)
      .brings('zookeeper', ensemble(idle, dead(), dead()))
      .brings('quorum', led)
    const { judgement } = store.state
    expect(judgement.quorums.get('zookeeper')?.available).toBe(false)
    expect(judgement.quorums.get('kraft')?.available).toBe(true)
    expect(judgement.controller).toMatchObject({ id: 101, up: isUp })
    expect(judgement.margins?.leader.all).toBe(isUp ? 2 : 0)
    expect(decidesFailover(store.state, 'zookeeper')).toBe(!isUp)
  })

  it('fails nothing over without the quorum of ZooKeeper, even where no controller of KRaft was given', () => {
    const store = begun()
      .brings('znodes', ofKraft)
      .brings('zookeeper', ensemble(idle, dead(), dead()))
    expect(store.state.judgement.controller).toBeUndefined()
    expect(store.state.judgement.margins?.leader.all).toBe(0)
  })

  it('goes on while nobody stands in ZooKeeper, and while it tells nothing', () => {
    const store = migrating()
      .brings('znodes', nobody)
      .brings('liveness', named(2, 3, 1))
    expect(shown(store)).toMatchObject({ id: 101, up: true, changes: 1 })
    store
      .tick(60_000)
      .brings('quorum', led)
      .brings('liveness', named(3, 1, 2))
    expect(shown(store)).toMatchObject({ id: 101, up: true, changes: 1 })
  })

  it('can be rolled back', () => {
    expect(
      shown(
        migrating()
          .brings('znodes', ofZookeeper)
          .brings('liveness', named(2, 2, 2)),
      ),
    ).toMatchObject({ id: 2 })
  })

  it('has no controller when the quorum of KRaft is lost, though brokers name somebody', () => {
    const store = migrating()
      .brings('quorum', lost)
      .brings('liveness', named(2, 2, 2))
    expect(shown(store)).toMatchObject({ id: -1, up: false })
  })

  it('has no known controller where no controller of KRaft was given', () => {
    expect(shown(begun().brings('znodes', ofKraft))).toMatchObject({ id: undefined, up: undefined, changes: 0 })
  })
})

describe('a quorum of KRaft that has been given and not been started', () => {
  it('is not lost while Kafka does without it', () => {
    const verdict = begun().brings('quorum', notStarted).state.judgement.quorums.get('kraft')
    expect(verdict).toMatchObject({ configuredVoters: 3, majority: 2 })
    expect([verdict?.available, verdict?.servingVoters, verdict?.leaderId]).toEqual([undefined, undefined, undefined])
  })

  it('is not lost before the brokers have been looked at', () => {
    const { quorums } = new TestStore().brings('quorum', notStarted).state.judgement
    expect(quorums.get('kraft')?.available).toBeUndefined()
  })

  it.each<[why: string, TestStore]>([
    ['once it has spoken', begun().brings('quorum', led).brings('quorum', notStarted)],
    ['where Kafka needs it', begun().brings('znodes', ofKraft).brings('quorum', notStarted)],
    [
      'where no broker answers',
      new TestStore().brings('liveness', liveness({ 1: down() })).brings('quorum', notStarted),
    ],
  ])('is lost %s', (_, store) => {
    expect(store.state.judgement.quorums.get('kraft')).toMatchObject({ available: false, leaderId: -1 })
  })
})
