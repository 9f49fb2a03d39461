import type { LogComponent } from '../../model/log-event.ts'
import type { LogFile } from '../../model/logs.ts'
import type { Clock } from '../../model/instant.ts'
import type { Failure } from '../../model/result.ts'

/** A path or glob to follow. `-` is standard input. */
export interface LogPattern {
  readonly pattern: string
  readonly component: LogComponent
}

/** Takes what the follower reads. One stream is one file (inode): the rotated and the new one are two. */
export interface LinesSink {
  /** Whole lines, each ended by `\n`, at most 1 MiB; invalid UTF-8 is replaced, NUL bytes are dropped. */
  lines(stream: LogStream, text: string): void
  /** Nothing came for a while: a half line was given out with its `\n` added, a waiting line is complete. */
  quiet(stream: LogStream): void
  /** Nothing more will come from it. */
  ended(stream: LogStream): void
}

export interface LogStream {
  /** Identity of the stream, never used again within a process. */
  readonly id: number
  /** The path under which it was found; that under which a rotated file is finished stays the first. */
  readonly path: string
  readonly component: LogComponent
}

/** Finds files, reads what is new, survives rotation. Never throws; what fails is told per file. */
export interface Follower {
  /** Reads at most about `bytes`, ends early when `signal` is aborted; true: there is more to read at once. */
  read(bytes: number, signal: AbortSignal, sink: LinesSink): Promise<boolean>
  /** By path. */
  files(): readonly LogFile[]
  /**
   * What was given to the sink so far is taken for good: positions may be written, before the last line in the streams
   * (by id) that are `waiting`.
   */
  committed(waiting: ReadonlySet<number>): Promise<void>
  close(): Promise<void>
}

export interface FollowerNotes {
  /** A path cannot be looked up, opened or read, or the positions cannot be written; told when it begins or changes. */
  failed(path: string, failure: Failure): void
  /** What an operator should know though it goes on: lines that are lost, positions that cannot be believed. */
  warn(message: string, fields: Readonly<Record<string, string | number>>): void
}

export interface FollowerOptions {
  readonly patterns: readonly LogPattern[]
  /** Where it is kept how far each file was read; undefined: a restart begins at the ends of the files. */
  readonly positions: string | undefined
  /** Files that were never read before are read from their beginning also at the first start. */
  readonly fromStart: boolean
  readonly clock: Clock
  readonly notes: FollowerNotes
}
