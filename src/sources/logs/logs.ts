import { setImmediate as turn } from 'node:timers/promises'
import type { LogComponent, LogEvent, LogLevel } from '../../model/log-event.ts'
import type { Clock } from '../../model/instant.ts'
import type { Logs } from '../../model/logs.ts'
import type { FactName } from '../../model/view.ts'
import type { Look, Notes, Pace, Source } from '../../source.ts'
import type { Follower, FollowerNotes, LinesSink, LogStream } from './follower.ts'
import { Failures } from './failures.ts'
import { News } from './news.ts'
import type { LogParser, ParserOptions, ParserSink } from './parser.ts'
import { fittingZone, ZoneDoubt } from './zone-doubt.ts'
import { Repeats } from './repeats.ts'
import { Tallies, type Countable } from './tallies.ts'

export interface LogsOptions {
  readonly createFollower: (notes: FollowerNotes) => Follower
  readonly createParser: (options: ParserOptions) => LogParser
  /** What the rules can find in the logs that are followed. */
  readonly countable: readonly Countable[]
  readonly timeZone: string | undefined
  readonly clock: Clock
  /** As configured. */
  readonly positions: string | undefined
  /** A line tells of something that a source should look at. */
  readonly wake: (name: FactName) => void
  /** Asks for the next look at once. */
  readonly look: () => void
  readonly notes: Notes
  /** Of the exporter's own log. */
  readonly warn: FollowerNotes['warn']
  readonly pace: Pace
}

/** Parsing a slice takes about so long, and for so long a scrape may have to wait. Milliseconds. */
const sliceMs = 3
/** Code that has not run yet is many times as slow, and so is a busy machine. */
const leastSliceBytes = 16 * 1024
const mostSliceBytes = 256 * 1024
/** A slice begins with a look at every file. Where there are many they share a larger one, in which each read is a pause. */
const filesPerSlice = 8
const mostSlices = 16
/** Logs of which is known what they told last. */
const mostNames = 1_000
/** After so long a look ends, with more to read or not, so that what was read is shown. Milliseconds. */
const lookMs = 250
/** A disk that does not answer for so long hangs: its file is left to itself, and the look brings what the others said. */
const patienceMs = 2_000

/**
 * Reads what the logs have grown by, counts and keeps what they say. While there is more than a look can read the next one
 * follows as soon as the pace lets it, which for logs is half of the time.
 */
export class LogsSource implements Source<Logs> {
  readonly name = 'logs'
  readonly apis: readonly string[] = []
  readonly pace: Pace
  readonly #options: LogsOptions
  readonly #follower: Follower
  readonly #failures = new Failures()
  readonly #tallies: Tallies
  readonly #news = new News()
  /** By whose log it is: one may be in another zone than the other, and their lines come in turn. */
  readonly #zoneDoubts = { kafka: new ZoneDoubt(), zookeeper: new ZoneDoubt() }
  readonly #parsers = new Map<number, LogParser>()
  readonly #repeats = new Map<string, Repeats>()
  readonly #lines: LinesSink
  readonly #parsed: ParserSink
  #looking: Promise<unknown> = Promise.resolve()
  #sliceBytes = leastSliceBytes
  /** Milliseconds that went into parsing. */
  #parsedMs = 0
  /** What a parser threw. The follower must not see it: the other files are to be read all the same. */
  #defect: Error | undefined

