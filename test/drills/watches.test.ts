import { describe, expect, it } from 'vitest'
import { BoundWatch, HoldWatch } from '../../testbed/drills/bound.ts'
import { LeaderWatch } from '../../testbed/drills/leaders.ts'
import type { ActRecord } from '../../testbed/drills/moment.ts'
import { rules, RuleWatch } from '../../testbed/drills/rules.ts'
import { ScrapeWatch } from '../../testbed/drills/scrapes.ts'
import { keeper, moment, scrape, view } from './support.ts'

const KILLED = new Map([['kill', { startedAt: 1000, endedAt: 1010 }]])
const UP = scrape('kafka_ha_broker_up{broker="1"} 1')
const DOWN = scrape('kafka_ha_broker_up{broker="1"} 0')

describe('BoundWatch', () => {
  const bound = { name: 'b', since: { act: 'kill' }, withinS: 1, shows: { 'kafka_ha_broker_up{broker="1"}': 0 } }

  it('measures from the act to the first scrape that shows it', () => {
    const watch = new BoundWatch(bound)
    watch.step(moment(900, { metrics: DOWN }))
    watch.step(moment(1100, { metrics: UP, acts: KILLED }))
    watch.step(moment(1400, { metrics: DOWN, acts: KILLED }))
    watch.step(moment(1500, { metrics: UP, acts: KILLED }))
    expect(watch.check()).toMatchObject({ ok: true, seconds: 0.4 })
  })

  it('fails when it is late, with what it took', () => {
    const watch = new BoundWatch(bound)
    watch.step(moment(1100, { metrics: UP, acts: KILLED }))
    watch.step(moment(3500, { metrics: DOWN, acts: KILLED }))
    expect(watch.check()).toMatchObject({ ok: false, seconds: 2.5 })
  })

  it('fails when it was never shown, and when what it is measured from never happened', () => {
    const never = new BoundWatch(bound)
    never.step(moment(1100, { metrics: UP, acts: KILLED }))
    expect(never.check()).toMatchObject({
      ok: false,
      detail: 'never shown: kafka_ha_broker_up{broker="1"} is 1, expected 0',
    })
    expect(new BoundWatch(bound).check().ok).toBe(false)
  })

  it('measures from a truth that comes after the act', () => {
    const truth = { name: 'later', holds: ({ at }: { at: number }) => at >= 2000 }
    const watch = new BoundWatch({ ...bound, since: { act: 'kill', truth } })
    watch.step(moment(1200, { metrics: DOWN, acts: KILLED }))
    watch.step(moment(2050, { acts: KILLED }))
    watch.step(moment(2100, { metrics: DOWN, acts: KILLED }))
    expect(watch.check()).toMatchObject({ ok: true, seconds: 0.05 })
  })
})

describe('HoldWatch', () => {
  const hold = {
    name: 'h',
    since: { act: 'kill' },
    afterS: 1,
    until: 'start',
    shows: { 'kafka_ha_broker_up{broker="1"}': 0 },
  }
  const started = new Map<string, ActRecord>([...KILLED, ['start', { startedAt: 9000, endedAt: undefined }]])

  it('asks from its beginning until the act that ends it, and at no other time', () => {
    const watch = new HoldWatch(hold)
    watch.step(moment(1500, { metrics: UP, acts: KILLED }))
    watch.step(moment(2500, { metrics: DOWN, acts: KILLED }))
    watch.step(moment(9100, { metrics: UP, acts: started }))
    expect(watch.check()).toMatchObject({ ok: true, seconds: 1.5 })
  })

  it('fails on one scrape, and when it was never asked', () => {
    const watch = new HoldWatch(hold)
    watch.step(moment(2500, { metrics: UP, acts: KILLED }))
    watch.step(moment(2600, { metrics: DOWN, acts: KILLED }))
    expect(watch.check()).toMatchObject({ ok: false, detail: expect.stringContaining('1 of 2 scrapes') as string })
    expect(new HoldWatch(hold).check().ok).toBe(false)
  })
})

describe('RuleWatch', () => {
  const [rule] = rules()
  const healthy = view([[1, [1, 2]]])

  function dead(at: number, metrics = scrape('kafka_ha_unavailable_partitions 0')) {
    const k = keeper()
    for (const id of [1, 2, 3]) k.answer(id, healthy, 0)
    k.unit('kafka', 1, 'stopped')
    return moment(at, { metrics, truth: k.truth })
  }

  it('allows the detection bound, then no scrape that shows 0', () => {
    if (rule === undefined) throw new Error('no rules')
    const watch = new RuleWatch(rule)
    watch.step(dead(0))
    watch.step(dead(900))
    watch.step(dead(1100))
    watch.step(dead(1700, scrape('kafka_ha_unavailable_partitions 1')))
    expect(watch.check()).toMatchObject({ ok: false, detail: expect.stringContaining('1 of 2 scrapes') as string })
  })

  it('does not blame an exporter that knew the end of the outage before the samplers', () => {
    if (rule === undefined) throw new Error('no rules')
    const watch = new RuleWatch(rule)
    watch.step(dead(0))
    watch.step(dead(1100))
    const k = keeper()
    for (const id of [2, 3]) k.answer(id, view([[2, [1, 2], [2]]]), 0)
    watch.step(moment(1200, { metrics: scrape('kafka_ha_unavailable_partitions 0'), truth: k.truth }))
    expect(watch.check().ok).toBe(true)
  })
})

