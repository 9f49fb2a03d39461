import { stringify } from 'yaml'

/** How often a testbed is scraped and its rules are looked at: the rules' own `for` is what takes time here, not this. */
const EVERY = '1s'

export interface Scraped {
  /** `host:port` of each exporter. */
  readonly exporters: readonly string[]
  readonly ruleFile: string
  /** `host:port`; undefined: alerts are evaluated and sent nowhere. */
  readonly alertmanager: string | undefined
}

/** prometheus.yml: the job has the name that the rules expect. */
export function prometheusConfig({ exporters, ruleFile, alertmanager }: Scraped): string {
  return stringify({
    global: { scrape_interval: EVERY, scrape_timeout: EVERY, evaluation_interval: EVERY },
    rule_files: [ruleFile],
    scrape_configs: [{ job_name: 'kafka-ha', static_configs: [{ targets: exporters }] }],
    ...(alertmanager === undefined
      ? {}
      : { alerting: { alertmanagers: [{ api_version: 'v2', static_configs: [{ targets: [alertmanager] }] }] } }),
  })
}

/** alertmanager.yml: everything goes to the webhook, resolved alerts too; without one it is only to be looked at. */
export function alertmanagerConfig(webhook: string | undefined): string {
  const to = webhook === undefined ? {} : { webhook_configs: [{ url: webhook, send_resolved: true }] }
  return stringify({
    route: {
      receiver: 'testbed',
      group_by: ['alertname', 'job', 'cluster', 'kafka_cluster'],
      group_wait: EVERY,
      group_interval: EVERY,
      repeat_interval: '1h',
    },
    receivers: [{ name: 'testbed', ...to }],
  })
}
