import type { Envelope } from './envelope.ts'
import { endOfTime } from './log-time.ts'

// Linear: what may stand between ESC [ and its final letter cannot be that letter.
// eslint-disable-next-line no-control-regex
const escapes = /\u001b\[[0-9;?]{0,32}[A-Za-z]/g
const loggerBegins = [' (org.apache.', ' (kafka.', ' (state.change.logger)']

/** Colours and the like are taken away. */
export function withoutEscapes(text: string): string {
  return text.replace(escapes, '')
}

/** Nothing but a `[...]` prefix: whoever pasted the line has broken it there. */
export function isPrefixOnly(text: string, at: number, end: number): boolean {
  let last = end - 1
  while (last > at && text.charCodeAt(last) === 32) last--
  if (text.charCodeAt(at) !== 91 || text.charCodeAt(last) !== 93) return false
  const close = text.indexOf(']', at)
  return close === last
}

/**
 * `message (logger) java.io.EOFException at ...`: the stack trace has been pasted behind its line. Gives the exception
 * and sets where message and logger are; undefined: it is not so.
 */
export function inlineTrace(text: string, envelope: Envelope): string | undefined {
  for (const begins of loggerBegins) {
    const at = text.indexOf(begins, envelope.messageAt)
    if (at < 0) continue
    const close = text.indexOf(')', at)
    if (close < 0 || close > at + 160 || text.indexOf(' ', at + 1) < close) continue
    envelope.messageEnd = at
    envelope.loggerAt = at + 2
    envelope.loggerEnd = close
    const trace = text.slice(close + 1).trim()
    const frames = trace.indexOf(' at ')
    return frames < 0 ? trace : trace.slice(0, frames)
  }
  return undefined
}

/** Finds `[time] LEVEL ` in the middle of lines: several that were pasted as one. Looks at each part of a text once. */
export class HeadFinder {
  #text = ''
  #at = -1

  /** The first from `from` on; `end` where there is none before it. */
  next(text: string, from: number, end: number): number {
    if (text !== this.#text) {
      this.#text = text
      this.#at = -1
    }
    for (;;) {
      if (this.#at < from) {
        const found = text.indexOf('[2', from)
        this.#at = found < 0 ? Infinity : found
      }
      if (this.#at >= end) return end
      if (isHead(text, this.#at)) return this.#at
      from = this.#at + 1
    }
  }

  forget(): void {
    this.#text = ''
    this.#at = -1
  }
}

function isHead(text: string, at: number): boolean {
  if (text.charCodeAt(at - 1) !== 32) return false
  const end = endOfTime(text, at + 1)
  return end >= 0 && /^\] (?:TRACE|DEBUG|INFO|WARN|ERROR|FATAL) $/.test(text.slice(end, text.indexOf(' ', end + 2) + 1))
}
