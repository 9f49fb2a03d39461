import { describe, expect, it } from 'vitest'
import type { KraftQuorum, QuorumAnswer } from '../../src/model/kraft-quorum.ts'
import { down, liveness, topology, up } from '../support/facts.ts'
import {
  dead,
  described,
  ensemble,
  follows,
  idle,
  kraftQuorum,
  leads,
  notLeader,
  replica,
  silent,
} from '../support/coordinators.ts'
import { startedAt, TestStore } from '../support/state.ts'
import { zookeeperLost } from '../../src/store.ts'

const cluster = topology({ topics: { t: [{ leader: 1, replicas: [1, 2, 3] }] } })
const begun = (kraft: boolean): TestStore => {
  const live = up({ kraft })
  return new TestStore().brings('topology', cluster).brings('liveness', liveness({ 1: live, 2: live, 3: live }))
}
const again = (store: TestStore, kraft = true, ms = 0): TestStore => {
  const live = up({ kraft })
  return store.tick(ms).brings('liveness', liveness({ 1: live, 2: live, 3: live }))
}

const wellEnsemble = ensemble(leads(2), follows(), follows())
const lostEnsemble = ensemble(idle, dead(), dead())
const voters = [replica(2, 9, 0), replica(1, 9, 10), replica(3, 9, 20)]
const direct = kraftQuorum([notLeader, described(voters), notLeader])
const through = kraftQuorum([], described(voters))

const refusal: QuorumAnswer = { kind: 'refused', detail: 'TLS is spoken here' }
const closed = [refusal, refusal, refusal]
const allDown = (store: TestStore): TestStore => store.brings('liveness', liveness({ 1: down(), 2: down(), 3: down() }))

const controller = ({ state }: TestStore) => {
  const { judgement } = state
  return [judgement.controller?.id, judgement.controller?.up]
}

