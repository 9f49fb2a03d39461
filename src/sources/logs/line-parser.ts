import type { EventFields, LogLevel } from '../../model/log-event.ts'
import type { Envelope } from './envelope.ts'
import { type JsonLine, parseJsonLine } from './json-line.ts'
import { type Lines, LineReader } from './line-reader.ts'
import { timeAt } from './log-time.ts'
import { componentOf, originOf } from './logger.ts'
import { type Match, Matcher, type Message, waits } from './matcher.ts'
import { owned, printable } from './owned.ts'
import type { LogParser, ParserOptions, ParserSink } from './parser.ts'
import { Repeats } from './repeats.ts'
import { allRules } from './rules/all.ts'
import { parseTimeZone, type TimeZone } from '../../model/time-zone.ts'

const longestMessage = 65_536
const longestTrace = 1_024
const returned = 13
const tab = 9

interface Told {
  readonly message: Message
  readonly level: LogLevel | undefined
  readonly at: number | undefined
  readonly line: number
}

const matcher = new Matcher(allRules)
const nobody: ParserSink = { line: () => undefined, event: () => undefined }

export function createParser(options: ParserOptions): LogParser {
  return new LineParser(options)
}

/** See `LogParser`. */
class LineParser implements LogParser, Lines {
  line = 0
  readonly #options: ParserOptions
  readonly #zone: TimeZone
  readonly #repeats: Repeats
  readonly #reader: LineReader
  /** Valid while `take` or `flush` runs. */
  #sink = nobody
  /** Of the newest event: tells the two passes of the hour that is repeated in autumn apart. */
  #newest: number | undefined
  #waiting: Told | undefined

  constructor(options: ParserOptions) {
    this.#options = options
    this.#repeats = options.repeats ?? new Repeats()
    this.#reader = new LineReader(this, options.pasted === true)
    this.#zone = parseTimeZone(options.timeZone) ?? parseTimeZone(undefined) ?? (() => 0)
  }

  get isWaiting(): boolean {
    return this.#waiting !== undefined || this.#reader.isWaiting
  }

  take(text: string, sink: ParserSink): void {
    this.#sink = sink
    for (let start = 0; start < text.length;) {
      const found = text.indexOf('\n', start)
      const next = found < 0 ? text.length : found
      this.line++
      this.#reader.line(text, start, next > start && text.charCodeAt(next - 1) === returned ? next - 1 : next)
      start = next + 1
    }
    this.#reader.forget()
    this.#sink = nobody
  }

  flush(sink: ParserSink): void {
    this.#sink = sink
    this.#reader.flush()
    this.#complete(undefined)
    this.#sink = nobody
  }

  told(text: string, envelope: Envelope, trace: string | null): void {
    this.#complete(undefined)
    this.#sink.line(envelope.component(text, this.#options.component), envelope.level)
    if (!matcher.isKnown(text, envelope.messageAt, envelope.messageEnd, false)) return
    const message = {
      text: text.slice(envelope.messageAt, envelope.messageEnd),
      logger: envelope.logger(text),
      thread: envelope.thread(text),
      origin: envelope.origin(text),
      myid: envelope.myid,
      bare: false,
    }
    const at = timeAt(text, envelope.timeAt, envelope.timeEnd, this.#zone, this.#newest)
    this.#classify({ message, level: envelope.level, at, line: this.line }, trace)
  }

  json(text: string): void {
    const json = parseJsonLine(text, this.#zone, this.#newest)
    if (json === undefined) this.continuation(text, 0, text.length)
    else if (json.level !== undefined) this.#record(json, json.level)
    else if (json.isPartial || this.#reader.hasParts) this.#reader.part(json.message, json.isPartial)
    // A record in a record in a record is no log.
    else if (!json.message.startsWith('{')) this.#reader.inside(json.message)
  }

  continuation(text: string, start: number, end: number): void {
    if (start >= end) return
    const isFrame = text.charCodeAt(start) === tab
    if (this.#waiting !== undefined) {
      this.#complete(isFrame ? undefined : text.slice(start, Math.min(end, start + longestTrace)).trim())
      return
    }
    if (isFrame || !matcher.isKnown(text, start, end, true)) return
    const message = {
      text: text.slice(start, end),
      logger: undefined,
      thread: undefined,
      myid: undefined,
      origin: this.#options.component === 'zookeeper' ? 'zookeeper' : 'kafka',
      bare: true,
    } as const
    this.#classify({ message, level: undefined, at: undefined, line: this.line }, null)
  }

  #record(json: JsonLine, level: LogLevel): void {
    this.#complete(undefined)
    const { message: text, thread, at } = json
    const logger = json.logger ?? ''
    const isByController = text.startsWith('[Controller ')
    this.#sink.line(componentOf(logger, 0, logger.length, isByController, this.#options.component), level)
    if (!matcher.isKnown(text, 0, text.length, false)) return
    const origin = originOf(logger, 0, logger.length)
    const message = { text, logger: json.logger, thread, origin, myid: undefined, bare: false }
    this.#classify({ message, level, at, line: this.line }, json.continuation ?? '')
  }

  /** The line that waits is complete. */
  #complete(trace: string | undefined): void {
    const waiting = this.#waiting
    if (waiting === undefined) return
    this.#waiting = undefined
    this.#classify(waiting, trace ?? '')
  }

  #classify(told: Told, trace: string | null): void {
    const found = matcher.match(told.message, trace === '' ? undefined : trace)
    if (found === undefined) return
    if (found === waits) {
      const { text, logger, thread } = told.message
      const message = {
        ...told.message,
        text: owned(text.slice(0, longestMessage)),
        logger: logger === undefined ? undefined : owned(logger),
        thread: thread === undefined ? undefined : owned(thread),
      }
      this.#waiting = { ...told, message }
    } else this.#tell(found, told)
  }

  #tell({ rule, fields }: Match, { message, level, at, line }: Told): void {
    if (rule.severity === 'noise' && this.#options.noise !== true) return
    if (!this.#repeats.isNew(rule, fields, at, line)) return
    if (at !== undefined) this.#newest = at
    const { event, severity } = rule
    this.#sink.event({
      at,
      component: rule.component,
      level,
      event,
      class: rule.class,
      severity,
      fields: kept(fields),
      file: this.#options.file,
      line,
      text: printable(message.text),
    })
  }
}

/** Copies, harmless in a terminal. */
function kept(fields: EventFields): EventFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]: [string, unknown]) => [
      key,
      typeof value === 'string' ? printable(value) : value,
    ]),
  )
}
