import { describe, expect, it } from 'vitest'
import { parseHandlers } from '../../testbed/drills/handlers.ts'
import { InventedWatch } from '../../testbed/drills/invented.ts'
import { RuleWatch, rules } from '../../testbed/drills/rules.ts'
import { steadyRules } from '../../testbed/drills/steady.ts'
import type { Write } from '../../testbed/drills/writers.ts'
import { flowsAgain, stalled, writesQuick } from '../../testbed/drills/writing.ts'
import { keeper, moment, scrape, view } from './support.ts'

const ACTS = new Map([['pause', { startedAt: 1000, endedAt: 1001 }]])

function writing(at: number, ...writes: readonly Write[]): ReturnType<typeof moment> {
  return moment(at, { acts: ACTS, writes: new Map([['t/0', writes]]) })
}

describe('conditions on writes', () => {
  it('calls a write stalled after a second, and flowing again when that one is done', () => {
    const stuck = { from: 1500, to: undefined }
    expect(stalled('t/0').holds(writing(2000, stuck))).toBe(false)
    expect(stalled('t/0').holds(writing(3000, stuck))).toBe(true)
    expect(flowsAgain('t/0').holds(writing(3000, stuck))).toBe(false)
    expect(flowsAgain('t/0').holds(writing(9000, { from: 1500, to: 8900 }))).toBe(true)
    expect(flowsAgain('t/0').holds(writing(9000, { from: 1500, to: 1520 }))).toBe(false)
  })

  it('is content with quick writes only, and with enough of them', () => {
    const quick = { from: 1500, to: 1520 }
    expect(writesQuick('pause', 1).holds(writing(9000, quick))).toBe(true)
    expect(writesQuick('pause', 2).holds(writing(9000, quick))).toBe(false)
    expect(writesQuick('pause', 1).holds(writing(9000, quick, { from: 2000, to: 3500 }))).toBe(false)
    expect(writesQuick('pause', 1).holds(writing(9000, quick, { from: 2000, to: 2100, error: 'no' }))).toBe(false)
    expect(writesQuick('pause', 1).holds(writing(9000, quick, { from: 2000, to: undefined }))).toBe(false)
  })
})

/** Three brokers that say the same, then one of them hangs. */
function hung(): ReturnType<typeof keeper> {
  const k = keeper()
  for (const id of [1, 2, 3]) k.answer(id, view([[2, [2, 1]]], { controller: 2 }), 0)
  k.asked({ topics: new Map([['t', { minIsr: 1, unclean: false }]]), brokers: new Map(), reassignments: new Map() })
  k.unit('kafka', 1, 'paused')
  return k
}

const RIGHT = [
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="all"} 0',
  'kafka_ha_broker_failure_margin{guarantee="leader",scope="redundant"} 0',
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="all"} 0',
  'kafka_ha_broker_failure_margin{guarantee="acks_all",scope="redundant"} 0',
  ...['leaderless', 'unwritable'].flatMap((what) =>
    [0, 1, 0].map((value, index) => `kafka_ha_broker_loss_${what}_partitions{broker="${index + 1}"} ${value}`),
  ),
  ...[1, 2, 3].map((id) => `kafka_ha_broker_awaited_partitions{broker="${id}"} 0`),
  'kafka_ha_under_min_isr_partitions 0',
  'kafka_ha_at_min_isr_partitions 0',
  'kafka_ha_single_isr_partitions 0',
  'kafka_ha_unreachable_isr_partitions 1',
]

describe('steadyRules', () => {
  function judge(lines: readonly string[], times: readonly number[]): boolean {
    const { truth } = hung()
    const watches = steadyRules(2).map((rule) => new RuleWatch(rule))
    for (const at of times) {
      for (const watch of watches) watch.step(moment(at, { truth, metrics: scrape(...lines) }))
    }
    return watches.every((watch) => watch.check().ok)
  }

  const LONG = [0, 1000, 7000, 7600, 8200]

  it('is content with a page that is right', () => expect(judge(RIGHT, LONG)).toBe(true))

  it('gives the exporter the time to notice a hung broker', () => {
    expect(judge(RIGHT.slice(1), [0, 1000, 4000, 4600])).toBe(true)
  })

  it.each(RIGHT)('notices that %s is missing', (line) => {
    expect(
      judge(
        RIGHT.filter((one) => one !== line),
        LONG,
      ),
    ).toBe(false)
  })

  it.each(RIGHT)('notices that %s is wrong', (line) => {
    const wrong = RIGHT.map((one) => (one === line ? one.replace(/\d$/, '7') : one))
    expect(judge(wrong, LONG)).toBe(false)
  })
})

