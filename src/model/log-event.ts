/** What wrote a line, by its logger: Kafka's controller writes a log of its own, ZooKeeper may share Kafka's. */
export type LogComponent = 'kafka' | 'zookeeper' | 'controller'

export const logLevels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const
export type LogLevel = (typeof logLevels)[number]

export const eventClasses = [
  'failover',
  'session',
  'quorum',
  'controller',
  'replication',
  'disk',
  'lifecycle',
  'fatal',
] as const
export type EventClass = (typeof eventClasses)[number]

/** `noise`: recognised so that nobody takes it for more; counted as nothing. */
export type Severity = 'critical' | 'major' | 'minor' | 'info' | 'noise'

/** What is taken from a line. Ids are numbers, sessions `0x...` in lower case, durations milliseconds. */
export interface EventFields {
  /** The broker whose log it is, as the line says. */
  readonly self?: number
  /** The broker, controller or ZooKeeper server (myid) that the line is about, if another. */
  readonly peer?: number
  /** `topic-0`, the first where there are several. */
  readonly partition?: string
  /** How many partitions. */
  readonly partitions?: number
  readonly session?: string
  /** `host:port`, or whatever the line calls the other end. */
  readonly address?: string
  readonly epoch?: number
  readonly durationMs?: number
  readonly leader?: number
  /** Broker ids. */
  readonly isr?: readonly number[]
  readonly isrBefore?: readonly number[]
  /** The state that something went into, in the line's own word. */
  readonly state?: string
  /** The line's own words for why, often the first line of the stack trace. */
  readonly reason?: string
  /** Which of several things of a kind: a signal, a directory, a thread. */
  readonly name?: string
  readonly count?: number
}

/** A line that a rule knows. */
export interface LogEvent {
  /** The line's own time, milliseconds since 1970; undefined where it has none that can be read. */
  readonly at: number | undefined
  readonly component: LogComponent
  readonly level: LogLevel | undefined
  /** As in the catalogue of lines: `zk_session_expired`. */
  readonly event: string
  readonly class: EventClass
  readonly severity: Severity
  readonly fields: EventFields
  /** The file as it was given or found. */
  readonly file: string
  /** Which line it is of those read from this file, from 1. */
  readonly line: number
  /** The message as written, cut to a readable length. */
  readonly text: string
}
