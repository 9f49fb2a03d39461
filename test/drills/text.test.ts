import { describe, expect, it } from 'vitest'
import { KafkaSays } from '../../testbed/drills/kafka-says.ts'
import { metricChanges } from '../../testbed/drills/metric-changes.ts'
import { nearest } from '../../testbed/drills/nearest.ts'
import { parseOptions, sessionTimeoutOf, UsageError, versionsFor } from '../../testbed/drills/options.ts'
import { formatChecks } from '../../testbed/drills/report.ts'
import { SCENARIOS } from '../../testbed/drills/scenarios/index.ts'
import { formatRow, listed } from '../../testbed/drills/timeline.ts'
import { scrape, view } from './support.ts'

describe('options', () => {
  it('takes scenarios in any case and versions more than once', () => {
    const { scenarios, kafka } = parseOptions(['a', 'C', '--kafka', '2.6.0', '--kafka=3.9.1'], SCENARIOS)
    expect(scenarios.map(({ name }) => name)).toEqual(['A', 'C'])
    expect(kafka).toEqual(['2.6.0', '3.9.1'])
  })

  it('runs everything, or one set of it, on every version of the matrix', () => {
    const all = parseOptions(['all'], SCENARIOS)
    expect(all.scenarios).toEqual(SCENARIOS)
    const versions = (name: string, options = all): readonly string[] =>
      SCENARIOS.filter((one) => one.name === name).flatMap((one) => versionsFor(one, options))
    expect(versions('A')).toEqual(['2.6.0', '3.9.1'])
    expect(versions('KRAFT-KILL')).toEqual(['4.1.1'])
    expect(versions('A', parseOptions(['A'], SCENARIOS))).toEqual(['2.6.0'])
    expect(versions('A', parseOptions(['A', '--kraft'], SCENARIOS))).toEqual(['4.1.1'])
    expect(versions('KRAFT-KILL', parseOptions(['KRAFT-KILL', '--kafka', '3.9.1'], SCENARIOS))).toEqual(['3.9.1'])
    expect(parseOptions(['all', '--set', 'core'], SCENARIOS).scenarios.map(({ name }) => name)).toEqual([
      'A',
      'B',
      'C',
      'PAUSE',
      'CALM',
      'E',
    ])
  })

  it.each([
    [['PAUS'], 'no scenario PAUS; the nearest is PAUSE'],
    [['A', '--kafak', '2.6.0'], 'no option --kafak; the nearest is --kafka'],
    [['all', '--set', 'cor'], 'no set cor; the nearest is core'],
    [['A', '--session-timeout', 'soon'], '--session-timeout soon: not milliseconds'],
    [['CALM', '--minutes', 'ten'], '--minutes ten: not minutes'],
    [[], 'which scenario? --list shows them'],
  ])('refuses %j', (argv, message) => {
    expect(() => parseOptions(argv, SCENARIOS)).toThrow(new UsageError(message))
  })

  it("keeps the user's 18 s where he has them", () => {
    const [first] = SCENARIOS
    if (first === undefined) throw new Error('no scenarios')
    expect(sessionTimeoutOf(first, '2.6.0', undefined)).toBe(18_000)
    expect(sessionTimeoutOf(first, '3.9.1', undefined)).toBe(6_000)
    expect(sessionTimeoutOf(first, '3.9.1', 9_000)).toBe(9_000)
    expect(sessionTimeoutOf({ ...first, plan: 'namespaces' }, '3.9.1', undefined)).toBe(12_000)
  })
})

describe('nearest', () => {
  it('counts edits, not case', () => expect(nearest('zombi', ['A', 'ZOMBIE', 'TOTAL'])).toBe('ZOMBIE'))
})

describe('scenarios', () => {
  it('have names of their own', () => expect(new Set(SCENARIOS.map(({ name }) => name)).size).toBe(SCENARIOS.length))

  it('count seconds only from acts they do', () => {
    for (const { name, steps, bounds, holds = [], announced = [] } of SCENARIOS) {
      const acts = steps.flatMap((step) => {
        if ('act' in step) return [step.as ?? `${step.act} ${step.on.join(' ')}`]
        if ('change' in step) return [step.change]
        return 'split' in step ? ['split'] : 'rejoin' in step ? ['rejoin'] : []
      })
      const used = [
        ...bounds.map(({ since }) => since.act),
        ...announced.map(({ act }) => act),
        ...holds.flatMap(({ since, until = since.act }) => [since.act, until]),
      ]
      expect({ name, unknown: used.filter((act) => !acts.includes(act)) }).toEqual({ name, unknown: [] })
      expect(new Set(acts).size).toBe(acts.length)
    }
  })
})