describe('the rule on reasons', () => {
  const up = (value: number) => `kafka_ha_broker_up{broker="1"} ${value}`
  const reason = (name: string) => `kafka_ha_broker_down_reason{broker="1",reason="${name}"} 1`

  /** What the rule says of the last of these scrapes. */
  function last(...scrapes: readonly (readonly string[])[]): string | undefined {
    const rule = rules().find(({ name }) => name.startsWith('exactly one reason'))
    return scrapes.map((lines, at) => rule?.wrong(moment(at, { metrics: scrape(...lines) }))).at(-1)
  }

  it('wants exactly one while a broker is down and none while it is up', () => {
    expect(last([up(1)])).toBeUndefined()
    expect(last([up(1)], [up(0), reason('hung')])).toBeUndefined()
    expect(last([up(1)], [up(0)])).toBe('broker 1: up 0 with 0 reasons')
    expect(last([up(0), reason('hung'), reason('refused')])).toBe('broker 1: up 0 with 2 reasons')
    expect(last([up(1), reason('hung')])).toBe('broker 1: up 1 with 1 reasons')
  })

  it('wants none of a broker whose address nobody has ever told', () => {
    expect(last([up(0), 'kafka_ha_broker_registered{broker="1"} 0'])).toBeUndefined()
    expect(last([up(0), 'kafka_ha_broker_registered{broker="1"} 1'])).toBe('broker 1: up 0 with 0 reasons')
  })
})

describe('LeaderWatch', () => {
  const shows = (leader: number) => scrape(`kafka_topic_partition_leader{topic="t",partition="0"} ${leader}`)

  function drill() {
    const k = keeper()
    const watch = new LeaderWatch(1)
    const say = (broker: number, leader: number, at: number, epoch = 0) => {
      k.answer(broker, view([[leader, [1, 2], [2], epoch]]), at)
      watch.step(moment(at, { truth: k.truth, metrics: shows(1), cause: 'truth' }))
    }
    const show = (leader: number, at: number) => watch.step(moment(at, { truth: k.truth, metrics: shows(leader) }))
    for (const id of [1, 2, 3]) say(id, 1, 0)
    return { k, watch, say, show }
  }

  it('measures from the first broker that names a leader to the scrape that shows it', () => {
    const { watch, say, show } = drill()
    say(2, 2, 1000)
    show(1, 1100)
    show(2, 1300)
    expect(watch.checks()[0]).toMatchObject({ ok: true, seconds: 0.3 })
  })

  it('fails when it is late or never shown', () => {
    const late = drill()
    late.say(2, 2, 1000)
    late.show(2, 2500)
    expect(late.watch.checks()[0]).toMatchObject({ ok: false, seconds: 1.5 })
    const never = drill()
    never.say(2, 2, 1000)
    never.show(1, 9000)
    expect(never.watch.checks()[0]).toMatchObject({ ok: false, detail: 'never shown: t/0 leader 2' })
  })

  it('reports a leader that Kafka does not name, unless Kafka names it in the next moment', () => {
    const ahead = drill()
    ahead.show(2, 900)
    ahead.say(2, 2, 1000)
    ahead.show(2, 2600)
    expect(ahead.watch.checks()[1]?.ok).toBe(true)
    const lie = drill()
    lie.show(3, 900)
    lie.show(1, 2600)
    expect(lie.watch.checks()[1]).toMatchObject({
      ok: false,
      detail: expect.stringContaining('showed leader 3') as string,
    })
  })

  /** Broker 2 was killed, leaderless is what brokers 1 and 3 say since, and broker 2 is back and has been elected. */
  function returned(epoch: number) {
    const drill = steady()
    drill.k.unit('kafka', 2, 'stopped')
    for (const id of [1, 3]) drill.say(id, -1, 1000, 6)
    drill.show(-1, 1100)
    drill.k.unit('kafka', 2, 'up')
    drill.say(2, 2, 2000, epoch)
    expect(drill.k.truth.named.get('t/0')?.leader).toBe(-1)
    drill.show(2, 2100)
    for (const id of [1, 3]) drill.say(id, -1, 3600, 6)
    drill.show(2, 3700)
    return drill
  }

  function steady() {
    const one = drill()
    for (const id of [1, 2, 3]) one.say(id, 2, 100, 5)
    one.show(2, 200)
    return one
  }

  it('lets it be ahead with whom a broker just back names with a newer epoch', () => {
    expect(returned(7).watch.checks()[1]?.ok).toBe(true)
    expect(returned(5).watch.checks()[1]?.ok).toBe(false)
  })

  it('condemns nobody by words that no broker repeats', () => {
    const { k, watch, say, show } = steady()
    show(3, 300)
    for (const id of [1, 2, 3]) k.silent(id)
    show(3, 2000)
    expect(watch.checks()[1]?.ok).toBe(true)
    say(1, 2, 2100, 5)
    show(2, 2200)
    expect(watch.checks()[1]?.ok).toBe(false)
    const dead = steady()
    for (const id of [1, 2, 3]) dead.k.unit('kafka', id, 'stopped')
    dead.show(3, 300)
    dead.show(3, 2000)
    expect(dead.watch.checks()[1]?.ok).toBe(false)
  })
})

describe('ScrapeWatch', () => {
  it('reports a counter that falls and a scrape that failed', () => {
    const watch = new ScrapeWatch()
    watch.hear({ at: 0, tookMs: 5, text: undefined, exposition: undefined, error: 'status 500' }, 0)
    expect(watch.checks()[0]).toMatchObject({ ok: false })
    expect(watch.checks()[1]).toMatchObject({ ok: true })
  })
})
