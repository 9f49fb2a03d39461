import { configMaxAgeMs, type Configs } from '../model/configs.ts'
import type { Instant } from '../model/instant.ts'
import { bounded, mostRows, type Bounded } from './bounded.ts'
import { aggregation, columnGauge, gauge, labelText, type Family, type Row } from './family.ts'
import type { TopicLabels } from './topic-labels.ts'

/** The settings that decide how the cluster fails over. */
export function configFamilies(labels: TopicLabels): readonly Family[] {
  return [
    columnGauge(
      'kafka_ha_topic_min_insync_replicas',
      `min.insync.replicas of the topic, inherited or its own. ${aggregation.kafkaSays}`,
      ['topic'],
      ({ view, at }) => {
        const configs = view.configs?.value
        const layout = view.topology?.value.partitions.layout
        if (configs === undefined || layout === undefined) return undefined
        const value = (t: number): number => {
          const config = configs.topics.get(layout.topics[t]?.name ?? '')
          return config !== undefined && isFresh(config, at) ? (config.minInsyncReplicas ?? Number.NaN) : Number.NaN
        }
        return { labels: labels.of(layout).topics, value }
      },
    ),
    gauge(
      'kafka_ha_broker_config',
      `A numeric setting of the broker that decides how it fails over, in the unit that its key names. ${aggregation.kafkaSays}`,
      ['broker', 'key'],
      ({ view, at }) => [...settings(view.configs?.value, at)],
    ),
    gauge(
      'kafka_ha_access_denied',
      `Things that Kafka refuses to show to this exporter's user, by what it would need to be allowed: what rests on them is absent, and topics that it may not describe are in no count. ${aggregation.kafkaSays}`,
      ['resource', 'operation'],
      ({ judgement: { access } }) =>
        [
          denied('topic', 'describe', access.hiddenTopics),
          denied('topic', 'describe_configs', access.topicConfigs),
          denied('cluster', 'describe', access.reassignments),
          denied('cluster', 'describe_configs', access.brokerConfigs),
        ].flat(),
    ),
  ]
}

export function configRisk(wantsTopic: (topic: string) => boolean): Bounded {
  return bounded(
    'kafka_ha_config_risk',
    `1 for each setting that makes the next failure worse than it need be, the first ${mostRows} only. ${aggregation.kafkaSays}`,
    ['scope', 'name', 'risk'],
    ({ judgement }) => {
      const wanted = (judgement.risks ?? []).filter(({ scope, name }) => scope !== 'topic' || wantsTopic(name))
      const rows = wanted.slice(0, mostRows).map((risk) => ({ labels: labelText({ ...risk }), value: 1 }))
      return { rows, omitted: wanted.length - rows.length }
    },
  )
}

/** Each was read by itself, and ages by itself. */
function isFresh({ observedAt }: { readonly observedAt: number }, at: Instant): boolean {
  return at.mono - observedAt <= configMaxAgeMs
}

function* settings(configs: Configs | undefined, at: Instant): Iterable<Row> {
  const brokers = [...(configs?.brokers ?? [])].sort(([a], [b]) => a - b)
  for (const [broker, config] of brokers) {
    if (!isFresh(config, at)) continue
    for (const [key, text] of config.values) {
      if (/^-?\d{1,15}$/.test(text)) yield { labels: labelText({ broker, key }), value: Number(text) }
    }
  }
}

function denied(resource: string, operation: string, value: number | undefined): readonly Row[] {
  return value === undefined ? [] : [{ labels: labelText({ resource, operation }), value }]
}
