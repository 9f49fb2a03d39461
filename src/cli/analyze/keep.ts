import type { LogEvent } from '../../model/log-event.ts'
import type { KeptEvent } from '../../model/log-facts.ts'
import { toldBy } from '../../verdicts/timeline/told-by.ts'
import { background, repeating, telling } from './kept-lines.ts'
import { GravestLines, type Moments } from './moments.ts'
import { type Row, Rows } from './rows.ts'

/** More than any night has; some three hundred bytes each. */
const mostEvents = 250_000
/** The same line again within this is counted at the first one. */
const repeatMs = 5000
const mostKeys = 10_000
/** What led to it, and what came of it. */
const marginMs = 10 * 60_000
/** Of a shorter time that is left. */
const mostOfIt = 0.25
/** What is said again and again on both sides of a cut is kept, but not without bound. */
const mostLasting = 0.125

/**
 * Keeps the events that a timeline is made of: repeats as one, and never more than so many. When there is no room, the older
 * half goes: the files are read one after the other, and of the time that is left each of them tells all that it has.
 */
export class EventStore {
  /** Events that were not kept for want of room. */
  dropped = 0
  readonly #most: number
  readonly #asked: { readonly from: number; readonly to: number }
  readonly #to: number
  #from: number
  #newest = -Infinity
  /** The events before this were left out. */
  #cut = -Infinity
  readonly #rows = new Rows()
  #events: Row[] = []
  /** From outside of the time that is kept whole: of each thing the line that is next to it. */
  readonly #outside = new Map<string, Row>()
  readonly #open = new Map<string, Row>()
  readonly #gravest: GravestLines

  /** Milliseconds since 1970; what is far from that time is kept only as background. */
  constructor(from = -Infinity, to = Infinity, most = mostEvents) {
    this.#asked = { from, to }
    this.#from = from - marginMs
    this.#to = to + marginMs
    this.#most = most
    this.#gravest = new GravestLines(from, to)
  }

  /** Milliseconds since 1970: what happened from then on can be told. Undefined: all of it. */
  get fullFrom(): number | undefined {
    if (this.#cut === -Infinity) return undefined
    // Where all that there is room for are minutes, most of them are told, not none.
    const left = Math.max(0, Math.min(this.#newest, this.#asked.to) - this.#cut)
    return this.#cut + Math.min(marginMs, left * mostOfIt)
  }

  get moments(): Moments {
    return this.#gravest.moments
  }

  add(event: LogEvent): void {
    const { at } = event
    if (at === undefined || (event.severity === 'noise' && !telling.has(event.event))) return
    const isTold = toldBy.has(event.event)
    if (!isTold && !this.#gravest.wants(event, at)) return
    if (event.event === 'zkc_session_established') this.#endOfRepeats(`${event.file} zkc_`)
    if (repeating.has(event.event)) this.#addRepeating(event, at, isTold)
    else this.#add(event, at, isTold)
  }

  /** In order of time, each file's moved by what is added to its times; of one millisecond in order of the lines. */
  inOrder(shiftOf: (file: string) => number): KeptEvent[] {
    const events = this.events
    for (const row of new Set([...events, ...this.#gravest.rows])) row.at += shiftOf(row.file)
    return events.sort((a, b) => a.at - b.at || (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1))
  }

  get events(): Row[] {
    return [...this.#outside.values(), ...this.#events]
  }

  /** What is said after a success is said anew. */
  #endOfRepeats(begins: string): void {
    for (const key of this.#open.keys()) if (key.startsWith(begins)) this.#open.delete(key)
  }

  #addRepeating(event: LogEvent, at: number, isTold: boolean): void {
    const key = keyOf(event)
    const open = this.#open.get(key)
    // One that begins in time that is not kept would take with it what is.
    const isOfOneTime = open !== undefined && (open.at >= this.#from || at < this.#from)
    if (isOfOneTime && at - open.lastAt <= repeatMs && at >= open.at) {
      open.repeat(at)
      return
    }
    const row = this.#add(event, at, isTold)
    if (this.#open.size >= mostKeys) this.#open.clear()
    if (row !== undefined) this.#open.set(key, row)
  }

  #add(event: LogEvent, at: number, isTold: boolean): Row | undefined {
    const isGrave = this.#gravest.takes(event, at)
    const isOutside = at < this.#from || at > this.#to
    const isKept = isTold && (!isOutside || background.has(event.event))
    if (isTold && !isKept && at < this.#cut && at >= this.#asked.from - marginMs) this.dropped++
    if (!isKept && !isGrave) return undefined
    // What was kept for a while only leaves its text behind.
    if (this.#rows.made >= this.#most) this.#pack()
    const row = this.#rows.of(event, at)
    if (isGrave) this.#gravest.add(row)
    if (isKept && isOutside) this.#addOutside(row)
    else if (isKept) {
      this.#events.push(row)
      this.#newest = Math.max(this.#newest, at)
    }
    if (this.#events.length >= this.#most) this.#makeRoom()
    return row
  }

  #addOutside(row: Row): void {
    const { self, peer, partition, session, address } = row.fields
    const isBefore = row.at < this.#from
    const key = `${isBefore ? '' : 'after '}${row.file} ${row.event} ${self ?? ''} ${peer ?? ''} ${partition ?? ''} ${session ?? ''} ${address ?? ''}`
    const known = this.#outside.get(key)
    if (known !== undefined) {
      if (isBefore ? known.at > row.at : known.at <= row.at) return
      this.#outside.delete(key)
    } else if (this.#outside.size >= this.#most / 4) {
      this.#outside.delete(this.#outside.keys().next().value ?? '')
    }
    this.#outside.set(key, row)
  }

  /** The newer half of the events stays. */
  #makeRoom(): void {
    const events = this.#events.sort((a, b) => a.at - b.at)
    const half = events.length >>> 1
    const middle = events[half]?.at ?? this.#cut
    const first = events.findIndex(({ at }) => at >= middle)
    // Where one moment is nearly all that there is, the order of the lines decides, and of that moment not all is kept.
    const start = first < events.length / 4 ? half : first
    this.#cut = Math.max(this.#cut, start === first ? middle : middle + 1)
    this.#from = Math.max(this.#from, this.#cut)
    const lasting: Row[] = []
    for (const row of events.slice(0, start)) {
      if (row.lastAt >= this.#cut && lasting.length < this.#most * mostLasting) lasting.push(row)
      else {
        this.dropped++
        if (background.has(row.event)) this.#addOutside(row)
      }
    }
    this.#events = [...lasting, ...events.slice(start)]
    this.#pack()
  }

  #pack(): void {
    this.#open.clear()
    this.#rows.pack(new Set([...this.#outside.values(), ...this.#events, ...this.#gravest.rows]))
  }
}

const keyOf = ({ file, event, fields }: LogEvent): string =>
  [
    file,
    event,
    fields.self,
    fields.peer,
    fields.address,
    fields.session,
    /refused|timed? ?out|no route|disconnected|shutdown/i.exec(fields.reason ?? '')?.[0],
  ].join(' ')