describe('rule on unreachable ISRs', () => {
  it('wants them shown while writes wait for them', () => {
    const { truth } = hung()
    const writes = new Map([['t/0', [{ from: 0, to: undefined }]]])
    const ok = (shown: number): boolean => {
      const watches = rules().map((rule) => new RuleWatch(rule))
      const metrics = scrape(`kafka_ha_unreachable_isr_partitions ${shown}`)
      for (const at of [2000, 7500, 8100, 8700]) {
        for (const watch of watches) watch.step(moment(at, { truth, metrics, writes }))
      }
      return watches
        .filter((watch) => watch.check().name.includes('unreachable ISRs'))
        .every((watch) => watch.check().ok)
    }
    expect(ok(1)).toBe(true)
    expect(ok(0)).toBe(false)
  })
})

describe('InventedWatch', () => {
  function ok(shown: number, told: number, lastsMs = 2000, startsTill = 0): boolean {
    const k = keeper()
    const partitions = Array.from({ length: 3 }, (_, p) => [p < told ? -1 : 1, [1, 2], [1]] as const)
    for (const id of [1, 2, 3]) k.answer(id, view(partitions), 0)
    const watch = new InventedWatch()
    const metrics = scrape(`kafka_ha_leaderless_partitions ${shown}`)
    for (let at = 1000; at <= 1000 + lastsMs; at += 100) {
      k.unit('kafka', 3, at < startsTill ? 'starting' : 'up')
      watch.step(moment(at, { truth: k.truth, metrics }))
    }
    const none = scrape('kafka_ha_leaderless_partitions 0')
    if (startsTill < 1000 + lastsMs + 1000) k.unit('kafka', 3, 'up')
    for (const at of [1100, 2000]) watch.step(moment(at + lastsMs, { truth: k.truth, metrics: none }))
    return watch.check().ok
  }

  it('takes as many as were told, or fewer, but not one more', () => {
    expect([ok(2, 2), ok(1, 2), ok(3, 2), ok(1, 0)]).toEqual([true, true, false, false])
  })

  it('does not hold against it what was over before the samplers looked', () => {
    expect([ok(1, 0, 1000), ok(1, 0, 1600)]).toEqual([true, false])
  })

  it('says nothing while a broker starts, and goes on afterwards', () => {
    expect([ok(1, 0, 3000, 3500), ok(1, 0, 3000, 2000)]).toEqual([true, false])
  })

  it('does not pass where brokers started all the time and nothing was judged', () => {
    expect(ok(0, 0, 3000, 9000)).toBe(false)
  })

  it('adds up what comes and goes', () => {
    function flickers(times: number): boolean {
      const k = keeper()
      for (const id of [1, 2, 3]) k.answer(id, view([[1, [1, 2], [1]]]), 0)
      const watch = new InventedWatch()
      for (let at = 1000; at <= 1000 + times * 2000; at += 100) {
        const metrics = scrape(`kafka_ha_leaderless_partitions ${Number(at % 2000 < 1000)}`)
        watch.step(moment(at, { truth: k.truth, metrics }))
      }
      return watch.check().ok
    }
    expect([flickers(3), flickers(8)]).toEqual([true, false])
  })
})

describe('parseHandlers', () => {
  it('counts the request handlers, and those that wait for ZooKeeper', () => {
    const dump = [
      'Full thread dump OpenJDK',
      '"data-plane-kafka-request-handler-0" #70 daemon\n   java.lang.Thread.State: WAITING (parking)\n\tat kafka.zookeeper.ZooKeeperClient.waitUntilConnected(ZooKeeperClient.scala:264)',
      '"data-plane-kafka-request-handler-1" #71 daemon\n   java.lang.Thread.State: TIMED_WAITING (parking)\n\tat kafka.network.RequestChannel.receiveRequest',
      '"kafka-scheduler-1" #72 daemon\n\tat kafka.zookeeper.ZooKeeperClient.waitUntilConnected(ZooKeeperClient.scala:264)',
      'JNI global refs: 20',
    ].join('\n')
    expect(parseHandlers(dump)).toEqual({ all: 2, waiting: 1 })
  })
})
