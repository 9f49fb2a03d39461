import type { Readable } from 'node:stream'
import type { LogFile } from '../../model/logs.ts'
import type { FollowerNotes, LogStream } from './follower.ts'
import { LineCutter } from './line-cutter.ts'
import type { Turn } from './turn.ts'

/** Bytes that wait to be taken, at most about; beyond it whoever writes has to wait. */
const mostWaiting = 4 * 1024 * 1024

/** Lines from a pipe: journald, a container's output. Nothing is kept of it over a restart. */
export class StandardInput {
  readonly #input: Readable
  readonly #notes: FollowerNotes
  readonly #stream: LogStream
  readonly #quietMs: number
  readonly #cutter = new LineCutter({ offset: 0, isInCutLine: false })
  #chunks: Buffer[] = []
  #waiting = 0
  #isOpen = true
  #isEnded = false
  #isQuiet = true
  #changedAt = 0

  constructor(input: Readable, stream: LogStream, quietMs: number, notes: FollowerNotes) {
    this.#input = input
    this.#stream = stream
    this.#quietMs = quietMs
    this.#notes = notes
    input.on('data', this.#onData)
    input.on('end', this.#onEnd)
    input.on('close', this.#onEnd)
    input.on('error', this.#onError)
  }

  /** Takes what is granted; true: there is more. */
  visit(turn: Turn): boolean {
    while (turn.granted > 0 && this.#chunks.length > 0) {
      const chunk = this.#chunks.shift()
      if (chunk === undefined) break
      this.#waiting -= chunk.length
      turn.spend(chunk.length)
      this.#isQuiet = false
      this.#changedAt = turn.now
      this.#cutter.take(chunk, (text) => turn.sink.lines(this.#stream, text))
    }
    if (this.#waiting < mostWaiting && this.#isOpen) this.#input.resume()
    if (this.#chunks.length > 0) return true
    this.#settle(turn)
    return false
  }

  file(): LogFile {
    const { offset, cutLines } = this.#cutter
    const counts = { bytes: offset, rotations: 0, truncations: 0, cutLines }
    return { path: '-', up: this.#isOpen, lagBytes: this.#waiting, ...counts }
  }

  close(): void {
    this.#input.off('data', this.#onData)
    this.#input.pause()
  }

  #settle(turn: Turn): void {
    if (!this.#isOpen && !this.#isEnded) {
      this.#isEnded = true
      this.#cutter.flush((text) => turn.sink.lines(this.#stream, text))
      turn.sink.ended(this.#stream)
      this.#notes.failed('-', { reason: 'closed', detail: 'standard input has ended' })
    } else if (!this.#isQuiet && turn.now - this.#changedAt >= this.#quietMs) {
      this.#isQuiet = true
      this.#cutter.flush((text) => turn.sink.lines(this.#stream, text))
      turn.sink.quiet(this.#stream)
    }
  }

  readonly #onData = (chunk: Buffer | string): void => {
    const bytes = typeof chunk === 'string' ? Buffer.from(chunk) : chunk
    this.#chunks.push(bytes)
    this.#waiting += bytes.length
    if (this.#waiting >= mostWaiting) this.#input.pause()
  }

  readonly #onEnd = (): void => {
    this.#isOpen = false
  }

  readonly #onError = (): void => {
    this.#isOpen = false
  }
}
