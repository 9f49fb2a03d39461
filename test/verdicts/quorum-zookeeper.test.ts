import { describe, expect, it } from 'vitest'
import type { Ensemble } from '../../src/model/ensemble.ts'
import type { Znodes } from '../../src/model/znodes.ts'
import type { QuorumVerdict } from '../../src/verdicts/quorum.ts'
import { judgeZookeeper, nextZookeeper, type ZookeeperMemory } from '../../src/verdicts/quorum-zookeeper.ts'
import { dead, ensemble, follows, idle, leads, membership, server, zxid } from '../support/coordinators.ts'

/** Looks at an ensemble that are one second apart. */
class Watch {
  now = 0
  memory: ZookeeperMemory | undefined
  #last: Ensemble | undefined

  sees(found: Ensemble, data?: Znodes, afterMs = 1_000): this {
    this.now += afterMs
    this.#last = found
    this.memory = nextZookeeper(this.memory, found, data, this.now)
    return this
  }

  verdict(afterMs = 0, isFresh = true): QuorumVerdict {
    if (this.memory === undefined) throw new Error('nothing was seen')
    return judgeZookeeper(this.memory, isFresh ? this.#last : undefined, this.now + afterMs)
  }
}

const told = (found: Ensemble, data?: Znodes): Watch => new Watch().sees(found, data)
const withMembers = (found: Ensemble, of = membership(3)): Ensemble => ({
  ...found,
  memberships: new Map([['zk1:2181', of]]),
})
const observes = server('observer', { zxid: zxid(5, 90) })
const readOnly = server('read_only', { zxid: zxid(5, 90) })

/** configured, serving, available, leader id, epoch. */
type Row = [why: string, Watch, (number | boolean | undefined)[]]

/** Three servers are given, of which some are not judged yet, or execute no word. */
const ofThree = (found: Ensemble): Ensemble => ({ ...found, given: ensemble(idle, idle, idle).given })

/** The proof of the rules: each row says why it is so. */
describe('one look', () => {
  it.each<Row>([
    [
      'all well; the id of zk1 is not known',
      told(ensemble(leads(2), follows(), follows())),
      [3, 3, true, undefined, 5],
    ],
    [
      'mntr refused: the followers say so themselves',
      told(ensemble(leads(), follows(), follows())),
      [3, 3, true, undefined, 5],
    ],
    ['one down, the leader knows', told(ensemble(leads(1), follows(), dead())), [3, 2, true, undefined, 5]],
    ['one down, mntr refused', told(ensemble(leads(), follows(), dead())), [3, 2, true, undefined, 5]],
    [
      'one cut off from here only: the leader counts it',
      told(ensemble(leads(2), follows(), dead('timeout'))),
      [3, 3, true, undefined, 5],
    ],
    [
      'a server that joins is not in sync yet',
      told(ensemble(leads(1), follows(), follows())),
      [3, 2, true, undefined, 5],
    ],
    [
      'at the start, two of three are silent: nothing is known yet',
      told(ofThree(ensemble(idle))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      'one executes no word, another died, and the leader does not tell',
      told(ofThree(ensemble(leads(), dead()))),
      [3, undefined, undefined, undefined, 5],
    ],
    [
      'one executes no word, and the leader counts it',
      told(ofThree(ensemble(leads(1), dead()))),
      [3, 2, true, undefined, 5],
    ],
    [
      'one executes no word, two others are dead',
      told(ofThree(ensemble(dead(), dead()))),
      [3, undefined, false, -1, undefined],
    ],
    ['a server that starts', told(ensemble(leads(1), follows(), idle)), [3, 2, true, undefined, 5]],
    [
      'idle followers repeat an older epoch',
      told(ensemble(leads(2), follows(3), follows(4))),
      [3, 3, true, undefined, 5],
    ],
    [
      'joiners follow without a vote',
      told(
        ensemble(
          server('leader', {
            syncedFollowers: 2,
            numbers: new Map([['synced_non_voting_followers', 1]]),
            zxid: zxid(5, 1),
          }),
          follows(),
          dead(),
        ),
      ),
      [3, 2, true, undefined, 5],
    ],
    ['two killed, the leader has noticed', told(ensemble(leads(0), dead(), dead())), [3, 1, false, -1, undefined]],
    ['two killed, the leader does not tell', told(ensemble(leads(), dead(), dead())), [3, 1, false, -1, undefined]],
    ['two killed, the third gave up', told(ensemble(idle, dead(), dead())), [3, 0, false, -1, undefined]],
    [
      'two silent, a follower has not noticed',
      told(ensemble(follows(), dead('hung'), dead('timeout'))),
      [3, 1, false, -1, undefined],
    ],
    ['two have no route', told(ensemble(idle, dead('no_route'), dead('no_route'))), [3, 0, false, -1, undefined]],
    ['two down, the third read-only', told(ensemble(readOnly, dead(), dead())), [3, 0, false, -1, undefined]],
    ['all dead', told(ensemble(dead(), dead(), dead())), [3, 0, false, -1, undefined]],
    [
      'imok is no sign of health',
      told(ensemble(server('not_serving', { ruok: true }), dead(), dead())),
      [3, 0, false, -1, undefined],
    ],
    ['an election: nobody leads yet', told(ensemble(idle, idle, dead())), [3, 0, undefined, -1, undefined]],
    [
      'read-only on both sides of a partition, at first',
      told(ensemble(readOnly, readOnly, idle)),
      [3, 0, undefined, -1, undefined],
    ],
    [
      'the leader is paused, its followers have not noticed',
      told(ensemble(dead('hung'), follows(), follows())),
      [3, 2, undefined, undefined, undefined],
    ],
    [
      'TLS fails everywhere: nothing is known',
      told(ensemble(dead('tls'), dead('tls'), dead('tls'))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      'one that cannot be asked may be alive',
      told(ensemble(leads(), dead('protocol'), dead())),
      [3, undefined, undefined, undefined, 5],
    ],
    ['standalone', told(ensemble(server('standalone', { zxid: zxid(0, 7), id: 0 }))), [1, 1, true, 0, 0]],
    ['standalone, dead', told(ensemble(dead())), [1, 0, false, -1, undefined]],
    ['four: 3 are a majority', told(ensemble(leads(2), follows(), follows(), dead())), [4, 3, true, undefined, 5]],
    ['four: 2 are none', told(ensemble(leads(1), follows(), dead(), dead())), [4, 2, false, -1, undefined]],
    ['two: none may fail', told(ensemble(leads(1), follows())), [2, 2, true, undefined, 5]],
    ['two: one failed', told(ensemble(idle, dead())), [2, 0, false, -1, undefined]],
    ['five, two down', told(ensemble(leads(2), follows(), follows(), dead(), dead())), [5, 3, true, undefined, 5]],
    ['five, three down', told(ensemble(leads(), follows(), dead(), dead(), dead())), [5, 2, false, -1, undefined]],
    ['an observer never counts', told(ensemble(leads(2), follows(), follows(), observes)), [3, 3, true, undefined, 5]],
    [
      'an observer does not make a majority',
      told(ensemble(leads(), dead(), dead(), observes)),
      [3, 1, false, -1, undefined],
    ],
    [
      'an observer by the membership is dead',
      told(withMembers(ensemble(leads(2), follows(), follows(), dead()), membership(3, 1))),
      [3, 3, true, 1, 5],
    ],
    ['two leaders: the newer epoch', told(ensemble(leads(2, 5), leads(1, 6), follows(6))), [3, 2, true, undefined, 6]],
    [
      'two leaders, no zxid: the one that is followed',
      told(
        ensemble(server('leader', { syncedFollowers: 0 }), server('leader', { syncedFollowers: 1, id: 2 }), follows()),
      ),
      [3, 2, true, 2, undefined],
    ],
    [
      'an old leader just woke; the new one is not given',
      told(withMembers(ensemble(leads(0), follows()))),
      [3, 1, undefined, undefined, undefined],
    ],
    [
      '2 of 5 given: an old leader just woke, the other follows the new one',
      told(withMembers(ensemble(leads(0), follows()), membership(5))),
      [5, 1, undefined, undefined, undefined],
    ],
    [
      'an old leader just woke, the others fail on TLS but one that follows',
      told(ensemble(leads(0), follows(), dead('tls'), dead('tls'), dead('tls'))),
      [5, 1, undefined, undefined, undefined],
    ],
    [
      '1 of 3 given, follows: somebody leads',
      told(withMembers(ensemble(follows()))),
      [3, undefined, true, undefined, undefined],
    ],
    ['1 of 3 given, leads', told(withMembers(ensemble(leads(2)))), [3, 3, true, 1, 5]],
    ['1 of 3 given, leads, does not tell', told(withMembers(ensemble(leads()))), [3, undefined, true, 1, 5]],
    [
      '1 of 3 given, does not serve: the others may',
      told(withMembers(ensemble(idle))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      '1 of 3 given, dead: the others may serve',
      told(withMembers(ensemble(dead()))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      '2 of 3 given, both dead: too few are left',
      told(withMembers(ensemble(dead(), dead()))),
      [3, undefined, false, -1, undefined],
    ],
    [
      '2 of 5 given, one follows',
      told(withMembers(ensemble(follows(), dead()), membership(5))),
      [5, undefined, true, undefined, undefined],
    ],
    [
      'the size is told, the members are not',
      told(
        ensemble(server('leader', { syncedFollowers: 1, numbers: new Map([['quorum_size', 3]]), zxid: zxid(5, 1) })),
      ),
      [3, 2, true, undefined, 5],
    ],
  ])('%s', (_, watch, expected) => {
    const { configuredVoters, servingVoters, available, leaderId, epoch, majority } = watch.verdict()
    expect([configuredVoters, servingVoters, available, leaderId, epoch]).toEqual(expected)
    expect(majority).toBe(Math.floor(Number(configuredVoters) / 2) + 1)
  })
})

describe('what has to last', () => {
  const electing = ensemble(idle, idle, dead())
  it.each([
    ['at first', 0, undefined],
    ['for 4.9 s', 4_900, undefined],
    ['for 5 s', 5_000, false],
  ])('a majority answers and nobody leads, %s', (_, afterMs, expected) => {
    expect(told(electing).verdict(afterMs).available).toBe(expected)
  })

  it('an election that ends in between begins anew', () => {
    const watch = told(electing)
    for (let i = 0; i < 4; i++) watch.sees(electing)
    watch.sees(ensemble(leads(1, 6), follows(6), dead())).sees(electing)
    expect(watch.verdict(4_900).available).toBeUndefined()
    expect(watch.verdict(5_000)).toMatchObject({ available: false, leaderId: -1 })
  })

  const leftAlone: readonly (readonly [why: string, looks: readonly Ensemble[]])[] = [
    ['others follow another, or have not noticed', [ensemble(leads(0), follows(), follows())]],
    ['the others elect', [ensemble(leads(0), idle, idle)]],
    [
      'first they have not noticed, then they elect',
      [ensemble(leads(0), follows(), idle), ensemble(leads(0), idle, idle)],
    ],
    ['one elects, one died', [ensemble(leads(0), idle, dead())]],
    ['then it gives up itself', [ensemble(leads(0), follows(), idle), ensemble(idle, idle, idle)]],
    ['one has not noticed when it gives up', [ensemble(leads(0), follows(), idle), ensemble(idle, follows(), idle)]],
    ['of five, one still follows', [ensemble(leads(1), follows(), idle, idle, dead())]],
  ]
  it.each(leftAlone)('a leader says that too few follow it; %s: lost when it lasts', (_, looks) => {
    const watch = told(ensemble(leads(2), follows(), follows()))
    for (const look of looks) watch.sees(look)
    const passed = (looks.length - 1) * 1_000
    expect(watch.verdict(4_900 - passed).available).toBeUndefined()
    expect(watch.verdict(5_000 - passed)).toMatchObject({ available: false, leaderId: -1 })
  })

  it('an aged look leaves what is configured, and nothing else', () => {
    expect(told(ensemble(leads(2), follows(), follows())).verdict(20_000, false)).toMatchObject({
      configuredVoters: 3,
      majority: 2,
      servingVoters: undefined,
      available: undefined,
      leaderId: undefined,
      epoch: undefined,
    })
  })
})

describe('reigns', () => {
  const well = ensemble(leads(2), follows(), follows())
  const elections = (...looks: readonly Ensemble[]): number | undefined => {
    const watch = new Watch()
    for (const look of looks) watch.sees(look)
    return watch.memory?.elections
  }
  const lost = ensemble(idle, dead(), dead())
  it.each<[why: string, looks: Ensemble[], number]>([
    ['who led before the first look is not known', [well], 0],
    ['the same leader goes on', [well, well, well], 0],
    ['another leads', [well, ensemble(dead(), leads(1, 6), follows())], 1],
    ['the same one, elected again while nobody looked', [well, ensemble(leads(2, 6), follows(), follows())], 1],
    [
      'several elections between two looks are one that was seen',
      [well, ensemble(leads(2, 9), follows(), follows())],
      1,
    ],
    ['a quorum lost is no election', [well, lost, lost], 0],
    ['a quorum lost and found is one', [well, lost, ensemble(leads(2, 6), follows(), follows())], 1],
    ['the first leader after a start without one is not counted', [lost, well], 0],
    [
      'an old leader that wakes is none',
      [well, ensemble(dead('hung'), leads(1, 6), follows()), ensemble(leads(0, 5), leads(1, 6), follows())],
      1,
    ],
    [
      'nor while the new one is not seen',
      [well, ensemble(dead('hung'), leads(1, 6), follows()), ensemble(leads(2, 5), dead(), dead())],
      1,
    ],
    ['a leader without followers is none', [well, ensemble(idle, leads(0, 6), idle)], 0],
    [
      'no epochs: another server',
      [ensemble(server('leader'), follows(), follows()), ensemble(follows(), server('leader'), follows())],
      1,
    ],
    [
      'no epochs: the same server',
      [ensemble(server('leader'), follows(), follows()), ensemble(server('leader'), follows(), dead())],
      0,
    ],
  ])('%s', (_, looks, expected) => {
    expect(elections(...looks)).toBe(expected)
  })

  it('a claim of an older epoch than one that was seen loses, and is a contradiction', () => {
    const watch = told(ensemble(dead('hung'), leads(1, 6), follows())).sees(ensemble(leads(2, 5), dead(), follows()))
    expect(watch.verdict()).toMatchObject({ available: undefined, leaderId: undefined, epoch: undefined })
    expect(watch.memory?.falseClaims).toBe(1)
  })

  it('an ensemble that was set up anew starts with lower epochs: believed after a minute', () => {
    const watch = told(ensemble(leads(2, 6), follows(6), follows(6)))
    const anew = ensemble(leads(2, 1), follows(1), follows(1))
    expect(watch.sees(anew, undefined, 59_000).verdict().available).toBeUndefined()
    expect(watch.sees(anew, undefined, 1_000).verdict()).toMatchObject({ available: true, epoch: 1 })
    expect(watch.memory?.elections).toBe(1)
  })
})

describe('lag', () => {
  const lag = (watch: Watch) => Object.fromEntries(watch.verdict().lag)
  it.each<[why: string, Watch, Record<string, number>]>([
    [
      'transactions behind the leader',
      told(ensemble(leads(2), follows(5, 97), follows())),
      { 'zk1:2181': 0, 'zk2:2181': 3, 'zk3:2181': 0 },
    ],
    [
      'of an older epoch: not known',
      told(ensemble(leads(2), follows(4, 97), follows())),
      { 'zk1:2181': 0, 'zk3:2181': 0 },
    ],
    [
      'asked later, ahead',
      told(ensemble(leads(2), follows(5, 104), follows())),
      { 'zk1:2181': 0, 'zk2:2181': 0, 'zk3:2181': 0 },
    ],
    [
      'observers, by id',
      told(withMembers(ensemble(leads(1), follows(), observes), membership(2, 1))),
      { 1: 0, 2: 0, 3: 10 },
    ],
    ['none without a leader', told(ensemble(idle, follows(), follows())), {}],
    ['none while the leader has no majority', told(ensemble(leads(0), dead(), dead())), {}],
    [
      'a counter that wraps its sign bit',
      told(ensemble(leads(2, 5, 0xffff_ffff), follows(5, 0x7fff_ffff), idle)),
      { 'zk1:2181': 0, 'zk2:2181': 0x8000_0000 },
    ],
  ])('%s', (_, watch, expected) => {
    expect(lag(watch)).toEqual(expected)
  })
})
