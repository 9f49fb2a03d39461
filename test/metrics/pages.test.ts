import { afterEach, describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { createLogger } from '../../src/log.ts'
import { pages } from '../../src/pages.ts'
import type { WebServer } from '../../src/web/server.ts'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { down, liveness, offsets, topology, type Said } from '../support/facts.ts'
import { build, series, value } from '../support/page.ts'
import { beforeAnything, healthy } from '../support/scenes.ts'
import type { TestStore } from '../support/state.ts'

const logger = createLogger({ level: 'error', format: 'json' })
let web: WebServer | undefined
let port = 0
afterEach(() => web?.stop(100))

async function served(
  store: TestStore,
  ...argv: string[]
): Promise<(path: string) => Promise<{ status: number; text: string }>> {
  const loaded = loadConfig(['--web.listen-address=127.0.0.1:0', ...argv], {})
  if (!loaded.ok || !('config' in loaded)) throw new Error('no configuration')
  web = pages(loaded.config, store.store, logger, build)
  ;({ port } = await web.start())
  return async (path) => {
    const response = await fetch(`http://127.0.0.1:${port}${path}`)
    return { status: response.status, text: await response.text() }
  }
}

describe('pages', () => {
  it('/metrics has the families, filtered and labelled as configured, and the process', async () => {
    const get = await served(healthy(), '--kafka.labels=env=test', '--topic.exclude=^__')
    const { text } = await get('/metrics')
    expect(series(text, 'kafka_topic_partitions')).toEqual({
      'env=test,topic=orders': 3,
      'env=test,topic=pay.ments': 2,
    })
    const { series: all } = parseExposition(text)
    expect([...all.values()].filter(({ labels }) => labels['env'] !== 'test')).toEqual([])
    expect(all.has('process_start_time_seconds{env="test"}')).toBe(true)
  })

  it('tell no old news after the process itself was held up: no timer has run yet, and facts have aged', async () => {
    const store = healthy()
    const get = await served(store)
    expect(value((await get('/metrics')).text, 'kafka_brokers')).toBe(3)
    store.pass(60_000)
    const { text } = await get('/metrics')
    expect([value(text, 'kafka_brokers'), series(text, 'kafka_topic_partition_current_offset')]).toEqual([
      undefined,
      undefined,
    ])
  })

  it('/metrics is of the state in which it began, whatever comes while a slow reader takes it', async () => {
    const led = (leader: number): Said[] => Array.from({ length: 40_000 }, () => ({ leader, replicas: [1, 2] }))
    const before = topology({ topics: { t: led(1) } })
    const store = healthy().brings('topology', before)
    store.brings('offsets', offsets(before, store.now.mono))
    await served(store)
    const response = await fetch(`http://127.0.0.1:${port}/metrics`, { headers: { 'Accept-Encoding': 'identity' } })
    store.brings('topology', topology({ brokers: [2], topics: { t: led(2), u: led(2) } })).tick(60_000)
    const lines = (await response.text()).split('\n')
    const of = (family: string): string[] => lines.filter((line) => line.startsWith(`${family}{`))
    expect(new Set(of('kafka_topic_partition_leader').map((line) => line.slice(line.indexOf('} ') + 2)))).toEqual(
      new Set(['1']),
    )
    for (const family of ['current_offset', 'leader', 'in_sync_replica', 'under_replicated_partition']) {
      expect(of(`kafka_topic_partition_${family}`), family).toHaveLength(40_000)
    }
  })

  it('are ready as soon as each source has had its first look, whatever it found', async () => {
    const store = beforeAnything()
    const get = await served(store)
    expect(await get('/-/ready')).toEqual({
      status: 503,
      text: 'not ready, waiting for: liveness, topology, offsets, reassignments, configs\n',
    })
    store.brings('liveness', liveness({ 1: down() })).brings('topology', undefined)
    store.brings('reassignments', undefined).fails('configs')
    expect(await get('/-/ready')).toEqual({ status: 503, text: 'not ready, waiting for: offsets\n' })
    store.fails('offsets')
    expect(await get('/-/ready')).toEqual({ status: 200, text: 'ready\n' })
  })

  it('/ shows the cluster', async () => {
    const get = await served(healthy())
    expect((await get('/')).text).toContain('the-cluster')
  })
})
