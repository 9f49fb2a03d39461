import type { LogComponent, LogEvent } from '../../model/log-event.ts'
import type { LogFileFacts, LogRecord, LogRole } from '../../model/log-facts.ts'
import { createParser } from '../../sources/logs/line-parser.ts'
import type { ParserSink } from '../../sources/logs/parser.ts'
import type { CommandIo } from '../io.ts'
import { withoutCopies } from './clusters.ts'
import { Identity, idFromName } from './identity.ts'
import type { Inputs } from './inputs.ts'
import { EventStore } from './keep.ts'
import { LineScan } from './line-scan.ts'
import type { Moments } from './moments.ts'
import type { AnalyzeOptions } from './options.ts'
import type { Progress } from './progress.ts'
import { linesOf } from './read-lines.ts'
import { shiftsOf } from './zones.ts'

export interface Reading {
  readonly record: LogRecord
  readonly failed: readonly { readonly path: string; readonly reason: string }[]
  readonly bytes: number
  /** Of all files, and those of the time that was asked for, each by its time as written. */
  readonly lines: number
  readonly linesInWindow: number
  /** Files without a line. */
  readonly empty: readonly string[]
  /** Directories without a log file. */
  readonly bare: readonly string[]
  /** Compressed files of which the file itself was read, too. */
  readonly copies: readonly string[]
  /** Events that there was no room for: all are from before `fullFrom`. */
  readonly dropped: number
  /** Milliseconds since 1970: only what happened from then on can be told. Undefined: all of it. */
  readonly fullFrom: number | undefined
  readonly moments: Moments
}

/** Lines by others in a log, such as a client's library in a broker's, are few. */
const fewest = 0.02
const starts: ReadonlySet<string> = new Set([
  'kafka_starting',
  'kafka_started',
  'kraft_controller_starting',
  'zk_started',
])

const mostPeers = 1000
const namesNodes = ({ event, severity }: LogEvent): boolean => severity !== 'noise' && /^(kafka|kraft|zk)_/.test(event)

/** Reads one file after the other and keeps of each its events and what is known of it as a whole. */
export async function readRecord(
  { found, bare }: Pick<Inputs, 'found' | 'bare'>,
  options: AnalyzeOptions,
  stdin: CommandIo['in'],
  progress: Progress,
  mostEvents?: number,
): Promise<Reading> {
  const store = new EventStore(options.from, options.to, mostEvents)
  const files: LogFileFacts[] = []
  const failed: { path: string; reason: string }[] = []
  const empty: string[] = []
  let bytes = 0
  let lines = 0
  let linesInWindow = 0
  for (const { path } of found) {
    const file = new OneFile(path, options, store)
    let size = 0
    try {
      for await (const text of linesOf(path === '-' ? stdin : path, (count) => {
        size += count
        progress.add(count, path)
      })) {
        file.take(text)
      }
    } catch (error) {
      failed.push({ path, reason: error instanceof Error ? error.message : String(error) })
    }
    bytes += size
    file.end()
    lines += file.lines
    linesInWindow += file.linesInWindow
    if (file.lines > 0) files.push(file.facts(size))
    else empty.push(path)
  }
  const shifts = shiftsOf(store.events)
  const shiftOf = (file: string): number => shifts.get(file) ?? 0
  const events = store.inOrder(shiftOf)
  const mostShift = Math.max(0, ...[...shifts.values()].map(Math.abs))
  return {
    ...withoutCopies({ files: files.map((file) => shifted(file, shiftOf(file.file))), events }),
    failed,
    bytes,
    lines,
    linesInWindow,
    empty,
    bare,
    dropped: store.dropped,
    fullFrom: store.fullFrom === undefined ? undefined : store.fullFrom + mostShift,
    moments: store.moments,
  }
}

class OneFile {
  readonly #path: string
  readonly #store: EventStore
  readonly #scan: LineScan
  readonly #identity = new Identity()
  readonly #counts: Record<LogComponent, number> = { kafka: 0, zookeeper: 0, controller: 0 }
  readonly #peers = new Set<number>()
  readonly #sink: ParserSink
  readonly #timeZone: string | undefined
  #parser: ReturnType<typeof createParser> | undefined
  #isKraft = false

  constructor(path: string, { zone, timeZone, from, to }: AnalyzeOptions, store: EventStore) {
    this.#path = path
    this.#store = store
    this.#scan = new LineScan(zone, from, to)
    this.#timeZone = timeZone
    this.#sink = {
      line: (component) => {
        this.#counts[component]++
      },
      event: (event) => {
        if (event.event.startsWith('kraft_')) this.#isKraft = true
        const { peer } = event.fields
        if (peer !== undefined && this.#peers.size < mostPeers && namesNodes(event)) this.#peers.add(peer)
        if (event.at !== undefined && starts.has(event.event)) this.#scan.pin(event.at)
        this.#store.add(event)
      },
    }
  }

  get lines(): number {
    return this.#scan.lines
  }

  get linesInWindow(): number {
    return this.#scan.linesInWindow
  }

  take(text: string): void {
    this.#parser ??= createParser({
      file: this.#path,
      component: guess(this.#path, text),
      timeZone: this.#timeZone,
      noise: true,
      pasted: true,
    })
    this.#scan.take(text)
    this.#identity.take(text)
    this.#parser.take(text, this.#sink)
  }

  end(): void {
    this.#parser?.flush(this.#sink)
  }

  facts(bytes: number): LogFileFacts {
    const { kafka, zookeeper, controller } = this.#counts
    const all = Math.max(1, kafka + zookeeper + controller)
    const roles: LogRole[] = []
    if ((kafka + controller) / all > fewest) roles.push(this.#isKraft ? 'kraft' : 'broker')
    if (zookeeper / all > fewest) roles.push('zookeeper')
    const isServer = roles.includes('zookeeper')
    const isKafka = roles.some((role) => role !== 'zookeeper')
    const node = isKafka ? this.#identity.node : undefined
    const myid = isServer ? this.#identity.myid : undefined
    const fromName = node === undefined && myid === undefined ? idFromName(this.#path) : undefined
    const { firstAt, lastAt, lastLine, lines } = this.#scan
    return {
      file: this.#path,
      node: node ?? (isKafka ? fromName : undefined),
      myid: myid ?? (isServer ? fromName : undefined),
      idFrom: node !== undefined || myid !== undefined ? 'lines' : fromName === undefined ? undefined : 'name',
      roles,
      version: this.#identity.version,
      clusters: [...this.#identity.clusters],
      peers: [...this.#peers],
      lines,
      bytes,
      firstAt,
      lastAt,
      lastLine,
      silences: this.#scan.silences(),
      shiftMs: 0,
    }
  }
}

/** Whose log it is where a line does not tell. */
function guess(path: string, text: string): LogComponent {
  if (/zoo|(^|[^a-z])zk/i.test(path)) return 'zookeeper'
  const isServer = text.includes('org.apache.zookeeper.server.') || text.includes('[myid:')
  return isServer && !text.includes('(kafka.') ? 'zookeeper' : 'kafka'
}

function shifted(facts: LogFileFacts, shiftMs: number): LogFileFacts {
  if (shiftMs === 0) return facts
  const { firstAt, lastAt, silences } = facts
  return {
    ...facts,
    shiftMs,
    firstAt: firstAt === undefined ? undefined : firstAt + shiftMs,
    lastAt: lastAt === undefined ? undefined : lastAt + shiftMs,
    silences: silences.map((silence) => ({ ...silence, from: silence.from + shiftMs, to: silence.to + shiftMs })),
  }
}
