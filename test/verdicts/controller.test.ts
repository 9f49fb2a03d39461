import { describe, expect, it } from 'vitest'
import type { Liveness } from '../../src/model/liveness.ts'
import type { Roster } from '../../src/model/roster.ts'
import { judgeBrokers } from '../../src/verdicts/brokers.ts'
import { countViewDisagreements, judgeController, type Controller } from '../../src/verdicts/controller.ts'
import { down, liveness, rosterOf, up } from '../support/facts.ts'

const three = rosterOf(1, 2, 3)
const names = (controllerId: number) => up({ controllerId })

function judged(roster: Roster, probes: Liveness | undefined, named?: number): Controller | undefined {
  return judgeController(roster, probes, judgeBrokers(roster, probes), named)
}

/** As [id, up, views]. */
type Expected = [number, boolean, Record<string, number>] | undefined

describe('judgeController', () => {
  it.each<[why: string, Roster, Liveness | undefined, named: number | undefined, Expected]>([
    ['all agree', three, liveness({ 1: names(2), 2: names(2), 3: names(2) }), 2, [2, true, { 2: 3 }]],
    ['split view 2:1', three, liveness({ 1: names(1), 2: names(2), 3: names(2) }), 1, [2, true, { 1: 1, 2: 2 }]],
    [
      'a tie: the merged metadata settles it',
      three,
      liveness({ 1: names(1), 2: names(2), 3: down() }),
      2,
      [2, true, { 1: 1, 2: 1 }],
    ],
    [
      'a tie that nothing settles: the smaller id, always',
      three,
      liveness({ 2: names(2), 1: names(1), 3: down() }),
      7,
      [1, true, { 1: 1, 2: 1 }],
    ],
    [
      'metadata alone is no majority',
      three,
      liveness({ 1: names(1), 2: names(1), 3: names(3) }),
      3,
      [1, true, { 1: 2, 3: 1 }],
    ],
    ['nobody names one', three, liveness({ 1: names(-1), 2: names(-1), 3: names(-1) }), undefined, [-1, false, {}]],
    ['metadata still names one, brokers do not', three, liveness({ 1: names(-1), 2: names(-1) }), 1, [-1, false, {}]],
    [
      'those that name none have no vote',
      three,
      liveness({ 1: names(-1), 2: names(-1), 3: names(3) }),
      undefined,
      [3, true, { 3: 1 }],
    ],
    [
      'the named one is down: Kafka has not noticed',
      three,
      liveness({ 1: down(), 2: names(1), 3: names(1) }),
      1,
      [1, false, { 1: 2 }],
    ],
    ['the named one is nobody that is expected', three, liveness({ 1: names(9) }), 9, [9, false, { 9: 1 }]],
    ['nobody answers', three, liveness({ 1: down(), 2: down(), 3: down('hung') }), 1, [-1, false, {}]],
    ['nothing was probed', three, undefined, undefined, [-1, false, {}]],
    [
      'KRaft: the id is that of any live broker',
      three,
      liveness({ 1: up({ kraft: true }), 2: up({ kraft: true }) }),
      2,
      undefined,
    ],
    ['a migration from ZooKeeper to KRaft', three, liveness({ 1: names(1), 2: up({ kraft: true }) }), 1, undefined],
    [
      'seeds that are brokers under another name count once',
      three,
      liveness({ 'seed:9092': names(1), 'alias:9092': names(1), 1: names(1), 2: names(2), 3: names(2) }),
      1,
      [2, true, { 1: 1, 2: 2 }],
    ],
    [
      'before any broker is known, seeds have the word',
      rosterOf(),
      liveness({ 'seed:1': names(3) }),
      undefined,
      [3, false, { 3: 1 }],
    ],
    [
      'only a seed answers, the advertised addresses do not: what it says is all that is known',
      three,
      liveness({ 'seed:1': names(3), 1: down(), 2: down(), 3: down() }),
      undefined,
      [3, false, { 3: 1 }],
    ],
    [
      'only a KRaft seed answers: still KRaft',
      three,
      liveness({ 'seed:1': up({ kraft: true }), 1: down(), 2: down(), 3: down() }),
      undefined,
      undefined,
    ],
    [
      "another cluster's broker at a re-used address has no word",
      three,
      liveness({ 1: up({ clusterId: 'x', kraft: true, controllerId: 7 }), 2: names(2), 3: names(2) }),
      undefined,
      [2, true, { 2: 2 }],
    ],
  ])('%s', (_, roster, probes, named, expected) => {
    const found = judged(roster, probes, named)
    expect(found && [found.id, found.up, Object.fromEntries(found.views)]).toEqual(expected)
  })
})

describe('countViewDisagreements', () => {
  const registers = (...brokerIds: number[]) => up({ brokerIds })
  it.each<[why: string, Liveness, { controller: number; registration: number }]>([
    ['none', liveness({ 1: up(), 2: up(), 3: up() }), { controller: 0, registration: 0 }],
    [
      'one broker names another controller',
      liveness({ 1: names(1), 2: names(1), 3: names(3) }),
      { controller: 1, registration: 0 },
    ],
    ['one names none', liveness({ 1: names(1), 2: names(1), 3: names(-1) }), { controller: 1, registration: 0 }],
    ['all name none: they agree', liveness({ 1: names(-1), 2: names(-1) }), { controller: 0, registration: 0 }],
    [
      'one misses a broker',
      liveness({ 1: registers(1, 2, 3), 2: registers(1, 2) }),
      { controller: 0, registration: 1 },
    ],
    [
      'each sees only itself',
      liveness({ 1: registers(1), 2: registers(2), 3: registers(3) }),
      { controller: 0, registration: 3 },
    ],
    [
      'one answers: nobody to differ from',
      liveness({ 1: registers(1), 2: down() }),
      { controller: 0, registration: 0 },
    ],
    ['nobody answers', liveness({ 1: down() }), { controller: 0, registration: 0 }],
    [
      'KRaft: controller ids differ all the time and mean nothing',
      liveness({ 1: up({ kraft: true, controllerId: 1 }), 2: up({ kraft: true, controllerId: 3 }) }),
      { controller: 0, registration: 0 },
    ],
  ])('%s', (_, probes, expected) => {
    expect(countViewDisagreements(three, probes, judged(three, probes))).toEqual(expected)
  })
})
