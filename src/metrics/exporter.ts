import type { State } from '../store.ts'
import type { SourceStatus } from '../source-status.ts'
import { aggregation, counter, gauge, labelText, type Family } from './family.ts'

export interface BuildInfo {
  readonly version: string
  readonly revision: string
  readonly node: string
}

/** What the exporter tells of itself: how fresh its knowledge is, what it asked for and what went wrong. */
export function exporterFamilies(build: BuildInfo): readonly Family[] {
  return [
    perSource('kafka_ha_source_up', '0 if the newest look of the source brought nothing usable.', ({ up }) =>
      Number(up ?? false),
    ),
    perSource(
      'kafka_ha_source_last_success_timestamp_seconds',
      'When the source last brought something usable, 0 if it never did. Unix time.',
      ({ lastSuccess }) => (lastSuccess?.wall ?? 0) / 1000,
    ),
    perSource('kafka_ha_source_duration_seconds', 'How long the newest look of the source took.', ({ durationMs }) =>
      durationMs === undefined ? undefined : durationMs / 1000,
    ),
    perSource(
      'kafka_ha_source_max_age_seconds',
      'Age at which what the source brought is not shown any more.',
      ({ maxAgeMs }) => maxAgeMs / 1000,
    ),
    counter(
      'kafka_ha_source_errors_total',
      `Failures of a source by target; without a target: of a whole look. ${aggregation.own}`,
      ['source', 'target', 'reason'],
      function* ({ sources }) {
        for (const [source, { errors }] of sources) {
          for (const { target, reason, count } of errors) {
            yield { labels: labelText({ source, target, reason }), value: count }
          }
        }
      },
    ),
    counter(
      'kafka_ha_requests_total',
      'Requests sent to Kafka by api, to ZooKeeper by word: the load that this exporter is. Over several exporters: sum.',
      ['source', 'api'],
      function* ({ sources }) {
        for (const [source, { sent }] of sources) {
          for (const [api, count] of sent) yield { labels: labelText({ source, api }), value: count }
        }
      },
    ),
    gauge(
      'kafka_ha_source_disagreements',
      `Facts on which two sources, or two brokers, differ for longer than a moment. ${aggregation.kafkaSays}`,
      ['kind'],
      ({ judgement }) => [...judgement.disagreements].map(([kind, value]) => ({ labels: `kind="${kind}"`, value })),
    ),
    gauge(
      'kafka_ha_exporter_build_info',
      `This exporter. Always 1. ${aggregation.own}`,
      ['version', 'revision', 'node'],
      () => [{ labels: labelText({ ...build }), value: 1 }],
    ),
  ]
}

function perSource(name: string, help: string, value: (status: SourceStatus) => number | undefined): Family {
  return gauge(name, `${help} ${aggregation.own}`, ['source'], function* ({ sources }: State) {
    for (const [source, status] of sources) {
      const known = value(status)
      if (known !== undefined) yield { labels: labelText({ source }), value: known }
    }
  })
}