describe('the controller', () => {
  it.each<[why: string, TestStore, [number | undefined, boolean | undefined]]>([
    ['ZooKeeper mode, not watched: whom the brokers name', begun(false), [1, true]],
    ['ZooKeeper serves', begun(false).brings('zookeeper', wellEnsemble), [1, true]],
    [
      'ZooKeeper is lost: it is named, and controls nothing',
      begun(false).brings('zookeeper', lostEnsemble),
      [1, false],
    ],
    [
      'ZooKeeper is electing: nobody can say yet',
      begun(false).brings('zookeeper', ensemble(idle, idle, dead())),
      [1, true],
    ],
    [
      'ZooKeeper was lost and its servers come back: nobody leads yet, so nothing fails over yet',
      begun(false)
        .brings('zookeeper', lostEnsemble)
        .brings('zookeeper', ensemble(idle, idle, dead())),
      [1, false],
    ],
    [
      'ZooKeeper was lost and is led again',
      begun(false).brings('zookeeper', lostEnsemble).brings('zookeeper', wellEnsemble),
      [1, true],
    ],
    [
      "another coordinator's quorum is nobody's business",
      begun(true).brings('quorum', direct).brings('zookeeper', lostEnsemble),
      [2, true],
    ],
    ['KRaft, the quorum was not looked at', begun(true), [undefined, undefined]],
    ['KRaft: the leader of the quorum', begun(true).brings('quorum', direct), [2, true]],
    ['KRaft, through a broker', begun(true).brings('quorum', through), [2, true]],
    [
      'KRaft, lost',
      begun(true)
        .brings('quorum', direct)
        .brings('quorum', kraftQuorum([silent(0, 'refused'), silent(0, 'refused'), notLeader])),
      [-1, false],
    ],
    [
      'KRaft, electing: nobody leads, and nobody was heard',
      begun(true)
        .brings('quorum', direct)
        .brings('quorum', kraftQuorum([silent(0), notLeader, notLeader])),
      [-1, false],
    ],
    [
      'KRaft, this user may not ask',
      begun(true).brings('quorum', kraftQuorum([], { kind: 'refused', detail: '' })),
      [undefined, undefined],
    ],
    ['KRaft, nobody was asked', begun(true).brings('quorum', kraftQuorum([])), [undefined, undefined]],
    [
      'KRaft, one question through a broker was in vain',
      again(
        begun(true)
          .brings('quorum', through)
          .brings('quorum', kraftQuorum([], silent(startedAt.mono))),
        true,
        4_999,
      ),
      [undefined, true],
    ],
    [
      'KRaft, controllers that refuse us, the broker is slow',
      again(
        begun(true)
          .brings('quorum', kraftQuorum(closed, described(voters)))
          .brings('quorum', kraftQuorum(closed, silent(startedAt.mono))),
        true,
        4_999,
      ),
      [undefined, true],
    ],
    [
      'KRaft, controllers that refuse us, for 5 s',
      again(
        begun(true)
          .brings('quorum', kraftQuorum(closed, described(voters)))
          .brings('quorum', kraftQuorum(closed, silent(startedAt.mono))),
        true,
        5_000,
      ),
      [undefined, false],
    ],
    [
      'KRaft, controllers that led refuse us now',
      begun(true)
        .brings('quorum', direct)
        .brings('quorum', kraftQuorum(closed, silent(startedAt.mono))),
      [undefined, false],
    ],
    [
      'KRaft, described through a broker, and all brokers die at once',
      allDown(begun(true).brings('quorum', through)),
      [2, false],
    ],
    [
      'KRaft, all brokers die, and nobody is left to ask',
      allDown(begun(true).brings('quorum', through).brings('quorum', undefined)).tick(60_000),
      [2, false],
    ],
    [
      'KRaft, all brokers die for a minute',
      allDown(allDown(begun(true).brings('quorum', through)).tick(60_000)),
      [undefined, false],
    ],
    ['KRaft, all brokers die, the controllers live', allDown(begun(true).brings('quorum', direct)), [2, true]],
    [
      'KRaft, brokers answer, and the quorum was not looked at for too long',
      again(begun(true).brings('quorum', through), true, 20_000),
      [undefined, undefined],
    ],
    [
      'KRaft, a broker is silent for 5 s',
      again(
        begun(true)
          .brings('quorum', through)
          .brings('quorum', kraftQuorum([], silent(startedAt.mono))),
        true,
        5_000,
      ),
      [undefined, false],
    ],
  ])('%s', (_, store, expected) => {
    expect(controller(store)).toEqual(expected)
  })

  it('of a KRaft cluster is told in a total outage, too', () => {
    const gone = kraftQuorum([silent(0, 'refused'), silent(0, 'refused'), silent(0, 'refused')])
    const store = begun(true).brings('quorum', direct).brings('quorum', gone)
    store.brings('liveness', liveness({ 1: down(), 2: down(), 3: down() })).tick(20_000)
    expect(controller(store)).toEqual([-1, false])
  })

  it('changes of the KRaft leader are counted', () => {
    const store = begun(true).brings('quorum', direct)
    const [two, one, three] = voters as [(typeof voters)[0], (typeof voters)[0], (typeof voters)[0]]
    store.brings('quorum', kraftQuorum([described([one, two, three], 8), notLeader, notLeader]))
    expect(store.state.history.controllerChanges.count).toBe(1)
    expect(store.state.history.quorums.kraft?.elections).toBe(1)
  })
})

describe('margins', () => {
  const margin = ({ state }: TestStore) => state.judgement.margins?.leader.all
  it.each<[why: string, TestStore, number]>([
    ['with ZooKeeper', begun(false).brings('zookeeper', wellEnsemble), 2],
    ['without: nothing fails over', begun(false).brings('zookeeper', lostEnsemble), 0],
    ['with it again', begun(false).brings('zookeeper', lostEnsemble).brings('zookeeper', wellEnsemble), 2],
    ['KRaft, not looked at: no evidence to the contrary', begun(true), 2],
    ['KRaft', begun(true).brings('quorum', direct), 2],
    [
      'KRaft, controllers that refuse us, the broker is slow for a moment',
      begun(true)
        .brings('quorum', kraftQuorum(closed, described(voters)))
        .brings('quorum', kraftQuorum(closed, silent(startedAt.mono))),
      2,
    ],
    ['KRaft, lost', begun(true).brings('quorum', kraftQuorum([silent(0, 'refused'), silent(0), notLeader])), 0],
  ])('%s', (_, store, expected) => {
    expect(margin(store)).toBe(expected)
  })

  it('of a quorum that is lost by time alone: with the next probe', () => {
    const store = begun(false).brings('zookeeper', ensemble(idle, idle, dead()))
    expect(margin(again(store, false, 4_900))).toBe(2)
    expect(margin(again(store, false, 100))).toBe(0)
  })
})

