import { graph, states, upOrDown, type AnyPanel } from '../panels.ts'
import { most, select, sinceThen } from '../queries.ts'
import { half, third } from '../sizes.ts'

export function exporter(): readonly AnyPanel[] {
  const lastSuccess = select('kafka_ha_source_last_success_timestamp_seconds')
  return [
    graph(
      {
        ...third,
        title: 'Age of what each source brought',
        description:
          'Since its last success. Past its maximum age what it brought is not shown any more. Sources that never had one are left out.',
        queries: [[`${sinceThen(lastSuccess)} and ${lastSuccess} > 0`, '{{instance}} {{source}}']],
      },
      { unit: 's', min: 0 },
    ),
    states(
      {
        ...third,
        title: 'Sources',
        description: 'Whether the newest look of each source brought anything usable.',
        queries: [[select('kafka_ha_source_up'), '{{instance}} {{source}}']],
      },
      upOrDown,
    ),
    graph(
      {
        ...third,
        title: 'Failures by target',
        description: 'What a source could not get, from whom and why. Brokers that are down are here, too.',
        queries: [
          [
            `increase(${select('kafka_ha_source_errors_total')}[$__rate_interval]) > 0`,
            '{{instance}} {{source}} {{target}} {{reason}}',
          ],
        ],
      },
      { min: 0 },
    ),
    states(
      {
        ...half,
        title: 'Exporters',
        description: 'Whether Prometheus can scrape them.',
        queries: [[select('up'), '{{instance}}']],
      },
      upOrDown,
    ),
    graph(
      {
        ...half,
        title: 'Disagreements',
        description: 'Facts on which two sources, or two brokers, differ for longer than a moment.',
        queries: [[most('kafka_ha_source_disagreements', 'kind'), '{{kind}}']],
      },
      { min: 0 },
    ),
  ]
}