  constructor(options: LogsOptions) {
    this.#options = options
    this.pace = options.pace
    this.#follower = options.createFollower({
      failed: (path, failure) => {
        options.notes.failed(path, failure)
        this.#failures.add(path, failure)
        if (path === options.positions) {
          options.warn('positions are not written: a restart does not know how far the logs were read', {
            detail: failure.detail,
          })
        }
      },
      warn: options.warn,
    })
    this.#tallies = new Tallies(options.countable)
    this.#parsed = {
      line: (component: LogComponent, level: LogLevel) => this.#tallies.line(component, level),
      event: (event: LogEvent) => this.#event(event),
    }
    this.#lines = {
      lines: (stream, text) => this.#parse(() => this.#parserOf(stream).take(text, this.#parsed)),
      quiet: (stream) => this.#parse(() => this.#parsers.get(stream.id)?.flush(this.#parsed)),
      ended: (stream) => {
        this.#parse(() => this.#parsers.get(stream.id)?.flush(this.#parsed))
        this.#parsers.delete(stream.id)
      },
    }
  }

  /** Never undefined: that no file can be read is told by file. */
  async observe({ signal }: Look): Promise<Logs> {
    const reading = this.#read(signal)
    this.#looking = reading.catch(() => undefined)
    if (await reading) this.#options.look()
    const defect = this.#takeDefect()
    if (defect !== undefined) throw defect
    const { counts, newest, taken } = this.#tallies
    return { files: this.#failures.explain(this.#follower.files()), ...counts, newest, taken }
  }

  async committed(): Promise<void> {
    const waiting = [...this.#parsers].filter(([, parser]) => parser.isWaiting)
    await this.#follower.committed(new Set(waiting.map(([id]) => id)))
  }

  /** What was read since the last commit is not committed: the store has not taken it, so the next process reads it again. */
  async close(): Promise<void> {
    await this.#looking
    await this.#follower.close()
  }

  /** true: there is more. */
  async #read(signal: AbortSignal): Promise<boolean> {
    const until = performance.now() + lookMs
    const slices = Math.min(mostSlices, Math.ceil((1 + this.#follower.files().length) / filesPerSlice))
    const patience = new AbortController()
    const end = (): void => patience.abort()
    const timer = setTimeout(end, patienceMs)
    signal.addEventListener('abort', end, { once: true })
    try {
      for (;;) {
        const before = this.#parsedMs
        const more = await this.#follower.read(slices * this.#sliceBytes, patience.signal, this.#lines)
        if (more) this.#sizeSlices((this.#parsedMs - before) / slices)
        if (!more || patience.signal.aborted || performance.now() >= until) return more
        // Whoever waits for an answer gets it now.
        await turn()
      }
    } finally {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
    }
  }

  /** `tookMs`: to parse a whole slice. */
  #sizeSlices(tookMs: number): void {
    if (tookMs > sliceMs) this.#sliceBytes = Math.max(leastSliceBytes, this.#sliceBytes / 2)
    else if (tookMs < sliceMs / 2) this.#sliceBytes = Math.min(mostSliceBytes, this.#sliceBytes * 2)
  }

  #parserOf(stream: LogStream): LogParser {
    const known = this.#parsers.get(stream.id)
    if (known !== undefined) return known
    const { createParser, timeZone } = this.#options
    const { path: file, component } = stream
    const parser = createParser({ file, component, timeZone, repeats: this.#repeatsOf(file) })
    this.#parsers.set(stream.id, parser)
    return parser
  }

  /** Of a file and what it was rotated to: one log. A glob over names with dates in them may match ever new ones. */
  #repeatsOf(path: string): Repeats {
    const known = this.#repeats.get(path) ?? new Repeats()
    this.#repeats.delete(path)
    this.#repeats.set(path, known)
    const [oldest] = this.#repeats.keys()
    if (this.#repeats.size > mostNames && oldest !== undefined) this.#repeats.delete(oldest)
    return known
  }

  #event(event: LogEvent): void {
    const now = this.#options.clock()
    this.#tallies.event(event, now.wall)
    const doubt = this.#zoneDoubts[event.component === 'zookeeper' ? 'zookeeper' : 'kafka']
    const minutesOff = event.at === undefined ? undefined : doubt.take(event.at, now.wall)
    if (minutesOff !== undefined) {
      const { timeZone } = this.#options
      const fields = { file: event.file, minutes: minutesOff, ...fittingZone(timeZone, minutesOff, now.wall) }
      this.#options.warn('the times of the logs are those of another time zone: set --logs.time-zone', fields)
    }
    for (const name of this.#news.wakesFor(event, now)) this.#options.wake(name)
  }

  #takeDefect(): Error | undefined {
    const defect = this.#defect
    this.#defect = undefined
    return defect
  }

  #parse(work: () => void): void {
    const startedAt = performance.now()
    try {
      work()
    } catch (error) {
      this.#defect ??= error instanceof Error ? error : new Error(String(error))
    }
    const tookMs = performance.now() - startedAt
    this.#parsedMs += tookMs
    this.#options.notes.busy(tookMs)
  }
}
