import { readContainerPart } from './container-line.ts'
import { Envelope, readEnvelope } from './envelope.ts'
import { isDigit } from './log-time.ts'
import { owned } from './owned.ts'
import { HeadFinder, inlineTrace, isPrefixOnly, withoutEscapes } from './unusual-lines.ts'

/** What becomes of the lines of a file. */
export interface Lines {
  /** A line with a time and a level. `trace`: the beginning of its stack trace; null: on the next line, if it has one. */
  told(text: string, envelope: Envelope, trace: string | null): void
  json(text: string): void
  /** It belongs to the line before. */
  continuation(text: string, start: number, end: number): void
}

/** Of a line that came in parts: what is beyond is dropped. */
const longest = 65_536
const mostInside = 64
const openBracket = 91
const openBrace = 123
const escape = 27

/** Takes the lines of a text apart, whatever stands around them. Holds at most one. */
export class LineReader {
  readonly #lines: Lines
  readonly #pasted: boolean
  readonly #envelope = new Envelope()
  /** Of a line that is cut out of another. */
  readonly #inner = new Envelope()
  readonly #heads = new HeadFinder()
  /** A line that ends after its `[...]` prefix: the rest of it may be on the next. */
  #wrapped: string | undefined
  /** The parts of a line that a container's runtime has split. */
  #parts: string[] | undefined
  #partsLength = 0

  /** `pasted`: lines may be joined, wrapped or without their ends; see `ParserOptions`. */
  constructor(lines: Lines, pasted: boolean) {
    this.#lines = lines
    this.#pasted = pasted
  }

  get isWaiting(): boolean {
    return this.#wrapped !== undefined || this.#parts !== undefined
  }

  /** A line as it stands in the file, between its ends. */
  line(text: string, start: number, end: number): void {
    const first = text.charCodeAt(start)
    if (first === openBracket) {
      this.#plain(text, start, end)
      return
    }
    if (isDigit(first)) {
      const part = readContainerPart(text, start, end)
      if (part === undefined) {
        this.#plain(text, start, end)
        return
      }
      if (part.isPartial || this.#parts !== undefined) {
        this.part(text.slice(part.textAt, end), part.isPartial)
        return
      }
      this.inside(text.slice(part.textAt, end))
      return
    }
    if (first === openBrace) {
      this.#lines.json(text.slice(start, end))
      return
    }
    if (first === escape) {
      this.inside(withoutEscapes(text.slice(start, end)))
      return
    }
    this.#plain(text, start, end)
  }

  /** Text that was wrapped in a record of something else. */
  inside(text: string): void {
    for (const line of text.split(/\r?\n/, mostInside)) {
      if (line.charCodeAt(0) === openBrace) this.#lines.json(line)
      else this.#plain(line, 0, line.length)
    }
  }

  /** One of the parts of a line, or the last. */
  part(text: string, isPartial: boolean): void {
    const parts = this.#parts ?? []
    if (this.#partsLength < longest) parts.push(owned(text.slice(0, longest - this.#partsLength)))
    this.#partsLength += text.length
    this.#parts = isPartial ? parts : undefined
    if (isPartial) return
    this.#partsLength = 0
    this.inside(parts.join(''))
  }

  get hasParts(): boolean {
    return this.#parts !== undefined
  }

  /** Nothing more comes for now. */
  flush(): void {
    if (this.#parts !== undefined) this.part('', false)
    this.#unwrap('')
  }

  /** Nothing of a text that was given is kept. */
  forget(): void {
    this.#heads.forget()
  }

  #plain(text: string, start: number, end: number): void {
    const envelope = this.#envelope
    const first = text.charCodeAt(start)
    if ((first !== openBracket && !isDigit(first)) || !readEnvelope(text, start, end, envelope)) {
      if (this.#wrapped === undefined) this.#lines.continuation(text, start, end)
      else this.#unwrap(text.slice(start, end))
      return
    }
    if (!this.#pasted) {
      this.#lines.told(text, envelope, null)
      return
    }
    this.#unwrap('')
    const next = this.#heads.next(text, envelope.messageAt, end)
    if (next < end) this.#flattened(text, start, next, end)
    else if (envelope.loggerAt !== envelope.loggerEnd) this.#lines.told(text, envelope, null)
    else if (isPrefixOnly(text, envelope.messageAt, end)) this.#wrapped = owned(text.slice(start, end))
    else this.#piece(text.slice(start, end))
  }

  /** Several lines that were pasted as one. */
  #flattened(text: string, start: number, next: number, end: number): void {
    for (let from = start, to = next; from < end; from = to, to = this.#heads.next(text, from + 1, end)) {
      this.#piece(text.slice(from, to).trimEnd())
    }
  }

  #unwrap(rest: string): void {
    const wrapped = this.#wrapped
    if (wrapped === undefined) return
    this.#wrapped = undefined
    this.#piece(`${wrapped.trimEnd()} ${rest}`.trimEnd())
  }

  /** A line by itself that may have lost its end or have its trace behind it. */
  #piece(text: string): void {
    const envelope = this.#inner
    if (!readEnvelope(text, 0, text.length, envelope)) return
    const trace = envelope.loggerAt === envelope.loggerEnd ? inlineTrace(text, envelope) : undefined
    this.#lines.told(text, envelope, trace === undefined || trace === '' ? null : trace)
  }
}
