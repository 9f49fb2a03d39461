import type { FileStat } from './disk.ts'
import type { LogStream } from './follower.ts'
import { LineCutter, type Mark } from './line-cutter.ts'
import { closeQuietly, headOf, type OpenFile } from './open-file.ts'
import { digest, headLength, tellingBytes, type Place } from './place.ts'
import type { Turn } from './turn.ts'

/** An open file that is read on as it grows, whatever name it has by now. */
export class OpenLog {
  readonly stream: LogStream
  readonly #open: OpenFile
  readonly #cutter: LineCutter
  #stat: FileStat
  /** As the file is, where it is not what it was. */
  #found: FileStat
  #head: Buffer
  #digest: { readonly bytes: number; readonly head: string } | undefined
  #committed: Mark
  /** Milliseconds, monotonic: when it was last seen to have changed. */
  #changedAt: number
  #isQuiet = true
  #bytes = 0

  constructor(stream: LogStream, open: OpenFile, from: Mark, now: number) {
    this.stream = stream
    this.#open = open
    this.#stat = this.#found = open.stat
    this.#head = open.head
    this.#cutter = new LineCutter(from)
    this.#committed = from
    this.#changedAt = now
  }

  /** As of the newest look. */
  get stat(): FileStat {
    return this.#stat
  }

  get lag(): number {
    return Math.max(0, this.#stat.size - this.#cutter.offset)
  }

  get bytes(): number {
    return this.#bytes
  }

  get cutLines(): number {
    return this.#cutter.cutLines
  }

  /** Everything was read, and `quiet` was told since. */
  get isQuiet(): boolean {
    return this.#isQuiet && this.lag === 0
  }

  quietFor(now: number): number {
    return this.isQuiet ? now - this.#changedAt : 0
  }

  /** Whether `stat` shows a file in which there is nothing that was not read: then there is nothing to look at. */
  isReadAsOf(stat: FileStat): boolean {
    const isUnchanged = stat.size === this.#stat.size && stat.mtimeMs === this.#stat.mtimeMs
    return isUnchanged && this.#cutter.offset === stat.size && this.#head.length >= Math.min(stat.size, headLength)
  }

  /**
   * Looks at the file as it is now; false: it is not what was read so far, `restart` is due. Until then `place` tells
   * what it was.
   */
  async look(turn: Turn): Promise<boolean> {
    const stat = (this.#found = await turn.step(this.#open.file.stat()))
    const isChanged = stat.size !== this.#stat.size || stat.mtimeMs !== this.#stat.mtimeMs
    if (isChanged || this.#head.length < Math.min(stat.size, headLength)) {
      this.#changedAt = turn.now
      if (stat.size < this.#cutter.offset) return false
      const head = await turn.step(headOf(this.#open.file))
      if (head.length < this.#head.length || !head.subarray(0, this.#head.length).equals(this.#head)) return false
      this.#head = head
    }
    this.#stat = stat
    return true
  }

  /** Reads to the end of the file or of what is granted. */
  async read(turn: Turn): Promise<void> {
    if (this.isReadAsOf(this.#found)) return
    while (turn.granted > 0) {
      const wanted = Math.min(turn.buffer.length, turn.granted)
      const read = await turn.step(this.#open.file.read(turn.buffer, wanted, this.#cutter.offset))
      if (read > 0) {
        turn.spend(read)
        this.#bytes += read
        this.#changedAt = turn.now
        this.#isQuiet = false
        this.#cutter.take(turn.buffer.subarray(0, read), (text) => turn.sink.lines(this.stream, text))
        if (this.#cutter.offset > this.#stat.size) this.#stat = { ...this.#stat, size: this.#cutter.offset }
      }
      if (read < wanted) return
    }
  }

  /** Tells once that nothing came for so long, milliseconds. */
  settle(turn: Turn, quietMs: number): void {
    if (this.#isQuiet || this.lag > 0 || turn.now - this.#changedAt < quietMs) return
    this.#isQuiet = true
    this.#cutter.flush((text) => turn.sink.lines(this.stream, text))
    turn.sink.quiet(this.stream)
  }

  /**
   * It was truncated: what is there now is to be looked at and read from its beginning. The lines before are complete, but for a half line
   * that is read on in a copy.
   */
  restart(turn: Turn, isCopied: boolean): void {
    this.#isQuiet = true
    if (!isCopied) this.#cutter.flush((text) => turn.sink.lines(this.stream, text))
    turn.sink.quiet(this.stream)
    this.#cutter.restart()
    this.#stat = this.#found
    this.#head = Buffer.alloc(0)
    this.#digest = undefined
    this.#committed = this.#cutter.given
  }

  /** Nothing more will come from it: its half line is complete. */
  end(turn: Turn): void {
    this.#cutter.flush((text) => turn.sink.lines(this.stream, text))
    turn.sink.ended(this.stream)
  }

  /** It will be read on under another stream's id; its half line is read again then. */
  leave(turn: Turn): void {
    turn.sink.ended(this.stream)
  }

  /** Whether another file begins as this one, of which enough was written to tell. */
  beginsLike(head: Buffer): boolean {
    return this.#head.length >= tellingBytes && head.subarray(0, this.#head.length).equals(this.#head)
  }

  close(): void {
    closeQuietly(this.#open.file)
  }

  commit(waiting: ReadonlySet<number>): void {
    this.#committed = waiting.has(this.stream.id) ? this.#cutter.lastLine : this.#cutter.given
  }

  /** How far it was given out. */
  place(): Place {
    return this.#placeAt(this.#cutter.given)
  }

  /** How far it was taken for good. */
  committedPlace(): Place {
    return this.#placeAt(this.#committed)
  }

  #placeAt({ offset, isInCutLine }: Mark): Place {
    if (this.#digest?.bytes !== this.#head.length) {
      this.#digest = { bytes: this.#head.length, head: digest(this.#head) }
    }
    const { dev, ino, size, mtimeMs, birthMs } = this.#stat
    const { bytes: headBytes, head } = this.#digest
    return { dev, ino, headBytes, head, size, mtimeMs, birthMs, offset, isInCutLine }
  }
}
