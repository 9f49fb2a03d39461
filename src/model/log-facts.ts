import type { LogEvent } from './log-event.ts'

/** A line worth keeping, with a time that can be compared over files. */
export interface KeptEvent extends LogEvent {
  /** Milliseconds since 1970, moved by its file's `shiftMs`. */
  readonly at: number
  /** The same line again, shortly after and with nothing new: how many more, and when the last one was. */
  readonly repeats: number
  readonly lastAt: number
}

/** A stretch without a line. */
export interface LogSilence {
  /** Time, number and text of the last line before it. */
  readonly from: number
  readonly line: number
  readonly text: string
  /** Time of the first line after it. */
  readonly to: number
}

/** What is known of a log file as a whole. Times are milliseconds since 1970, moved by `shiftMs`. */
export interface LogFileFacts {
  readonly file: string
  /** Broker id or KRaft's node id; undefined: neither the lines nor the file's name tell, or nothing of Kafka is in it. */
  readonly node: number | undefined
  /** The same of a ZooKeeper server. */
  readonly myid: number | undefined
  /** What told the ids. */
  readonly idFrom: 'lines' | 'name' | undefined
  /** What writes into it. Both where one log4j.properties serves both. */
  readonly roles: readonly LogRole[]
  /** Of Kafka or ZooKeeper, as the lines announce it. */
  readonly version: string | undefined
  /** Ids of clusters, as the brokers announce them; more than one where a directory was emptied in between. */
  readonly clusters: readonly string[]
  /** Ids of the other nodes that its lines name. */
  readonly peers: readonly number[]
  readonly lines: number
  readonly bytes: number
  readonly firstAt: number | undefined
  readonly lastAt: number | undefined
  readonly lastLine: { readonly line: number; readonly text: string } | undefined
  /** The longest, in order of time. */
  readonly silences: readonly LogSilence[]
  /** Added to the times as written, because events seen on both sides say that its zone is another. */
  readonly shiftMs: number
}

/** `kraft`: a broker or controller that needs no ZooKeeper. */
export type LogRole = 'broker' | 'zookeeper' | 'kraft'

/** The logs that were read, and what of them was kept. */
export interface LogRecord {
  readonly files: readonly LogFileFacts[]
  /** In order of time. */
  readonly events: readonly KeptEvent[]
}