describe('zookeeperLost', () => {
  it.each<[why: string, TestStore, boolean]>([
    ['it serves', begun(false).brings('zookeeper', wellEnsemble), false],
    ['it is lost', begun(false).brings('zookeeper', lostEnsemble), true],
    ['it is electing', begun(false).brings('zookeeper', ensemble(idle, idle, dead())), false],
    ['it is not watched', begun(false), false],
    ['brokers do not hang on it', begun(true).brings('zookeeper', lostEnsemble), false],
    ['lost, and not looked at for too long', begun(false).brings('zookeeper', lostEnsemble).tick(15_001), false],
  ])('%s', (_, store, expected) => {
    expect(zookeeperLost(store.state)).toBe(expected)
  })
})

describe('what is watched', () => {
  const kinds = ({ state }: TestStore) => [...state.judgement.quorums.keys()]
  const useless: KraftQuorum = kraftQuorum([], { kind: 'refused', detail: 'a broker of a ZooKeeper cluster' })
  it.each<[why: string, TestStore, string[]]>([
    ['nothing, at first', begun(false), []],
    ['ZooKeeper', begun(false).brings('zookeeper', wellEnsemble), ['zookeeper']],
    ['brokers of a ZooKeeper cluster tell of no quorum', begun(false).brings('quorum', useless), []],
    ['KRaft', begun(true).brings('quorum', through), ['kraft']],
    ['KRaft that may not be asked: known to be there', begun(true).brings('quorum', useless), ['kraft']],
    [
      'a cluster in migration has both',
      begun(false).brings('zookeeper', wellEnsemble).brings('quorum', direct),
      ['zookeeper', 'kraft'],
    ],
  ])('%s', (_, store, expected) => {
    expect(kinds(store)).toEqual(expected)
  })

  it('another cluster has another quorum', () => {
    const store = begun(true).brings('quorum', direct)
    store.brings('topology', topology({ clusterId: 'another' }))
    expect(store.state.history.quorums.kraft).toMatchObject({ voters: undefined, newest: undefined })
  })
})

describe('pace', () => {
  it.each<[why: string, TestStore, 'calm' | 'alert']>([
    [
      'the same again',
      begun(false).brings('zookeeper', wellEnsemble).tick(60_000).brings('zookeeper', wellEnsemble),
      'calm',
    ],
    [
      'a server more is down',
      begun(false)
        .brings('zookeeper', wellEnsemble)
        .tick(60_000)
        .brings('zookeeper', ensemble(leads(2), follows(), dead('hung'))),
      'alert',
    ],
    [
      'a dead host, for another reason',
      begun(false)
        .brings('zookeeper', ensemble(leads(1), follows(), dead()))
        .tick(60_000)
        .brings('zookeeper', ensemble(leads(1), follows(), dead('hung'))),
      'calm',
    ],
    [
      'transactions alone',
      begun(false)
        .brings('zookeeper', wellEnsemble)
        .tick(60_000)
        .brings('zookeeper', ensemble(leads(2, 5, 900), follows(5, 899), follows(5, 900))),
      'calm',
    ],
    [
      'another epoch',
      begun(false)
        .brings('zookeeper', wellEnsemble)
        .tick(60_000)
        .brings('zookeeper', ensemble(leads(2, 6), follows(), follows())),
      'alert',
    ],
    [
      'another leader in KRaft',
      begun(true)
        .brings('quorum', through)
        .tick(60_000)
        .brings('quorum', kraftQuorum([], described(voters, 9))),
      'alert',
    ],
  ])('%s: %s', (_, store, expected) => {
    expect(store.store.mode).toBe(expected)
  })
})
