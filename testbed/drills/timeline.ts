export type Column = 'act' | 'kafka' | 'metrics'

export interface Row {
  /** ms since the drill began. */
  readonly at: number
  readonly column: Column
  readonly text: string
}

const WIDTHS: Readonly<Record<Column, number>> = { act: 26, kafka: 58, metrics: 0 }
const COLUMNS: readonly Column[] = ['act', 'kafka', 'metrics']

function line(second: string, cells: readonly string[]): string {
  return [second.padStart(8), ...cells].join(' | ').trimEnd()
}

export function header(): string {
  return line('+sec', ['act'.padEnd(WIDTHS.act), 'kafka, zookeeper say'.padEnd(WIDTHS.kafka), '/metrics'])
}

/** One line a row; a text longer than its column pushes what is to its right, it is never cut. */
export function formatRow({ at, column, text }: Row): string {
  const cells = COLUMNS.map((name) => (name === column ? text : '').padEnd(WIDTHS[name]))
  return line(`+${(at / 1000).toFixed(1)} s`, cells)
}

const SHOWN_MEMBERS = 6

/** `t/0`, `t/2`, `u/1` -> `t/0,2` and `u/1`; other members stay as they are. */
function byTopic(members: readonly string[]): string[] {
  const grouped = new Map<string, string[]>()
  const rest: string[] = []
  for (const member of members) {
    const [, topic, partition] = /^([^={]+)\/(\d+)$/.exec(member) ?? []
    if (topic === undefined || partition === undefined) rest.push(member)
    else grouped.set(topic, [...(grouped.get(topic) ?? []), partition])
  }
  return [...[...grouped].map(([topic, partitions]) => `${topic}/${partitions.join(',')}`), ...rest]
}

/** One line for a burst: partitions by topic, and after the sixth member `and 9 more`. */
export function listed(members: readonly string[]): string {
  const short = byTopic(members)
  if (short.length <= SHOWN_MEMBERS) return short.join(' ')
  return `${short.slice(0, SHOWN_MEMBERS).join(' ')} and ${short.length - SHOWN_MEMBERS} more`
}
