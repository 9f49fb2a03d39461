import type { EventFields } from '../../model/log-event.ts'
import type { RuleLine } from './rule.ts'

type Writable = { -readonly [K in keyof EventFields]: EventFields[K] }

const numbers = ['self', 'peer', 'partitions', 'epoch', 'durationMs', 'leader', 'count'] as const
const texts = ['partition', 'address', 'state', 'reason', 'name'] as const
const lists = ['isr', 'isrBefore'] as const

/** The groups of a pattern by their names. */
export function fieldsOf(groups: RuleLine['groups']): Writable {
  const fields: Writable = {}
  for (const key of numbers) {
    const text = groups[key]
    if (text !== undefined) fields[key] = Number(text)
  }
  for (const key of texts) {
    const text = groups[key]?.trim()
    if (text !== undefined && text !== '') fields[key] = text
  }
  for (const key of lists) {
    const text = groups[key]
    if (text !== undefined) fields[key] = ids(text)
  }
  const session = groups['session']
  if (session !== undefined) fields.session = session.toLowerCase()
  return fields
}

/** `1,2` or `1, 2`. */
export function ids(text: string): number[] {
  return (text.match(/-?\d{1,10}/g) ?? []).map(Number)
}

/** How many names stand in `Set(a-0, b-1)` (or up to the end without a parenthesis) from `from` on; names have no commas. */
export function countNames(text: string, from: number): number {
  const close = text.indexOf(')', from)
  const end = close < 0 ? text.length : close
  let count = from < end ? 1 : 0
  for (let at = text.indexOf(',', from); at >= 0 && at < end; at = text.indexOf(',', at + 1)) {
    // A list that was cut ends with a comma, perhaps with points.
    if (at + 2 < end && text.charCodeAt(at + 1) !== 46) count++
  }
  return count
}

export function countOf(text: string, word: string): number {
  let count = 0
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) count++
  return count
}
