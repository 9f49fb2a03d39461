import type { LogComponent, LogEvent, LogLevel } from '../../model/log-event.ts'
import type { Repeats } from './repeats.ts'

/** What a parser tells, in the order of the lines. */
export interface ParserSink {
  line(component: LogComponent, level: LogLevel): void
  event(event: LogEvent): void
}

export interface ParserOptions {
  readonly file: string
  /** Whose log it is where a line does not tell: `--logs.kafka` or `--logs.zookeeper`. */
  readonly component: LogComponent
  /**
   * IANA name or offset (`Europe/Berlin`, `+02:00`); undefined: the machine's, and so with a zone that does not exist:
   * the configuration is checked with `parseTimeZone`.
   */
  readonly timeZone: string | undefined
  /** What the file told that had this name before it was rotated: two lines that tell one thing may lie on both sides. */
  readonly repeats?: Repeats
  /** Events of severity `noise` are told as well; they are not told otherwise. */
  readonly noise?: boolean
  /**
   * Somebody may have pasted the text: lines that were joined, wrapped or lost their ends are taken apart. Not for a log that
   * is followed: what a client calls itself is part of lines, and must not become a line of its own.
   */
  readonly pasted?: boolean
}

/** Turns the lines of one file into events. Synchronous and without a clock; holds at most one line. */
export interface LogParser {
  /** Whole lines, each ended by `\n`; `\r` before it is dropped. */
  take(text: string, sink: ParserSink): void
  /** The file is quiet: the line that waits for its stack trace is complete. */
  flush(sink: ParserSink): void
  /** The last line taken is an event that still waits for the line after it. */
  readonly isWaiting: boolean
}
