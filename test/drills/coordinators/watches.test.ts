import { describe, expect, it } from 'vitest'
import { AnnouncedWatch } from '../../../testbed/drills/coordinators/announced.ts'
import { ElectionWatch } from '../../../testbed/drills/coordinators/elections.ts'
import { EnsembleKeeper } from '../../../testbed/drills/coordinators/ensemble.ts'
import { SessionEndWatch } from '../../../testbed/drills/coordinators/session-ends.ts'
import { keeper, moment, scrape } from '../support.ts'
import { dumped, SERVERS, words } from './support.ts'

const KILLED = new Map([['kill', { startedAt: 0, endedAt: 0 }]])
const EXPIRY = 'kafka_ha_broker_session_expiry_timestamp_seconds{broker="1",basis="dump"}'

/** Looks at `[ms, lines]`; the wall clock begins at 0 with the drill's. */
function announced(...looks: readonly [at: number, ...lines: string[]][]) {
  const watch = new AnnouncedWatch({ broker: 1, act: 'kill' })
  for (const [at, ...lines] of looks) watch.step(moment(at, { acts: KILLED, metrics: scrape('up 1', ...lines) }))
  return watch.checks().map(({ ok, seconds }) => [ok, seconds])
}

const ESTIMATE = 'kafka_ha_broker_session_expiry_timestamp_seconds{broker="1",basis="estimate"}'

const HERE = [
  'kafka_ha_broker_registered{broker="1"} 1',
  'kafka_ha_broker_session{broker="1",session="0x1",server=""} 1',
]
const GONE = ['kafka_ha_broker_registered{broker="1"} 0']

describe('AnnouncedWatch', () => {
  it('measures from the announced time to the end of the registration', () => {
    expect(announced([4000, `${EXPIRY} 18`, ...HERE], [19_500, ...GONE])).toEqual([
      [true, undefined],
      [true, 1.5],
    ])
  })

  it.each([
    [20, true],
    [14, true],
    [13, false],
    // The broker may have been silent for a third of its time-out when it died.
    [25, true],
  ])('takes an estimate of 19 s for what it is: one of %i s is %s', (estimate, ok) => {
    const [, gone] = announced([4000, `${ESTIMATE} ${estimate}`, ...HERE], [19_000, ...GONE])
    expect(gone?.[0]).toBe(ok)
  })

  it.each([
    [
      'moves',
      [
        [4000, `${EXPIRY} 18`, ...HERE],
        [9000, `${EXPIRY} 24`, ...HERE],
        [19_000, ...GONE],
      ],
      [false, true],
    ],
    [
      'is too early',
      [
        [4000, `${EXPIRY} 30`, ...HERE],
        [19_000, ...GONE],
      ],
      [true, false],
    ],
    [
      'is too late',
      [
        [4000, `${EXPIRY} 16`, ...HERE],
        [19_000, ...GONE],
      ],
      [true, false],
    ],
    [
      'never passes',
      [
        [4000, `${EXPIRY} 18`, ...HERE],
        [60_000, `${EXPIRY} 18`, ...HERE],
      ],
      [true, false],
    ],
    [
      'is not announced',
      [
        [4000, ...HERE],
        [19_000, ...GONE],
      ],
      [false],
    ],
  ] as const)('fails a time that %s', (_, looks, oks) => {
    expect(
      announced(...looks.map(([at, ...lines]): [number, ...string[]] => [at, ...lines])).map(([ok]) => ok),
    ).toEqual(oks)
  })
})

describe('SessionEndWatch', () => {
  const run = (...shown: readonly string[]) => {
    const k = new EnsembleKeeper(SERVERS)
    const truth = keeper()
    const watch = new SessionEndWatch()
    const look = (brokers: readonly number[], unix: number): void => {
      k.hear(3, words('leader', { synced: 2, dump: dumped(brokers, 115) }), { at: unix * 1000, unix })
      truth.ensemble(k.truth)
      watch.step(moment(unix * 1000, { truth: truth.truth }))
    }
    // Broker 3 ends before the exporter begins to count.
    for (const unix of [100, 101, 102]) look(unix === 100 ? [1, 2, 3] : [1, 2], unix)
    watch.step(moment(103_000, { truth: truth.truth, metrics: scrape('up 1') }))
    for (const unix of [116, 117]) look([2], unix)
    watch.step(moment(118_000, { truth: truth.truth, metrics: scrape('up 1', ...shown) }))
    return watch.checks().map(({ ok, detail }) => [ok, detail])
  }

  it('wants each end once, from when the counters began', () => {
    expect(run('kafka_ha_broker_session_expired_total{broker="1"} 1')).toEqual([[true, '0 closed, 1 expired']])
    expect(run()).toEqual([[false, 'kafka_ha_broker_session_expired_total{broker=1} is 0, ZooKeeper told 1']])
    expect(run('kafka_ha_broker_session_expired_total{broker="1"} 2')[0]?.[0]).toBe(false)
    expect(run('kafka_ha_broker_session_closed_total{broker="1"} 1')[0]?.[0]).toBe(false)
  })

  it('has nothing to say where nobody tells sessions', () => {
    const watch = new SessionEndWatch()
    watch.step(moment(0, { metrics: scrape('up 1') }))
    expect(watch.checks()).toEqual([])
  })
})

describe('ElectionWatch', () => {
  const run = (counted: number, ...reigns: readonly [epoch: number, from: number, until: number][]) => {
    const truth = keeper()
    const watch = new ElectionWatch()
    const metrics = scrape(`kafka_ha_quorum_elections_total{kind="zookeeper"} ${counted}`)
    const k = new EnsembleKeeper(SERVERS)
    for (const [epoch, from, until] of reigns) {
      for (const at of [from, until]) {
        k.hear(3, words('leader', { synced: 2, epoch }), { at, unix: at / 1000 })
        truth.ensemble(k.truth)
        watch.step(moment(at, { truth: truth.truth, metrics }))
      }
    }
    return watch.checks().map(({ ok }) => ok)
  }

  it.each([
    [0, [[1, 0, 9000]], true],
    [1, [[1, 0, 9000]], false],
    [
      1,
      [
        [1, 0, 9000],
        [2, 10_000, 20_000],
      ],
      true,
    ],
    [
      0,
      [
        [1, 0, 9000],
        [2, 10_000, 20_000],
      ],
      false,
    ],
    // It led for a second only: an exporter at calm pace may have missed it.
    [
      1,
      [
        [1, 0, 9000],
        [2, 10_000, 11_000],
        [3, 12_000, 20_000],
      ],
      true,
    ],
    [
      2,
      [
        [1, 0, 9000],
        [2, 10_000, 11_000],
        [3, 12_000, 20_000],
      ],
      true,
    ],
    [
      3,
      [
        [1, 0, 9000],
        [2, 10_000, 11_000],
        [3, 12_000, 20_000],
      ],
      false,
    ],
  ] as const)('%i counted over %j: %s', (counted, reigns, ok) => {
    expect(
      run(counted, ...reigns.map(([epoch, from, until]): [number, number, number] => [epoch, from, until])),
    ).toEqual([ok])
  })
})
