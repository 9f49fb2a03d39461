/** PromQL of the dashboard. A cluster is what shares the job and, where given, `cluster` or `kafka_cluster`, as in the alert rules. */

const targets = 'job=~"$job", instance=~"$instance"'
const identity = ['cluster', 'kafka_cluster']

/** Series of a family from the exporters chosen above the dashboard. `matchers` as in `broker="1"`. */
export function select(family: string, ...matchers: readonly string[]): string {
  return `${family}{${[targets, ...matchers].join(', ')}}`
}

/** Several exporters are one witness: `max` of what Kafka said or what is up, `min` of what an exporter cannot reach. */
export function over(how: 'max' | 'min' | 'sum' | 'count', by: readonly string[], vector: string): string {
  return `${how} by (${[...identity, ...by].join(', ')}) (${vector})`
}

export const most = (family: string, ...by: readonly string[]): string => over('max', by, select(family))
export const least = (family: string, ...by: readonly string[]): string => over('min', by, select(family))

/** What a counter grew by between two points of the graph. Exporters that saw the same event count it once. */
export function grown(counter: string, ...by: readonly string[]): string {
  return over('max', by, `increase(${select(counter)}[$__rate_interval])`)
}

/** Seconds from now to a time, negative when it has passed. */
export const untilThen = (vector: string): string => `${vector} - time()`
export const sinceThen = (vector: string): string => `time() - ${vector}`
