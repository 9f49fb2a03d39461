import type { EventClass, EventFields, LogComponent, Severity } from '../../model/log-event.ts'

/** One kind of line, in every version's wording. The tables of rules are data; nothing else knows a wording. */
export interface Rule {
  /** As in the catalogue: `zk_session_expired`. */
  readonly event: string
  readonly component: LogComponent
  readonly class: EventClass
  readonly severity: Severity
  /** For people: what has happened, in one sentence. */
  readonly meaning: string
  readonly wordings: readonly Wording[]
  /** Real lines, whole, with the version that wrote them and what is taken from them; the tests run every one. */
  readonly examples: readonly Example[]
}

export interface Wording {
  /** Contained in every message of this wording: the cheap test before the pattern. */
  readonly literal: string
  /** Against the message (without time, level and logger). Linear cost on any input. */
  readonly pattern: RegExp
  /** Fields from the pattern's groups; undefined: it is not such a line after all. */
  readonly take?: (groups: RegExpExecArray, continuation: string | undefined) => EventFields | undefined
  /** The first line of the stack trace belongs to what is taken: the event waits for the next line. */
  readonly continued?: true
}

export interface Example {
  /** `2.6.0`, `3.5.8`; of the product that wrote it. */
  readonly version: string
  readonly line: string
  readonly continuation?: string
  readonly fields: EventFields
}
