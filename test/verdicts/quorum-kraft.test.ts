import { describe, expect, it } from 'vitest'
import type { KraftQuorum, QuorumAnswer } from '../../src/model/kraft-quorum.ts'
import type { QuorumVerdict } from '../../src/verdicts/quorum.ts'
import { countMismatches, judgeKraft, nextKraft, type KraftMemory } from '../../src/verdicts/quorum-kraft.ts'
import { described, kraftQuorum, notLeader, replica, silent } from '../support/coordinators.ts'

/** Looks at a quorum, the first at 1 s. */
class Watch {
  now = 0
  isReachable = true
  memory: KraftMemory | undefined
  #last: KraftQuorum | undefined

  sees(found: KraftQuorum, afterMs = 1_000): this {
    this.now += afterMs
    this.#last = found
    this.memory = nextKraft(this.memory, found, true, this.now)
    return this
  }

  verdict(afterMs = 0, isFresh = true): QuorumVerdict {
    if (this.memory === undefined) throw new Error('nothing was seen')
    return judgeKraft(this.memory, isFresh ? this.#last : undefined, this.isReachable, this.now + afterMs)
  }
}

const told = (...looks: readonly KraftQuorum[]): Watch => looks.reduce((watch, look) => watch.sees(look), new Watch())
const voters = [replica(1, 500, 0), replica(2, 499, 200), replica(3, 498, 400)]
const well = described(voters)
const direct = (...answers: readonly QuorumAnswer[]): KraftQuorum => kraftQuorum(answers)
const through = (broker: QuorumAnswer): KraftQuorum => kraftQuorum([], broker)
const one = described([replica(1, 500, 0), replica(2, 400, 3_000), replica(3, 400, 60_000)])
const justElected = described([replica(1, 500, 0), replica(2, -1), replica(3, -1)])
const begun = direct(well, notLeader, notLeader)
const marginal = described([replica(1, 500, 0), replica(2, 500, 200), replica(3, -1)])
const walled = [silent(0), silent(0), silent(0)]
const oneWalled = [notLeader, notLeader, silent(0)]
const refused: QuorumAnswer = { kind: 'refused', detail: 'says the test' }

/** configured, serving, available, leader id, epoch. */
type Row = [why: string, Watch, (number | boolean | undefined)[]]

describe('the last look', () => {
  it.each<Row>([
    ['all well, asked directly', told(direct(well, notLeader, notLeader)), [3, 3, true, 1, 7]],
    ['all well, through a broker', told(through(well)), [3, 3, true, 1, 7]],
    [
      'a voter that fetched 2.9 s ago',
      told(through(described([replica(1, 9, 0), replica(2, 9, 2_900), replica(3, 9, 9_000)]))),
      [3, 2, true, 1, 7],
    ],
    [
      '-1: dead since the election',
      told(through(described([replica(1, 9, 0), replica(2, 9, 10), replica(3, -1)]))),
      [3, 2, true, 1, 7],
    ],
    [
      'a voter without a fetch',
      told(through(described([replica(1, 9, 0), replica(2, 9, 10), replica(3, 9)]))),
      [3, 2, true, 1, 7],
    ],
    [
      'four voters: 3 are a majority',
      told(through(described([replica(1, 9, 0), replica(2, 9, 0), replica(3, 9, 0), replica(4, -1)]))),
      [4, 3, true, 1, 7],
    ],
    ['a single voter', told(through(described([replica(0, 9, 0)]))), [1, 1, true, 0, 7]],
    [
      'one controller is dead, it did not lead',
      told(direct(well, notLeader, silent(0, 'refused'))),
      [3, 3, true, 1, 7],
    ],
    ['the leader hears from nobody: a doubt', told(direct(one, notLeader, notLeader)), [3, 1, undefined, 1, 7]],
    [
      'just elected, and nobody has fetched: a doubt',
      told(direct(justElected, notLeader, notLeader)),
      [3, 1, undefined, 1, 7],
    ],
    [
      'the leader hears from nobody and the others are dead',
      told(direct(one, silent(0, 'refused'), silent(0))),
      [3, 1, false, -1, undefined],
    ],
    [
      'two are dead, the leader has not noticed',
      told(direct(well, silent(0, 'refused'), silent(0, 'refused'))),
      [3, 3, true, 1, 7],
    ],
    [
      'two are dead, the third does not lead',
      told(direct(silent(0, 'refused'), silent(0, 'closed'), notLeader)),
      [3, 0, false, -1, undefined],
    ],
    [
      'two are silent, the third does not lead',
      told(direct(silent(0, 'hung'), silent(0, 'timeout'), notLeader)),
      [3, 0, false, -1, undefined],
    ],
    [
      'all are dead',
      told(direct(silent(0, 'refused'), silent(0, 'refused'), silent(0, 'refused'))),
      [3, 0, false, -1, undefined],
    ],
    [
      'an election: a majority answers, none leads yet',
      told(begun, direct(silent(0), notLeader, notLeader)),
      [3, 0, undefined, -1, undefined],
    ],
    [
      'TLS fails everywhere: nothing is known',
      told(direct(silent(0, 'tls'), silent(0, 'tls'), silent(0, 'auth'))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      'not authorised: nothing is known',
      told(through(refused)),
      [undefined, undefined, undefined, undefined, undefined],
    ],
    [
      'an old leader that woke: the higher epoch',
      told(direct(described([replica(3, 900, 0), replica(2, 9, 0), replica(1, 9, 0)], 6), well)),
      [2 + 1, 3, true, 1, 7],
    ],
    [
      'the description through a broker is newer',
      told(kraftQuorum([well], described([replica(2, 9, 0), replica(1, 9, 0), replica(3, 9, 0)], 8))),
      [3, 3, true, 2, 8],
    ],
    [
      '1 of 3 controllers given, and dead: the others may lead',
      told(through(well), direct(silent(0, 'refused'))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      '2 of 3 given, both dead, one unseen',
      told(direct(well, notLeader), direct(silent(0, 'refused'), silent(0, 'refused'))),
      [3, 0, false, -1, undefined],
    ],
    [
      'controllers that never answered are out of reach: the broker is slow',
      told(kraftQuorum(walled, well), kraftQuorum(walled, silent(2_000))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      'the same, and a new leader has heard from nobody yet',
      told(kraftQuorum(walled, well), kraftQuorum(walled, justElected)),
      [3, 1, undefined, 1, 7],
    ],
    [
      'one of three out of reach leads: the broker is slow',
      told(kraftQuorum(oneWalled, well), kraftQuorum(oneWalled, silent(2_000))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      'one controller spoke, and tells that those out of reach serve: they do not die with it',
      told(direct(well, silent(0), silent(0)), direct(silent(0), silent(0), silent(0))),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      'out of reach once, then heard, now gone',
      told(kraftQuorum(walled, well), begun, direct(silent(0), silent(0), notLeader)),
      [3, 0, false, -1, undefined],
    ],
    [
      'one dead from the start, by the description, too; another dies',
      told(direct(marginal, notLeader, silent(0)), direct(silent(0), notLeader, silent(0))),
      [3, 0, false, -1, undefined],
    ],
    [
      'never heard, and the quorum was never described: all are dead',
      told(kraftQuorum(walled), kraftQuorum(walled, silent(2_000))),
      [3, 0, false, -1, undefined],
    ],
    [
      'heard, and they refuse now: nothing is known',
      told(begun, direct(refused, refused, refused)),
      [3, undefined, undefined, undefined, undefined],
    ],
    [
      'controllers that do not vote: the description is the truth',
      told(direct(well, notLeader, notLeader, silent(0), silent(0))),
      [3, 3, true, 1, 7],
    ],
    [
      'a description without voters is none',
      told(begun, direct(described([]), notLeader, notLeader)),
      [3, undefined, undefined, undefined, undefined],
    ],
  ])('%s', (_, watch, expected) => {
    const { configuredVoters, servingVoters, available, leaderId, epoch } = watch.verdict()
    expect([configuredVoters, servingVoters, available, leaderId, epoch]).toEqual(expected)
  })
})

describe('what has to last', () => {
  const election = direct(silent(0), notLeader, notLeader)
  const hidden = kraftQuorum(walled, silent(2_000))
  const oneHidden = kraftQuorum(oneWalled, silent(2_000))
  it.each<[why: string, Watch]>([
    ['two of three given, neither leads: the third may', told(through(well), direct(notLeader, notLeader))],
    ['never described: more may vote than were given', told(direct(notLeader, notLeader))],
    ['the third cannot be asked: it may lead', told(begun, direct(notLeader, notLeader, silent(0, 'tls')))],
  ])('%s', (_, watch) => {
    expect(watch.verdict(60_000)).toMatchObject({ servingVoters: undefined, available: undefined, leaderId: undefined })
  })

  it.each<[why: string, Watch, afterMs: number, available: boolean | undefined]>([
    ['a majority answers, none leads, 4.9 s', told(begun, election), 4_900, undefined],
    ['a majority answers, none leads, 5 s', told(begun, election), 5_000, false],
    ['a leader in between', told(election, direct(well, notLeader, notLeader), election), 4_900, undefined],
    ['the leader hears from nobody, 2.4 s', told(direct(one, notLeader, notLeader)), 2_400, undefined],
    ['the leader hears from nobody, 2.5 s', told(direct(one, notLeader, notLeader)), 2_500, false],
    ['out of reach, a broker is silent, 28.9 s', told(kraftQuorum(walled, well), hidden), 28_900, undefined],
    ['out of reach, a broker is silent, 30 s', told(kraftQuorum(walled, well), hidden), 30_000, false],
    ['one out of reach may lead, 29.9 s', told(kraftQuorum(oneWalled, well), oneHidden), 29_900, undefined],
    ['a broker is silent, 28.9 s', told(through(well), through(silent(2_000))), 27_900, undefined],
    ['a broker is silent, 30 s', told(through(well), through(silent(2_000))), 30_000, false],
    ['silent for longer than it was looked at', told(through(silent(-29_000))), 0, false],
    ['a broker that was never described anything to', told(through(silent(1_000))), 29_999, undefined],
    ['a broker knows no leader, 29.9 s', told(through(well), through(notLeader)), 29_900, undefined],
    ['a broker knows no leader, 30 s', told(through(well), through(notLeader)), 30_000, false],
    ['the broker itself is gone', told(through(well), through(silent(2_000, 'refused'))), 60_000, undefined],
    ['it may not be asked', told(through(well), through(refused)), 60_000, undefined],
  ])('%s', (_, watch, afterMs, expected) => {
    expect(watch.verdict(afterMs).available).toBe(expected)
  })

  it('where no broker answers at all, silence says nothing of the quorum', () => {
    const watch = told(through(well), through(silent(2_000)))
    watch.isReachable = false
    expect(watch.verdict(60_000).available).toBeUndefined()
  })

  it('an aged look leaves what is configured', () => {
    expect(told(direct(well, notLeader, notLeader)).verdict(20_000, false)).toMatchObject({
      configuredVoters: 3,
      majority: 2,
      servingVoters: undefined,
      available: undefined,
      leaderId: undefined,
    })
  })

  it('the voters are remembered while nobody describes them', () => {
    const five = described([1, 2, 3, 4, 5].map((id) => replica(id, 9, 0)))
    expect(told(through(five), through(silent(2_000))).verdict(40_000)).toMatchObject({
      configuredVoters: 5,
      available: false,
      leaderId: -1,
    })
  })
})

describe('descriptions without times (before 3.3)', () => {
  const at = (...ends: readonly number[]) => through(described(ends.map((end, i) => replica(i + 1, end))))
  it.each<[why: string, Watch, number]>([
    ['all at the end', told(at(9, 9, 9)), 3],
    ['one lags and moves', told(at(9, 5, 9), at(19, 15, 19)), 3],
    ['one stands still', told(at(9, 5, 9), at(19, 5, 19), at(29, 5, 29), at(39, 5, 39)), 2],
    ['one was never heard of', told(at(9, -1, 9)), 2],
  ])('%s', (_, watch, serving) => {
    expect(watch.verdict()).toMatchObject({ servingVoters: serving, available: true })
  })
})

describe('reigns', () => {
  const led = (id: number, epoch: number) =>
    through(described([replica(id, 9, 0), ...voters.filter((voter) => voter.id !== id)], epoch))
  it.each<[why: string, looks: KraftQuorum[], elections: number]>([
    ['who led before the first look is not known', [led(1, 7)], 0],
    ['the same goes on', [led(1, 7), led(1, 7)], 0],
    ['another', [led(1, 7), led(2, 8)], 1],
    ['the same, elected again', [led(1, 7), led(1, 9)], 1],
    ['lost and found', [led(1, 7), through(silent(0)), led(2, 8)], 1],
    ['an old leader that wakes', [led(1, 7), led(2, 8), led(1, 7), led(2, 8)], 1],
  ])('%s', (_, looks, elections) => {
    expect(told(...looks).memory?.elections).toBe(elections)
  })

  it('an older epoch than the newest seen is no leader, and a contradiction', () => {
    const watch = told(led(2, 8), led(1, 7))
    expect(watch.verdict()).toMatchObject({ available: undefined, leaderId: undefined })
    expect(watch.memory && countMismatches(watch.memory)).toBe(1)
  })
})

it.each<[why: string, KraftQuorum, number]>([
  ['all given', direct(well, notLeader, notLeader), 0],
  ['none given', through(well), 0],
  ['two of three given', direct(well, notLeader), 1],
  ['one that does not vote', direct(well, notLeader, notLeader, notLeader), 1],
  ['two descriptions', kraftQuorum([well, notLeader, notLeader], described(voters, 6)), 1],
])('contradictions: %s', (_, found, expected) => {
  const { memory } = told(found)
  expect(memory && countMismatches(memory)).toBe(expected)
})

describe('lag', () => {
  it('of voters and observers behind the leader; absent at -1', () => {
    const observers = [replica(4, 480, 100), replica(5, -1)]
    const found = through(described([replica(1, 500, 0), replica(2, 490, 0), replica(3, -1)], 7, observers))
    expect(Object.fromEntries(told(found).verdict().lag)).toEqual({ 1: 0, 2: 10, 4: 20 })
  })

  it('is bounded', () => {
    const observers = Array.from({ length: 5_000 }, (_, i) => replica(i + 10, 1, 0))
    expect(told(through(described(voters, 7, observers))).verdict().lag.size).toBe(1_000)
  })
})
