import { show, type Wrong } from './text.ts'

/** Label names that the exporter's own families use: a constant label of the same name would make a page that Prometheus refuses. */
const RESERVED_LABELS: ReadonlySet<string> = new Set(
  `address api basis broker cause cluster_id component consumergroup controller event family file group guarantee id key kind le level
  log_dir major member minor mode name node operation partition patch phase quantile reason resource revision risk scope server session source space state
  target topic type version zk_host`.split(/\s+/),
)

/** One `name=value` of --kafka.labels. */
export function parseLabel(text: string): readonly [string, string] | Wrong {
  const equals = text.indexOf('=')
  if (equals < 1) return { wrong: `${show(text)} is not a label: write NAME=VALUE` }
  const name = text.slice(0, equals).trim()
  return checkLabelName(name) ?? [name, text.slice(equals + 1)]
}

export function checkLabelName(name: string): Wrong | undefined {
  if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name)) {
    return { wrong: `${show(name)} is not a label name: letters, digits and underscores, not beginning with a digit` }
  }
  if (name.startsWith('__'))
    return { wrong: `${show(name)} is not usable: names that begin with __ belong to Prometheus` }
  if (RESERVED_LABELS.has(name)) {
    return { wrong: `${show(name)} is a label of this exporter's own families: choose another name` }
  }
  return undefined
}
