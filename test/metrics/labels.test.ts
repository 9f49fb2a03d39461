import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { labelText } from '../../src/metrics/family.ts'
import { processMetrics } from '../../src/metrics/process.ts'
import { render } from '../../src/metrics/render.ts'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { liveness, topology, up } from '../support/facts.ts'
import { page, series } from '../support/page.ts'
import { scenes } from '../support/scenes.ts'
import { TestStore } from '../support/state.ts'

const nasty = [
  ['a quote', 'a"b', 'a\\"b'],
  ['a backslash', 'a\\b', 'a\\\\b'],
  ['a backslash at the end', 'a\\', 'a\\\\'],
  ['a newline', 'a\nb', 'a\\nb'],
  ['what looks like an escape', 'a\\nb', 'a\\\\nb'],
  ['what looks like the end of the series', '"} 1\nup 0', '\\"} 1\\nup 0'],
  ['unicode', 'ä€😀', 'ä€😀'],
  ['nothing', '', ''],
] as const

describe('a label value with', () => {
  it.each(nasty)('%s is escaped as the format says, and read back as it was', (_, value, escaped) => {
    expect(labelText({ l: value })).toBe(`l="${escaped}"`)
    const { series } = parseExposition(`# TYPE x gauge\nx{${labelText({ l: value })}} 1\n`)
    expect([...series.values()].map(({ labels }) => labels)).toEqual([{ l: value }])
  })

  it.each(nasty)('%s, from Kafka itself, does not spoil the page', (_, value) => {
    const brokers = [{ id: 1, host: value, port: 9092 }]
    const said = topology({ clusterId: value, brokers, topics: { [value]: [{ leader: 1, replicas: [1] }] } })
    const store = new TestStore({ seeds: [value] }).brings('topology', said)
    store.ledgers.topology.failed(value, { reason: 'protocol', detail: value })
    store.brings(
      'liveness',
      liveness({ [`${value}:9092`]: up({ clusterId: value }), [value]: up({ clusterId: value }) }),
    )
    const text = page(store.state)
    expect([...parseExposition(text).series.values()].map(({ labels }) => labels['topic'])).toContain(value)
    expect(text.endsWith('\n')).toBe(true)
  })

  it.each(nasty)('%s, configured as a constant label, is in process metrics, too', async (_, value) => {
    const { series } = parseExposition(await processMetrics({ site: value })())
    expect(new Set([...series.values()].map(({ labels }) => labels['site']))).toEqual(new Set([value]))
  })
})

describe('constant labels', () => {
  it.each(Object.entries(scenes))('come in every series of %s and change nothing else', (_, scene) => {
    const { state } = scene()
    const plain = parseExposition(page(state))
    const labelled = parseExposition(page(state, {}, { env: 'test', site: 'a"b' }))
    expect(
      [...labelled.series.values()].map(({ labels: { env, site, ...labels }, ...rest }) => ({
        env,
        site,
        labels,
        ...rest,
      })),
    ).toEqual([...plain.series.values()].map((each) => ({ env: 'test', site: 'a"b', ...each })))
  })

  it('come in process_* and nodejs_*, histograms and infos included', async () => {
    const { series } = parseExposition(await processMetrics({ env: 'test' })())
    expect(series.size).toBeGreaterThan(20)
    expect([...series].filter(([, { labels }]) => labels['env'] !== 'test')).toEqual([])
  })
})

describe('help', () => {
  it('is escaped', () => {
    const family = {
      name: 'x',
      help: 'a\\b\nup 0',
      type: 'gauge',
      labels: [],
      rows: () => [{ labels: '', value: 1 }],
    } as const
    expect([...render([family], new TestStore().state)].join('')).toBe('# HELP x a\\\\b\\nup 0\n# TYPE x gauge\nx 1\n')
  })

  it('of a family without rows is not there', () => {
    const family = { name: 'x', help: 'x', type: 'gauge', labels: [], rows: () => [] } as const
    expect([...render([family], new TestStore().state)]).toEqual([])
  })
})

describe('the topic filter', () => {
  const { state } = scenes['b-leaderless']()
  /** As pages.ts makes it of the configuration. */
  function wants(...argv: string[]): (topic: string) => boolean {
    const loaded = loadConfig(argv, {})
    if (!loaded.ok || !('config' in loaded)) throw new Error('no configuration')
    const { filter, exclude } = loaded.config.topics
    return (topic) => filter.test(topic) && !exclude.test(topic)
  }
  const shown = (wantsTopic: (topic: string) => boolean): string[] =>
    Object.keys(series(page(state, { wantsTopic }), 'kafka_topic_partitions') ?? {})

  it.each<[string[], string[]]>([
    [[], ['__consumer_offsets', 'orders', 'pay.ments']],
    [['--topic.filter=ord'], ['orders']],
    [['--topic.filter=^(orders|pay.ments)$'], ['orders', 'pay.ments']],
    [['--topic.exclude=^__'], ['orders', 'pay.ments']],
    [['--topic.filter=a', '--topic.exclude=pay'], []],
    [['--topic.filter=(?i)ORDERS'], ['orders']],
  ])('%j shows %j', (argv, expected) => {
    expect(shown(wants(...argv))).toEqual(expected.map((topic) => `topic=${topic}`))
  })

  it('hides series of topics and partitions, and leaves the counts of the cluster alone', () => {
    const hidden = page(state, { wantsTopic: () => false })
    const all = page(state)
    const { series: left } = parseExposition(hidden)
    expect([...left.values()].filter(({ labels }) => 'topic' in labels)).toEqual([])
    const counts = (text: string): string[] =>
      text.split('\n').filter((line) => !line.startsWith('#') && !/topic=|scope="topic"/.test(line))
    expect(counts(hidden)).toEqual(counts(all))
  })
})
