import { graph, list, type AnyPanel } from '../panels.ts'
import { over, select, sinceThen } from '../queries.ts'
import { half } from '../sizes.ts'

const events = 'kafka_ha_log_events_total'
/** Each exporter follows the logs of its own node, so that what they count adds up. */
const summed = over('sum', ['component', 'event'], `increase(${select(events)}[$__rate_interval])`)
const newest = over('max', ['component', 'event'], select('kafka_ha_log_last_event_timestamp_seconds'))
const perFile = (how: 'max' | 'min', family: string): string => over(how, ['instance', 'file'], select(family))

export function logs(): readonly AnyPanel[] {
  return [
    graph(
      {
        ...half,
        title: 'Events',
        description:
          'Lines of a known kind in the logs that are followed, the 20 most frequent kinds. One failover is told by many brokers and partitions; when and in what order it was told is what this is for.',
        queries: [[`topk(20, ${summed} > 0)`, '{{component}} {{event}}']],
      },
      { min: 0, stacked: true },
    ),
    list(
      {
        width: 6,
        height: 8,
        title: 'Newest events',
        description: 'The 20 kinds that were told of last, and how long ago by the time of the line.',
        queries: [[`bottomk(20, ${sinceThen(newest)})`, 'ago']],
      },
      { unit: 's' },
    ),
    list({
      width: 6,
      height: 8,
      title: 'Log files in trouble',
      description: 'Followed files that cannot be read, and those of which more than 1 MB is not read yet.',
      queries: [
        [`${perFile('min', 'kafka_ha_log_file_up')} == 0`, 'up'],
        [`${perFile('max', 'kafka_ha_log_file_lag_bytes')} > 1e6`, 'bytes behind'],
      ],
    }),
  ]
}
