import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { startEnsemble, type Ensemble } from '../../testbed/ensemble.ts'
import { eventually, startExporter, type ExporterProcess } from '../support/exporter-process.ts'
import { ZookeeperWriter } from '../support/zookeeper-writer.ts'

const sessionMs = 6_000
/** Of an announced time: see docs/sessions.md. */
const mostErrorMs = 2_000

/** ZooKeeper 3.5.8, which Kafka 2.6.0 brings; `npm run bench:sessions -- --admin-server` has brokers, and other versions. */
describe('a real ensemble that executes no word but ruok, and its AdminServers', () => {
  let ensemble: Ensemble
  let exporter: ExporterProcess

  beforeAll(async () => {
    ensemble = await startEnsemble({
      kafka: '2.6.0',
      servers: 3,
      configOf: () => ({ 'admin.enableServer': 'true', '4lw.commands.whitelist': 'ruok' }),
    })
    const { nodes } = ensemble
    for (const { host, adminPort } of nodes) {
      const serves = async (): Promise<boolean> => {
        const response = await fetch(`http://${host}:${adminPort}/commands/srvr`)
        return ((await response.json()) as { error: unknown }).error === null
      }
      await eventually(async () => ((await serves().catch(() => false)) ? true : undefined), 30_000)
    }
    const setup = await ZookeeperWriter.open(server(0))
    for (const path of ['/brokers', '/brokers/ids', '/brokers/topics', '/admin', '/admin/delete_topics']) {
      await setup.create(path)
    }
    await setup.close()
    exporter = await startExporter([
      '--kafka.server=127.0.0.1:1',
      ...nodes.flatMap(({ host, clientPort, adminPort }) => [
        `--zookeeper.server=${host}:${clientPort}`,
        `--zookeeper.admin-server=http://${host}:${adminPort}`,
      ]),
    ])
  })
  afterAll(async () => {
    await exporter.stop()
    await ensemble.destroy()
  })

  it('tell the quorum, its epoch, and when which session ends: each end is counted once', async () => {
    await shown((page) => page.get('kafka_ha_quorum_serving_voters{kind="zookeeper"}') === 3)
    const [dying, closing] = await Promise.all([
      ZookeeperWriter.open(server(1), sessionMs),
      ZookeeperWriter.open(server(2)),
    ])
    await dying.create('/brokers/ids/1', '{}', true)
    await closing.create('/brokers/ids/2', '{}', true)
    const alive = await shown((page) => named(page, 'kafka_ha_broker_session_expiry').length === 2)
    expect(alive.get('kafka_ha_quorum_epoch{kind="zookeeper"}')).toBeGreaterThan(0)
    expect(alive.get('kafka_ha_broker_session_timeout_seconds{broker="1"}')).toBe(sessionMs / 1_000)

    await closing.close()
    let announced = Number.NaN
    await shown((page) => {
      announced = page.get('kafka_ha_broker_session_expiry_timestamp_seconds{basis="dump",broker="1"}') ?? announced
      return page.get('kafka_ha_broker_session_expired_total{broker="1"}') === 1
    })
    const offMs = Date.now() - announced * 1_000
    process.stdout.write(`3.5.8 by AdminServer: counted ${offMs.toFixed(0)} ms after the announced time\n`)
    expect(Math.abs(offMs)).toBeLessThan(mostErrorMs)
    const after = await shown((page) => named(page, 'kafka_ha_broker_session{').length === 0)
    const counts = [...named(after, 'kafka_ha_broker_session_closed'), ...named(after, 'kafka_ha_broker_session_expired')] // prettier-ignore
    expect(counts.filter(([, count]) => count > 0)).toEqual([
      ['kafka_ha_broker_session_closed_total{broker="2"}', 1],
      ['kafka_ha_broker_session_expired_total{broker="1"}', 1],
    ])
  })

  function server(index: number): { readonly host: string; readonly port: number } {
    const { host = '', clientPort = 0 } = ensemble.nodes[index] ?? {}
    return { host, port: clientPort }
  }

  type Page = ReadonlyMap<string, number>

  function named(page: Page, start: string): [string, number][] {
    return [...page].filter(([series]) => series.startsWith(start))
  }

  /** The page, `name{labels}` -> value, once it is as wanted. */
  async function shown(holds: (page: Page) => boolean): Promise<Page> {
    let last = ''
    const look = async (): Promise<Page | undefined> => {
      last = await exporter.metrics()
      const page = new Map([...parseExposition(last).series].map(([series, { value }]) => [series, value]))
      return holds(page) ? page : undefined
    }
    return eventually(look, 30_000).catch((error: unknown) => {
      const lines = last.split('\n').filter((line) => /^kafka_ha_(broker_session|quorum|source_errors)/.test(line))
      throw new Error(`${String(error)}; last:\n${lines.join('\n')}\n${exporter.log()}`)
    })
  }
})
