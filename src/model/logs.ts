import type { LogComponent, LogEvent, LogLevel } from './log-event.ts'

/** A file that is followed, or was asked for and is not there. */
export interface LogFile {
  /** As it was found: a path, or `-` for standard input. */
  readonly path: string
  /** It is open and the newest look could read it. */
  readonly up: boolean
  /** For people: why it is not up. */
  readonly failure?: string | undefined
  /** Bytes that are written and not read yet, in this file and in the rotated ones that are still being finished. */
  readonly lagBytes: number
  /** Read since the start. */
  readonly bytes: number
  /** Another file took the name. */
  readonly rotations: number
  /** It became shorter under the same inode, or another beginning was found in it. */
  readonly truncations: number
  /** Lines of more than 64 KiB, of which the rest was dropped. */
  readonly cutLines: number
}

export interface EventTally {
  readonly component: LogComponent
  readonly event: string
  readonly count: number
  /** The newest line's own time, milliseconds since 1970. */
  readonly lastAt: number | undefined
}

export interface LineTally {
  readonly component: LogComponent
  /** Lines without a level of their own are not counted: they belong to the line before. */
  readonly level: LogLevel
  readonly count: number
}

/** What the followed logs said since this process started; every count only grows. */
export interface Logs {
  readonly files: readonly LogFile[]
  readonly lines: readonly LineTally[]
  /** Every event that can be counted, those that never happened with 0. */
  readonly events: readonly EventTally[]
  /** The newest few thousand, oldest first in the order of reading. */
  readonly newest: readonly LogEvent[]
  /** How many events were ever taken into `newest`: whoever remembers it knows which are new. */
  readonly taken: number
}
