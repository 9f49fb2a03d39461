import type { EventFields } from '../../model/log-event.ts'
import { owned } from './owned.ts'
import type { Rule } from './rule.ts'

const most = 512

interface Told {
  readonly at: number | undefined
  readonly line: number
}

/** Remembers what was told, so that a thing that several lines tell is one event. Bounded. */
export class Repeats {
  readonly #told = new Map<string, Told>()

  /** Whether this is told for the first time; remembers it. */
  isNew(rule: Rule, fields: EventFields, at: number | undefined, line: number): boolean {
    const { once } = rule
    if (once === undefined) return true
    const values = once.by.map((key) => String(fields[key])).join('\u0000')
    if (once.withinMs === undefined) return this.#isOther(rule.event, values, fields)
    const key = owned(`${rule.event}\u0000${values}`)
    const before = this.#told.get(key)
    if (before !== undefined && isNear(before, at, line, once.withinMs)) return false
    // Of equal keys the newest counts, so that the oldest stand first and are forgotten first.
    this.#told.delete(key)
    if (this.#told.size >= most) this.#told.delete(this.#told.keys().next().value ?? '')
    this.#told.set(key, { at, line })
    return true
  }

  /** A state that is told again and again: only a change counts. Each teller (self) has its own. */
  #isOther(event: string, values: string, fields: EventFields): boolean {
    const key = `${event}\u0000${String(fields.self)}`
    const state = owned(values)
    if (this.#states.get(key) === state) return false
    if (this.#states.size >= most) this.#states.clear()
    this.#states.set(key, state)
    return true
  }

  readonly #states = new Map<string, string>()
}

/** Lines without a readable time are near when they are next to each other. */
function isNear(before: Told, at: number | undefined, line: number, withinMs: number): boolean {
  if (before.at === undefined || at === undefined) return line > before.line && line - before.line <= 2
  return Math.abs(at - before.at) <= withinMs
}
