import { describe, expect, it } from 'vitest'
import type { Liveness } from '../../src/model/liveness.ts'
import { failureReasons } from '../../src/model/result.ts'
import type { Roster } from '../../src/model/roster.ts'
import { judgeBrokers, type BrokerVerdict, type BrokerVerdicts } from '../../src/verdicts/brokers.ts'
import { addressOf, down, liveness, rosterOf, up } from '../support/facts.ts'

const isUp: BrokerVerdict = { state: 'up' }
const unknown: BrokerVerdict = { state: 'unknown' }
const isDown = (reason?: (typeof failureReasons)[number]): BrokerVerdict => ({ state: 'down', reason })
const homeless: Roster = new Map([[1, { address: undefined, namedAt: 0 }]])

describe('judgeBrokers, broker 1', () => {
  it.each<[why: string, Roster, Liveness | undefined, BrokerVerdict]>([
    ['answers', rosterOf(1), liveness({ 1: up() }), isUp],
    ['nothing was probed yet: nobody knows', rosterOf(1), undefined, unknown],
    ['its address was not judged yet: nobody knows', rosterOf(1), liveness({ 2: up() }), unknown],
    [
      'no address is known, so it cannot answer; nobody was asked, so there is no reason',
      homeless,
      liveness({}),
      isDown(),
    ],
    ['no address and no probe: still not there', homeless, undefined, isDown()],
    [
      'another address of the same host answers: that is somebody else',
      rosterOf(1),
      liveness({ 1: down('refused'), 'kafka1:9093': up() }),
      isDown('refused'),
    ],
    [
      "another cluster's broker has its address: whoever answers there is not broker 1",
      rosterOf(1, 2, 3),
      liveness({ 1: up({ clusterId: 'x' }), 2: up(), 3: up() }),
      isDown('protocol'),
    ],
    [
      'brokers that know no cluster id belong together',
      rosterOf(1),
      liveness({ 1: up({ clusterId: undefined }) }),
      isUp,
    ],
    ['an empty cluster id is one', rosterOf(1), liveness({ 1: up({ clusterId: '' }) }), isUp],
    ['its peers are down: its own answer counts', rosterOf(1, 2), liveness({ 1: up(), 2: down() }), isUp],
  ])('%s', (_, roster, probes, expected) => {
    expect(judgeBrokers(roster, probes).get(1)).toEqual(expected)
  })

  it.each(failureReasons)('does not answer: %s', (reason) => {
    expect(judgeBrokers(rosterOf(1), liveness({ 1: down(reason) })).get(1)).toEqual(isDown(reason))
  })
})

describe('judgeBrokers', () => {
  it('judges every expected broker and nobody else, by id', () => {
    const verdicts = judgeBrokers(
      rosterOf(10, 9, 100),
      liveness({ 9: up(), 10: up(), 100: down(), 1: up(), seed: up() }),
    )
    expect([...verdicts.keys()]).toEqual([9, 10, 100])
  })

  describe('with a memory of what was judged before', () => {
    const moved: Roster = new Map([[1, { address: { ...addressOf(1), port: 19_092 }, namedAt: 0 }]])
    it.each<[why: string, BrokerVerdict, BrokerVerdict]>([
      ['down stays down until the new address was probed', isDown('refused'), isDown('refused')],
      ['up stays up: broker_up of an expected broker never has a hole', isUp, isUp],
      ['unknown stays unknown', unknown, unknown],
    ])('a broker registers at another address: %s', (_, before, expected) => {
      const verdicts: BrokerVerdicts = judgeBrokers(moved, liveness({ 1: down() }), new Map([[1, before]]))
      expect(verdicts.get(1)).toEqual(expected)
    })

    it('the new address has the last word as soon as it was probed', () => {
      const probes = liveness({ 'kafka1:19092': up(), 1: down() })
      expect(judgeBrokers(moved, probes, new Map([[1, isDown('refused')]])).get(1)).toEqual(isUp)
    })
  })
})
