import type { LogSilence } from '../../model/log-facts.ts'
import { endOfTime, timeAt } from '../../sources/logs/log-time.ts'
import { printable } from '../../sources/logs/owned.ts'
import type { TimeZone } from '../../model/time-zone.ts'

/** Shorter pauses are not looked at. */
const shortestMs = 300
const mostKept = 64
const mostRecent = 256
/** Before a start, so much is kept whatever its length. */
const beforeStartMs = 10_000
const bracket = 91
const secondsLength = 19

/** Finds the times of a log's first and last line and its silences, in one pass over its text beside the parser's. */
export class LineScan {
  lines = 0
  /** Of the time that was asked for; a line without a time is of that of the one before. */
  linesInWindow = 0
  firstAt: number | undefined
  lastAt: number | undefined
  readonly #zone: TimeZone
  readonly #from: number
  readonly #to: number
  #isInWindow = false
  readonly #longest: LogSilence[] = []
  readonly #pinned = new Set<LogSilence>()
  readonly #recent: LogSilence[] = []
  /** The last line with a time: where it stands in the block, and a copy once the block is gone. */
  #start = 0
  #before: number | undefined
  #text = ''
  #lastLine = 0
  /** Of the second that the last line was in: most lines share it with the one before. */
  #second = ''
  #base = 0

  constructor(zone: TimeZone, from = -Infinity, to = Infinity) {
    this.#from = from
    this.#to = to
    this.#zone = zone
  }

  /** The last line with a time, as it stands. */
  get lastLine(): { readonly line: number; readonly text: string } | undefined {
    return this.#lastLine === 0 ? undefined : { line: this.#lastLine, text: printable(this.#text) }
  }

  take(text: string): void {
    let isInBlock = false
    for (let start = 0; start < text.length;) {
      const found = text.indexOf('\n', start)
      const end = found < 0 ? text.length : found
      this.lines++
      const at = this.#timeOf(text, text.charCodeAt(start) === bracket ? start + 1 : start)
      if (at !== undefined) {
        this.#isInWindow = at >= this.#from && at <= this.#to
        this.firstAt = Math.min(at, this.firstAt ?? at)
        if (this.#before !== undefined && at - this.#before >= shortestMs) {
          this.#silence(isInBlock ? lineAt(text, this.#start) : this.#text, this.#before, at)
        }
        this.#before = at
        this.lastAt = Math.max(at, this.lastAt ?? at)
        this.#lastLine = this.lines
        this.#start = start
        isInBlock = true
      }
      if (this.#isInWindow) this.linesInWindow++
      start = end + 1
    }
    if (isInBlock) this.#text = printable(lineAt(text, this.#start))
  }

  /** A process started at that time: the silences before it tell where the one before it ended. */
  pin(at: number): void {
    for (const silence of this.#recent)
      if (silence.to <= at && silence.to > at - beforeStartMs) this.#pinned.add(silence)
    if (this.#pinned.size > mostKept)
      for (const oldest of [...this.#pinned].slice(0, -mostKept)) this.#pinned.delete(oldest)
  }

  silences(): LogSilence[] {
    return [...new Set([...this.#longest, ...this.#pinned])].sort((a, b) => a.from - b.from)
  }

  #silence(text: string, from: number, to: number): void {
    const silence: LogSilence = { from, to, line: this.#lastLine, text: printable(text) }
    this.#recent.push(silence)
    if (this.#recent.length > mostRecent) this.#recent.shift()
    if (this.#longest.length < mostKept) {
      this.#longest.push(silence)
      return
    }
    let shortest = 0
    this.#longest.forEach((known, index) => {
      const least = this.#longest[shortest]
      if (least !== undefined && known.to - known.from < least.to - least.from) shortest = index
    })
    const least = this.#longest[shortest]
    if (least !== undefined && to - from > least.to - least.from) this.#longest[shortest] = silence
  }

  #timeOf(text: string, at: number): number | undefined {
    // Most lines fall into the same second as the one before: only the milliseconds are read.
    if (this.#second !== '' && text.startsWith(this.#second, at)) {
      const fraction = text.charCodeAt(at + secondsLength)
      if (fraction === 44 || fraction === 46) {
        const millis = digits(text, at + secondsLength + 1)
        if (millis >= 0) return this.#base + millis
      }
    }
    const end = endOfTime(text, at)
    if (end < 0) return undefined
    const time = timeAt(text, at, end, this.#zone, this.#before)
    const millis = end === at + secondsLength + 4 ? digits(text, at + secondsLength + 1) : -1
    if (time === undefined || millis < 0) this.#second = ''
    else {
      this.#second = Buffer.from(text.slice(at, at + secondsLength)).toString('latin1')
      this.#base = time - millis
    }
    return time
  }
}

/** Three digits, and none after them; -1 otherwise. */
function digits(text: string, at: number): number {
  const a = text.charCodeAt(at) - 48
  const b = text.charCodeAt(at + 1) - 48
  const c = text.charCodeAt(at + 2) - 48
  const next = text.charCodeAt(at + 3)
  const isThree = a >= 0 && a <= 9 && b >= 0 && b <= 9 && c >= 0 && c <= 9 && (next === 93 || next === 32)
  return isThree ? a * 100 + b * 10 + c : -1
}

function lineAt(text: string, start: number): string {
  const end = text.indexOf('\n', start)
  return text.slice(start, Math.min(end < 0 ? text.length : end, start + 1000))
}
