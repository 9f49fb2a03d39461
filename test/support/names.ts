import { labelsOf } from './contract.ts'
import { askedBy } from './promql.ts'

/** Labels that a scrape configuration gives, and the constant one that the README recommends (--kafka.labels). */
export const targetLabels: ReadonlySet<string> = new Set(['job', 'instance', 'cluster', 'kafka_cluster'])

/** Series that Prometheus makes itself. */
const ofPrometheus: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['up', new Set<string>()],
  ['ALERTS', new Set(['alertname', 'alertstate', 'severity', 'component', 'source', 'broker', 'kind'])],
])

/** What a query names that does not exist, a line each. Throws on what is not PromQL. */
export function unknownNames(expression: string): readonly string[] {
  const { metrics, grouping } = askedBy(expression)
  const known = new Set(targetLabels)
  const wrong: string[] = []
  for (const [metric, matched] of metrics) {
    const labels = labelsOf(metric) ?? ofPrometheus.get(metric)
    if (labels === undefined) wrong.push(`no metric ${metric}`)
    for (const label of labels ?? []) known.add(label)
    for (const label of matched) {
      if (labels?.has(label) === false && !targetLabels.has(label)) wrong.push(`${metric} has no label ${label}`)
    }
  }
  for (const label of grouping) if (!known.has(label)) wrong.push(`nothing here has a label ${label}`)
  return wrong
}
