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
  /** One thing that is told by several lines is one event. */
  readonly once?: Once
  /** Real lines, whole, with the version that wrote them and what is taken from them; the tests run every one. */
  readonly examples: readonly Example[]
}

/** A line says the same as one before where these fields are equal ... */
export interface Once {
  readonly by: readonly (keyof EventFields)[]
  /** ... and it comes at most so many milliseconds (by the lines' own time) later; undefined: until it says something else. */
  readonly withinMs?: number
}

/**
 * A way to say it. The body of a message is what follows its `[...]` prefix: `[KafkaServer id=1] started`. Self, peer
 * and partition are taken from the prefix of every message (prefix.ts), the rest by named groups that are called as the
 * fields are.
 */
export interface Wording {
  /** What the body begins with, after a leading number: the cheap test. Four characters or more, or '' with a prefix. */
  readonly begins: string
  /** What the prefix begins with: `[ReplicaFetcher `. */
  readonly prefix?: string
  /** Short class names of the logger (or the caller): where the words alone are too common. */
  readonly loggers?: readonly string[]
  /** Against the first 2,048 characters of the body, bound to its beginning. Linear cost on any input. */
  readonly pattern?: RegExp
  /** More fields than the groups give; undefined: it is not such a line after all. */
  readonly refine?: (line: RuleLine) => EventFields | undefined
  /** The first line of the stack trace belongs to it: the event waits for the next line, which becomes its `reason`. */
  readonly continued?: true
  /** A line without time and level: a banner of the JVM, the beginning of a stack trace that belongs to no event. */
  readonly bare?: true
}

export interface RuleLine {
  /** The whole message, up to 64 KiB. */
  readonly message: string
  readonly body: string
  readonly groups: Readonly<Record<string, string | undefined>>
  /** The first line of the stack trace. */
  readonly continuation: string | undefined
  /** In ZooKeeper's layout; elsewhere not told. */
  readonly thread: string | undefined
}

export interface Example {
  /** `2.6.0`, `3.5.8`; of the product that wrote it. */
  readonly version: string
  readonly line: string
  readonly continuation?: string
  readonly fields: EventFields
}
