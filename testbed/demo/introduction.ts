import type { Monitoring } from '../monitoring/monitoring.ts'
import type { Cluster, Server } from '../types.ts'
import type { Exporter } from './exporter.ts'
import { HELP as COMMANDS } from './session.ts'

/** Where everything is, and what to try. */
export function introduction(cluster: Cluster, exporter: Exporter, monitoring?: Monitoring): string {
  const { kafka, mode, bootstrap } = cluster
  const address = ({ host, port }: Server): string => `${host}:${port}`
  const coordinators =
    mode === 'zookeeper'
      ? `ZooKeeper ${cluster.zookeepers.map(address).join(', ')}`
      : `Quorum    ${cluster.controllers.map((one) => `controller ${one.id} ${address(one)}`).join(', ')}`
  return `
Kafka ${kafka} on ${bootstrap.join(', ')}
${coordinators}
Metrics   ${exporter.url}
Page      ${new URL('/', exporter.url).href}
Logs      ${cluster.directory}/*/logs, removed at the end (until then: node dist/main.js analyze ${cluster.directory})
Topic     test-topic: 3 partitions, 2 replicas each, latest offsets 1, 6, 3
${monitoring === undefined ? '' : introductionOf(monitoring)}
Try: ${tryThis(cluster)}
${COMMANDS}
`
}

function tryThis({ mode, roles }: Cluster): string {
  const fromA = "kill kafka1 (watch what takes a session's timeout and what does not), start kafka1"
  if (mode === 'zookeeper') return `${fromA}, stop kafka2, then kafka1.`
  return roles.includes('controller')
    ? `${fromA}, stop kafka2, then kafka1; kill controller1 and controller2 (Kafka serves on, nothing fails over).`
    : `${fromA}; kill kafka1 and kafka2 (two of three controllers with them: nothing fails over any more).`
}

function introductionOf({ prometheus, alertmanager }: Monitoring): string {
  return `
Alerts    ${prometheus}/alerts, those of alerts/kafka-ha.rules.yaml${alertmanager === undefined ? '' : `; Alertmanager ${alertmanager}`}
Dashboard in a Grafana: Dashboards, New, Import, dashboards/kafka-ha-overview.json, on a Prometheus data source ${prometheus}
`
}
