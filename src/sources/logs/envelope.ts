import type { LogComponent, LogLevel } from '../../model/log-event.ts'
import { loggerEndingAt, componentOf, type Origin, originOf } from './logger.ts'
import { endOfTime } from './log-time.ts'

const space = 32
const bracket = 91
const closing = 93
/** No thread's or class's name is longer; keeps a hostile line from being searched to its end for nothing. */
const longestHead = 400

/** What is around a line's message, as positions in its text: by class as one is filled again for every line. */
export class Envelope {
  level: LogLevel = 'info'
  timeAt = 0
  timeEnd = 0
  messageAt = 0
  messageEnd = 0
  /** Of the logger's name: equal where there is none. */
  loggerAt = 0
  loggerEnd = 0
  /** Of the thread's name in ZooKeeper's layout: equal elsewhere. */
  threadAt = 0
  threadEnd = 0
  /** The server's id in ZooKeeper's layout. */
  myid: number | undefined

  /** The logger or caller as the line spells it. */
  logger(text: string): string | undefined {
    return this.loggerAt === this.loggerEnd ? undefined : text.slice(this.loggerAt, this.loggerEnd)
  }

  thread(text: string): string | undefined {
    return this.threadAt === this.threadEnd ? undefined : text.slice(this.threadAt, this.threadEnd)
  }

  origin(text: string): Origin {
    return this.threadAt === this.threadEnd ? originOf(text, this.loggerAt, this.loggerEnd) : 'zookeeper'
  }

  component(text: string, file: LogComponent): LogComponent {
    if (this.threadAt !== this.threadEnd) return 'zookeeper'
    return componentOf(text, this.loggerAt, this.loggerEnd, text.startsWith('[Controller ', this.messageAt), file)
  }
}

/**
 * Reads the layouts of Kafka `[time] LEVEL message (logger)`, ZooKeeper `time [myid:1] - LEVEL [thread:Class@1] - message`,
 * Strimzi `time LEVEL message (logger) [thread]` and `time LEVEL [thread] Class:1 - message`, logback's own `time [thread]
 * LEVEL logger - message`. False: the line belongs to the one before.
 */
export function readEnvelope(text: string, start: number, end: number, into: Envelope): boolean {
  const isBracketed = text.charCodeAt(start) === bracket
  into.timeAt = isBracketed ? start + 1 : start
  let at = endOfTime(text, into.timeAt)
  if (at < 0 || at >= end) return false
  into.timeEnd = at
  into.threadAt = into.threadEnd = into.loggerAt = into.loggerEnd = end
  into.myid = undefined
  if (isBracketed && text.charCodeAt(at++) !== closing) return false
  at = afterSpaces(text, at, end)
  if (text.charCodeAt(at) === bracket) return isBracketed ? false : readBracket(text, at, end, into)
  const message = readLevel(text, at, end, into)
  if (message < 0) return false
  into.messageAt = message
  into.messageEnd = end
  if (!isBracketed && text.charCodeAt(message) === bracket && readCaller(text, message, end, into)) return true
  readLogger(text, isBracketed ? end : beforeThread(text, end), into)
  return true
}

/** The position after the level and its spaces; -1: there is no level. */
function readLevel(text: string, at: number, end: number, into: Envelope): number {
  const level = levelAt(text, at)
  if (level === undefined) return -1
  into.level = level
  const after = at + (text.startsWith('WARNING', at) ? 7 : level.length)
  return text.charCodeAt(after) === space && after < end ? afterSpaces(text, after, end) : -1
}

function levelAt(text: string, at: number): LogLevel | undefined {
  switch (text.charCodeAt(at)) {
    case 73:
      return text.startsWith('INFO', at) ? 'info' : undefined
    case 87:
      return text.startsWith('WARN', at) ? 'warn' : undefined
    case 69:
      return text.startsWith('ERROR', at) ? 'error' : undefined
    case 68:
      return text.startsWith('DEBUG', at) ? 'debug' : undefined
    case 84:
      return text.startsWith('TRACE', at) ? 'trace' : undefined
    case 70:
      return text.startsWith('FATAL', at) ? 'fatal' : undefined
    default:
      return undefined
  }
}

/** `[myid:1] - LEVEL [thread:Class@1] - message` or `[thread] LEVEL logger - message`. */
function readBracket(text: string, at: number, end: number, into: Envelope): boolean {
  const head = text.slice(at, Math.min(end, at + longestHead))
  const close = head.indexOf('] ')
  if (close < 0) return false
  const isZooKeeper = head.startsWith('[myid:')
  const message = readLevel(text, at + close + (isZooKeeper && head.startsWith('] - ', close) ? 4 : 2), end, into)
  if (message < 0) return false
  const myid = isZooKeeper ? /^\[myid:(\d{1,10})\]/.exec(head)?.[1] : undefined
  into.myid = myid === undefined ? undefined : Number(myid)
  return isZooKeeper ? readThread(text, message, end, into) : readName(text, message, end, into)
}

/** `[thread:Class@1] - message`; the thread's name has brackets and colons of its own. */
function readThread(text: string, at: number, end: number, into: Envelope): boolean {
  const head = text.slice(at, Math.min(end, at + longestHead))
  const close = head.indexOf('] - ')
  const line = head.lastIndexOf('@', close)
  const name = head.lastIndexOf(':', line)
  if (close < 0 || line < 0 || name < 0 || !head.startsWith('[')) return false
  into.threadAt = at + 1
  into.threadEnd = into.threadAt + name - 1
  into.loggerAt = at + name + 1
  into.loggerEnd = at + line
  into.messageAt = at + close + 4
  into.messageEnd = end
  return into.messageAt <= end
}

/** `[thread] Class:1 - message` */
function readCaller(text: string, at: number, end: number, into: Envelope): boolean {
  const head = text.slice(at, Math.min(end, at + longestHead))
  const close = head.indexOf('] ')
  const caller = close < 0 ? null : /^([\w.$]+):\d+ - /.exec(head.slice(close + 2))
  if (caller === null) return false
  into.loggerAt = at + close + 2
  into.loggerEnd = into.loggerAt + (caller[1] ?? '').length
  into.messageAt = at + close + 2 + caller[0].length
  into.messageEnd = end
  return true
}

/** `logger - message` */
function readName(text: string, at: number, end: number, into: Envelope): boolean {
  const name = /^([\w.$]+) - /.exec(text.slice(at, Math.min(end, at + longestHead)))
  if (name === null) return false
  into.loggerAt = at
  into.loggerEnd = at + (name[1] ?? '').length
  into.messageAt = at + name[0].length
  into.messageEnd = end
  return true
}

function readLogger(text: string, end: number, into: Envelope): void {
  const at = loggerEndingAt(text, end, into.messageAt)
  if (at < 0) return
  into.loggerAt = at
  into.loggerEnd = end - 1
  into.messageEnd = Math.max(into.messageAt, at - 2)
}

/** `message (logger) [thread]`: where the logger ends. */
function beforeThread(text: string, end: number): number {
  if (text.charCodeAt(end - 1) !== closing) return end
  const from = Math.max(0, end - longestHead)
  const at = text.slice(from, end).lastIndexOf(') [')
  return at < 0 ? end : from + at + 1
}

function afterSpaces(text: string, at: number, end: number): number {
  while (at < end && text.charCodeAt(at) === space) at++
  return at
}
