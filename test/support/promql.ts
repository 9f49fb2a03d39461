import { parser } from '@prometheus-io/lezer-promql'

/** What a PromQL expression asks for, as far as names go. */
export interface Asked {
  /** Metric name -> labels that its selectors match on. */
  readonly metrics: ReadonlyMap<string, ReadonlySet<string>>
  /** Labels named in by, without, on, ignoring, group_left and group_right. */
  readonly grouping: ReadonlySet<string>
}

/** Throws, with the place, on what is not PromQL. */
export function askedBy(expression: string): Asked {
  const metrics = new Map<string, Set<string>>()
  const grouping = new Set<string>()
  const text = (node: { from: number; to: number }): string => expression.slice(node.from, node.to)
  parser.parse(expression).iterate({
    enter(node) {
      if (node.type.isError) {
        throw new Error(`no PromQL at ${JSON.stringify(expression.slice(node.from, node.from + 40))} of ${expression}`)
      }
      if (node.name === 'VectorSelector') {
        const name = node.node.getChild('Identifier')
        if (name === null) throw new Error(`a selector without a metric name: ${text(node)}`)
        const labels = metrics.get(text(name)) ?? new Set<string>()
        for (const matchers of node.node.getChildren('LabelMatchers')) {
          for (const matcher of matchers.getChildren('UnquotedLabelMatcher')) {
            const label = matcher.getChild('LabelName')
            if (label !== null) labels.add(text(label))
          }
        }
        metrics.set(text(name), labels)
      }
      if (node.name === 'GroupingLabels')
        for (const label of node.node.getChildren('LabelName')) grouping.add(text(label))
    },
  })
  return { metrics, grouping }
}

/** With values that parse in the places of Grafana's variables. */
export function withoutVariables(expression: string): string {
  return expression.replaceAll(/\$__(rate_interval|interval|range)\b/g, '5m').replaceAll(/\$(\w+|\{\w+\})/g, 'x')
}