describe('timeline', () => {
  it('puts each source into its column', () => {
    expect(formatRow({ at: 1234, column: 'act', text: 'kill kafka1' })).toMatch(/^ {2}\+1\.2 s \| kill kafka1 +\| +\|$/)
    expect(formatRow({ at: 0, column: 'metrics', text: 'x 0 -> 1' })).toMatch(/\| x 0 -> 1$/)
  })

  it('groups partitions by topic and bounds a burst', () => {
    expect(listed(['t/0', 't/2', 'u/1'])).toBe('t/0,2 u/1')
    expect(listed(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'])).toBe('a b c d e f and 2 more')
  })
})

describe('KafkaSays', () => {
  const before = view([
    [1, [1, 2]],
    [1, [1, 2]],
  ])
  const after = view(
    [
      [2, [1, 2], [2]],
      [2, [1, 2], [2]],
    ],
    { ids: [2, 3], controller: 2 },
  )

  it('tells each fact once, with the broker that said it first', () => {
    const says = new KafkaSays()
    expect(says.answer(2, before, 0)).toEqual([
      '2: brokers 1,2,3, controller 1, 1 topics, 2 partitions, 2 with a full ISR',
    ])
    expect(says.answer(3, before, 0)).toEqual(['3: the same'])
    expect(says.answer(2, after, 100)).toEqual([
      '2: registered 1,2,3 -> 2,3',
      '2: controller 1 -> 2',
      '2: leader 1 -> 2 t/0,1',
      '2: isr 1,2 -> 2 t/0,1',
    ])
    expect(says.answer(3, after, 200)).toEqual([])
  })

  it('tells when a broker that said otherwise for longer than a second agrees again', () => {
    const says = new KafkaSays()
    for (const id of [2, 3]) says.answer(id, before, 0)
    says.answer(2, after, 100)
    says.answer(3, before, 200)
    expect(says.answer(3, after, 5000)).toEqual(['3: agrees again'])
  })

  it('tells of a silence once', () => {
    const says = new KafkaSays()
    says.answer(2, before, 0)
    expect(says.silent(2, 'Connection error: connect ECONNREFUSED 127.0.0.1:1')).toEqual(['2: silent (ECONNREFUSED)'])
    expect(says.silent(2, 'again')).toEqual([])
  })
})

describe('metricChanges', () => {
  it('shows what changed, appeared and went, and no digits of a time', () => {
    const since = 'kafka_ha_partition_unhealthy_since_timestamp_seconds{topic="t",partition="1",state="leaderless"} 17'
    const old = scrape('kafka_ha_broker_up{broker="1"} 1', 'kafka_brokers 3')
    const now = scrape('kafka_ha_broker_up{broker="1"} 0', since)
    expect(metricChanges(old, now)).toEqual([
      'kafka_ha_broker_up 1 -> 0 {broker=1}',
      'kafka_brokers 3 -> absent',
      'kafka_ha_partition_unhealthy_since_timestamp_seconds{state=leaderless} absent -> set {t/1}',
    ])
  })

  it('leaves out what changes without anything having happened', () => {
    const noise = (n: number) =>
      scrape(`process_cpu_seconds_total ${n}`, `kafka_ha_requests_total{source="topology",api="Metadata"} ${n}`)
    expect(metricChanges(noise(1), noise(2))).toEqual([])
  })
})

describe('formatChecks', () => {
  it('shows measured seconds with their bound and the verdict', () => {
    const check = { kind: 'bound', name: 'kill -> up 0', ok: true, seconds: 0.044, withinS: 1 } as const
    expect(formatChecks([check])).toEqual(['bound  kill -> up 0      0.04 s (< 1 s)  ok'])
    expect(formatChecks([{ ...check, ok: false, detail: 'a\nb' }])).toHaveLength(3)
  })
})
