import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startCluster } from '../../testbed/cluster.ts'
import { startExporter } from '../../testbed/demo/exporter.ts'
import { activeAlerts, nameOf, seriesOf } from '../../testbed/monitoring/alerts.ts'
import { startMonitoring, type Monitoring } from '../../testbed/monitoring/monitoring.ts'
import { findPrograms, missingPrograms } from '../../testbed/monitoring/programs.ts'
import type { Cluster } from '../../testbed/types.ts'
import { createTestTopic } from '../../testbed/user-topic.ts'
import { eventually } from '../support/exporter-process.ts'
import { askedBy } from '../support/promql.ts'

/** Drill B as an operator on call lives through it: real servers, the shipped rules, a notification at each end. */

interface Notification {
  readonly status: 'firing' | 'resolved'
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved'
    readonly labels: Readonly<Record<string, string>>
    readonly annotations: Readonly<Record<string, string>>
  }[]
}

const BUILT = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
/** The rule's `for`, an evaluation, a group_wait, and what a loaded machine adds. */
const FIRES_WITHIN_MS = 15_000 + 10_000
const RESOLVES_WITHIN_MS = 20_000

let cluster: Cluster
let monitoring: Monitoring
const notifications: Notification[] = []
/** What was started, also where the next thing did not start. */
const undos: (() => unknown)[] = []

beforeAll(async () => {
  const programs = findPrograms()
  const missing = missingPrograms(programs)
  if (missing !== undefined) throw new Error(missing)
  const webhook = createServer((request, response) => {
    void text(request).then((body) => {
      notifications.push(JSON.parse(body) as Notification)
      response.end()
    })
  })
  webhook.listen(0, '127.0.0.1')
  await once(webhook, 'listening')
  undos.push(() => webhook.close())
  cluster = await startCluster({ kafka: '2.6.0' })
  undos.push(() => cluster.destroy())
  await createTestTopic(cluster)
  const exporter = await startExporter(cluster, BUILT)
  undos.push(() => exporter.stop())
  const started = await startMonitoring({
    directory: cluster.directory,
    exporters: [new URL(exporter.url).host],
    webhook: `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`,
    programs,
  })
  if (started === undefined) throw new Error('no Prometheus')
  monitoring = started
  undos.push(() => started.stop())
})

afterAll(async () => {
  const failures: unknown[] = []
  for (const undo of undos.reverse()) {
    try {
      await undo()
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, 'not all was undone')
})

/** The newest word on an alert that a webhook has got. */
function told(alertname: string, status: 'firing' | 'resolved'): Notification['alerts'][number] | undefined {
  return notifications
    .flatMap(({ alerts }) => alerts)
    .findLast((alert) => alert.labels['alertname'] === alertname && alert.status === status)
}

const active = async (state: 'pending' | 'firing'): Promise<readonly string[]> =>
  (await activeAlerts(monitoring.prometheus)).filter((alert) => alert.state === state).map(nameOf)

/** Families that have no series as long as nothing is wrong, or in this mode. */
const emptyWhenHealthy = [
  'kafka_ha_partition_unhealthy_since_timestamp_seconds',
  'kafka_ha_broker_down_reason',
  'kafka_ha_source_errors_total',
  'kafka_ha_broker_awaited_partitions',
  'kafka_ha_quorum_member_lag',
  'kafka_ha_broker_session_closed_total',
  'kafka_ha_broker_session_expired_total',
  'kafka_ha_log_events_total',
  'kafka_ha_log_last_event_timestamp_seconds',
  'kafka_ha_log_file_up',
  'kafka_ha_log_file_lag_bytes',
]

describe('drill B with the shipped rules', () => {
  it('healthy: nothing fires, and every panel of the dashboard that should has something to show', async () => {
    const isScraped = async (): Promise<true | undefined> =>
      (await seriesOf(monitoring.prometheus, 'count_over_time(kafka_ha_leaderless_partitions[1m]) > 3')) > 0 ||
      undefined
    await eventually(isScraped, 20_000)
    const { panels } = JSON.parse(
      readFileSync(new URL('../../dashboards/kafka-ha-overview.json', import.meta.url), 'utf8'),
    ) as { panels: readonly { title: string; targets?: readonly { expr: string }[] }[] }
    const empty: string[] = []
    for (const { title, targets = [] } of panels) {
      for (const { expr } of targets) {
        const query = expr.replaceAll('$__rate_interval', '10s').replaceAll(/\$(job|instance)\b/g, '.+')
        const isExcused = [...askedBy(query).metrics.keys()].some((m) => emptyWhenHealthy.includes(m))
        if ((await seriesOf(monitoring.prometheus, query)) === 0 && !isExcused) empty.push(`${title}: ${query}`)
      }
    }
    expect(empty).toEqual([])
    expect(await active('firing')).toEqual([])
    expect(notifications).toEqual([])
  })

  it('brokers 1 and 2 stopped: somebody is woken, and told which partition and what to do', async () => {
    await cluster.act('stop', 'kafka1')
    await cluster.act('stop', 'kafka2')
    const alert = await eventually(() => told('KafkaPartitionsLeaderless', 'firing'), FIRES_WITHIN_MS)
    expect(alert.labels).toMatchObject({ severity: 'critical', job: 'kafka-ha' })
    expect(alert.annotations['description']).toContain('test-topic-2')
    expect(alert.annotations['description']).toContain('kafka_ha_broker_awaited_partitions')
    // The topic has RF 2 and min ISR 1, and broker 3 serves the rest: nothing else is lost.
    expect((await active('firing')).filter((name) => !name.startsWith('KafkaBrokerDown'))).toEqual([
      'KafkaPartitionsLeaderless',
    ])
  })

  it('brokers started: it is resolved, and nothing else stays', async () => {
    await Promise.all([cluster.act('start', 'kafka2'), cluster.act('start', 'kafka1')])
    await eventually(() => told('KafkaPartitionsLeaderless', 'resolved'), RESOLVES_WITHIN_MS)
    await eventually(async () => ((await active('firing')).length === 0 ? true : undefined), RESOLVES_WITHIN_MS)
    const woken = notifications
      .flatMap(({ alerts }) => alerts)
      .filter(({ labels }) => labels['severity'] === 'critical')
    expect([...new Set(woken.map(({ labels }) => labels['alertname']))]).toEqual(['KafkaPartitionsLeaderless'])
  })
})
