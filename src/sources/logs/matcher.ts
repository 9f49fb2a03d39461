import type { EventFields } from '../../model/log-event.ts'
import { isDigit } from './log-time.ts'
import { type Origin, shortName } from './logger.ts'
import { bodyAt, prefixFields } from './prefix.ts'
import type { Rule, RuleLine, Wording } from './rule.ts'
import { fieldsOf } from './rule-fields.ts'

/** A message without what is around it, and without its stack trace. */
export interface Message {
  readonly text: string
  readonly logger: string | undefined
  readonly thread: string | undefined
  readonly origin: Origin
  /** Of the ZooKeeper server that wrote it, where its layout says so. */
  readonly myid: number | undefined
  /** It has no time and level: no event's line, or no line at all. */
  readonly bare: boolean
}

export interface Match {
  readonly rule: Rule
  readonly fields: EventFields
}

interface Candidate {
  readonly rule: Rule
  readonly wording: Wording
  readonly origin: Origin
}

/** What waits for the line after it. */
export const waits = Symbol('waits')

const head = 2_048
const slots = 1_024

/**
 * Finds the rule of a message. Wordings are kept by the first four characters of the body: of the many lines that no
 * rule knows nearly all are let go after one look into a table.
 */
export class Matcher {
  readonly #lines = new Table()
  readonly #bare = new Table()
  /** Wordings whose body begins with what varies, by the beginning of the prefix. */
  readonly #loose = new Table()

  constructor(rules: readonly Rule[]) {
    for (const rule of rules) {
      const origin = rule.component === 'zookeeper' ? 'zookeeper' : 'kafka'
      for (const wording of rule.wordings) {
        const candidate = { rule, wording, origin } as const
        if (wording.bare === true) this.#bare.add(wording.begins, candidate)
        else if (wording.begins === '') this.#loose.add(wording.prefix ?? '', candidate)
        else this.#lines.add(wording.begins, candidate)
      }
    }
  }

  /** Whether it is worth cutting a message out and asking `match`. Done for every line. */
  isKnown(text: string, at: number, end: number, bare: boolean): boolean {
    if (bare) return this.#bare.knows(text, at)
    const body = bodyAt(text, at, end)
    if (this.#lines.knows(text, afterNumber(text, body))) return true
    return body !== at && this.#loose.knows(text, at)
  }

  /** The first rule that fits; `waits`: one fits that needs the line after it, which is not known yet (null). */
  match(message: Message, continuation: string | null | undefined): Match | typeof waits | undefined {
    const { text } = message
    const body = message.bare ? 0 : bodyAt(text, 0, text.length)
    const begins = message.bare ? 0 : afterNumber(text, body)
    const table = message.bare ? this.#bare : this.#lines
    const found = this.#first(table.at(text, begins), message, body, begins, continuation)
    return found ?? (body === 0 ? undefined : this.#first(this.#loose.at(text, 0), message, body, body, continuation))
  }

  #first(
    candidates: readonly Candidate[],
    message: Message,
    body: number,
    begins: number,
    continuation: string | null | undefined,
  ): Match | typeof waits | undefined {
    for (const candidate of candidates) {
      const groups = groupsOf(candidate, message, body, begins)
      if (groups === undefined) continue
      if (candidate.wording.continued === true && continuation === null) return waits
      const fields = fieldsFor(candidate.wording, groups, message, body, continuation ?? undefined)
      if (fields !== undefined) return { rule: candidate.rule, fields }
    }
    return undefined
  }
}

type Groups = RuleLine['groups']
const noGroups: Groups = {}

/** What the pattern takes; undefined: the line is not of this wording. */
function groupsOf({ wording, origin }: Candidate, message: Message, body: number, begins: number): Groups | undefined {
  const { text } = message
  if (!text.startsWith(wording.begins, begins)) return undefined
  if (wording.prefix !== undefined && (body === 0 || !text.startsWith(wording.prefix))) return undefined
  if (message.origin !== undefined && message.origin !== origin) return undefined
  if (wording.loggers !== undefined) {
    if (message.logger === undefined || !wording.loggers.includes(shortName(message.logger))) return undefined
  }
  if (wording.pattern === undefined) return noGroups
  const found = wording.pattern.exec(text.slice(body, body + head))
  return found === null ? undefined : (found.groups ?? noGroups)
}

function fieldsFor(
  wording: Wording,
  groups: Groups,
  message: Message,
  body: number,
  continuation: string | undefined,
): EventFields | undefined {
  const { text, thread } = message
  const told = body === 0 ? {} : prefixFields(text.slice(0, body))
  const writer = message.myid === undefined ? {} : { self: message.myid }
  const taken = { ...writer, ...told, ...fieldsOf(groups) }
  const reason = wording.continued === true && taken.reason === undefined ? continuation : undefined
  const fields = reason === undefined ? taken : { ...taken, reason }
  if (wording.refine === undefined) return fields
  const more = wording.refine({ message: text, body: text.slice(body), groups, continuation, thread })
  return more === undefined ? undefined : { ...fields, ...more }
}

/** `3 successfully elected as the controller`: rules begin after the number. */
function afterNumber(text: string, at: number): number {
  if (!isDigit(text.charCodeAt(at))) return at
  let end = at + 1
  while (end < at + 10 && isDigit(text.charCodeAt(end))) end++
  return text.charCodeAt(end) === 32 ? end + 1 : at
}

class Table {
  readonly #slots: (Candidate[] | undefined)[] = Array.from({ length: slots })

  add(begins: string, candidate: Candidate): void {
    const slot = slotOf(begins, 0)
    const there = this.#slots[slot]
    if (there === undefined) this.#slots[slot] = [candidate]
    else there.push(candidate)
  }

  at(text: string, at: number): readonly Candidate[] {
    return this.#slots[slotOf(text, at)] ?? []
  }

  knows(text: string, at: number): boolean {
    const candidates = this.#slots[slotOf(text, at)]
    if (candidates === undefined) return false
    for (const { wording } of candidates) {
      if (text.startsWith(wording.begins === '' ? (wording.prefix ?? '') : wording.begins, at)) return true
    }
    return false
  }
}

/** Of the first four characters. */
function slotOf(text: string, at: number): number {
  const key =
    (text.charCodeAt(at) & 0xff) |
    ((text.charCodeAt(at + 1) & 0xff) << 8) |
    ((text.charCodeAt(at + 2) & 0xff) << 16) |
    ((text.charCodeAt(at + 3) & 0xff) << 24)
  return Math.imul(key, 0x9e3779b1) >>> 22
}
