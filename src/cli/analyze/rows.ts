import type { EventClass, EventFields, LogComponent, LogEvent, LogLevel, Severity } from '../../model/log-event.ts'
import type { KeptEvent } from '../../model/log-facts.ts'

/** Of a line that is shown as proof; whoever can write longer ones must not fill the memory. */
const longestText = 4096
const pageBytes = 256 * 1024
const headBytes = 4

/** Texts as bytes outside of the heap: a quarter of a million strings are what a collector of garbage stumbles over. */
export class Texts {
  readonly #pages: Buffer[] = []
  #used = 0

  /** A reference for `at`. */
  add(text: string): number {
    const size = Buffer.byteLength(text)
    if (this.#pages.length === 0 || this.#used + size + headBytes > pageBytes) {
      this.#pages.push(Buffer.allocUnsafeSlow(pageBytes))
      this.#used = 0
    }
    const page = this.#pages.at(-1)
    const start = this.#used
    if (page === undefined) return 0
    page.writeUInt32LE(size, start)
    page.write(text, start + headBytes)
    this.#used += size + headBytes
    return (this.#pages.length - 1) * pageBytes + start
  }

  at(reference: number): string {
    const page = this.#pages[Math.floor(reference / pageBytes)]
    const start = reference % pageBytes
    const text = start + headBytes
    return page?.toString('utf8', text, text + page.readUInt32LE(start)) ?? ''
  }
}

/** What all lines of a rule and level share. */
interface Kind {
  readonly component: LogComponent
  readonly level: LogLevel | undefined
  readonly event: string
  readonly class: EventClass
  readonly severity: Severity
}

/** A kept event that takes a third of the room of a plain object with its text. */
export class Row implements KeptEvent {
  at: number
  repeats = 0
  readonly fields: EventFields
  readonly file: string
  readonly line: number
  readonly #kind: Kind
  #texts: Texts
  #text: number
  #lasted = 0

  constructor(event: LogEvent, at: number, kind: Kind, texts: Texts) {
    this.at = at
    this.fields = event.fields
    this.file = event.file
    this.line = event.line
    this.#kind = kind
    this.#texts = texts
    this.#text = texts.add(event.text.slice(0, longestText))
  }

  get component(): LogComponent {
    return this.#kind.component
  }
  get level(): LogLevel | undefined {
    return this.#kind.level
  }
  get event(): string {
    return this.#kind.event
  }
  get class(): EventClass {
    return this.#kind.class
  }
  get severity(): Severity {
    return this.#kind.severity
  }
  get text(): string {
    return this.#texts.at(this.#text)
  }
  get lastAt(): number {
    return this.at + this.#lasted
  }

  repeat(at: number): void {
    this.repeats++
    this.#lasted = at - this.at
  }

  move(to: Texts): void {
    this.#text = to.add(this.text)
    this.#texts = to
  }
}

/** Makes rows of events; what they share is there once. */
export class Rows {
  /** Since the last `pack`. */
  made = 0
  #texts = new Texts()
  readonly #kinds = new Map<string, Kind>()

  of(event: LogEvent, at: number): Row {
    const key = `${event.component} ${event.level ?? ''} ${event.event}`
    let kind = this.#kinds.get(key)
    if (kind === undefined) {
      const { component, level, event: name, class: ofClass, severity } = event
      kind = { component, level, event: name, class: ofClass, severity }
      this.#kinds.set(key, kind)
    }
    this.made++
    return new Row(event, at, kind, this.#texts)
  }

  /** Only the texts of these rows are kept. */
  pack(rows: Iterable<Row>): void {
    this.made = 0
    this.#texts = new Texts()
    for (const row of rows) row.move(this.#texts)
  }
}
