/** Longest line in bytes, without its `\n`; the rest of a longer one is dropped. */
export const longestLine = 65_536

const newline = 10

/** A place between two bytes of a file. */
export interface Mark {
  readonly offset: number
  /** Within a line whose beginning was given out and whose rest is dropped. */
  readonly isInCutLine: boolean
}

/**
 * Bytes in, whole lines out: at most what it was given plus 64 KiB at a time. It knows the offset in the file of
 * everything it gave out. A `\n` is never part of another UTF-8 character, so whole lines are decoded without a
 * decoder's state.
 */
export class LineCutter {
  /** A line that has begun, without NULs; never longer than `longestLine`. */
  #held: Buffer = Buffer.alloc(0)
  #heldFrom = 0
  #dropping = false
  #offset = 0
  #lastLine: Mark = { offset: 0, isInCutLine: false }
  #cutLines = 0

  constructor(from: Mark) {
    this.#restartAt(from)
  }

  /** Everything before it was taken. */
  get offset(): number {
    return this.#offset
  }

  /** Everything before it was given out. */
  get given(): Mark {
    return { offset: this.#held.length > 0 ? this.#heldFrom : this.#offset, isInCutLine: this.#dropping }
  }

  /** Where the last line that was given out begins. */
  get lastLine(): Mark {
    return this.#lastLine
  }

  get cutLines(): number {
    return this.#cutLines
  }

  get hasHalfLine(): boolean {
    return this.#held.length > 0
  }

  take(bytes: Buffer, give: (text: string) => void): void {
    const fresh = withoutNuls(bytes)
    if (fresh.length === 0) {
      this.#offset += bytes.length
      return
    }
    const held = this.#held.length
    const data = held === 0 ? fresh : Buffer.concat([this.#held, fresh])
    const base = this.#offset
    const offsetOf = (index: number): number =>
      index < held ? this.#heldFrom : base + (fresh === bytes ? index - held : rawIndex(bytes, index - held))
    const giveOut = (from: number, to: number): void => {
      if (from === to) return
      const last = to - 2 < from ? from : Math.max(from, data.lastIndexOf(newline, to - 2) + 1)
      this.#lastLine = { offset: offsetOf(last), isInCutLine: false }
      give(data.toString('utf8', from, to))
    }

    let at = this.#dropping ? data.indexOf(newline) + 1 : 0
    if (this.#dropping && at === 0) at = data.length
    else this.#dropping = false
    let from = at
    while (at < data.length) {
      const window = data.subarray(at, at + longestLine + 1)
      const end = window.lastIndexOf(newline)
      if (end >= 0) {
        // No line within the window can be too long.
        at += end + 1
        continue
      }
      if (window.length <= longestLine) break
      giveOut(from, at)
      this.#lastLine = { offset: offsetOf(at), isInCutLine: false }
      this.#cutLines += 1
      give(`${data.toString('utf8', at, endOfCharacter(data, at + longestLine))}\n`)
      const rest = data.indexOf(newline, at + longestLine)
      this.#dropping = rest < 0
      at = from = rest < 0 ? data.length : rest + 1
    }
    giveOut(from, at)
    const heldFrom = offsetOf(at)
    // A copy: the bytes are a view of a buffer that is read into again.
    this.#held = Buffer.from(data.subarray(at))
    this.#heldFrom = heldFrom
    this.#offset = base + bytes.length
  }

  /** Gives out the half line with a `\n` of its own; what its writer still adds becomes another line. */
  flush(give: (text: string) => void): void {
    if (this.#held.length === 0) return
    this.#lastLine = { offset: this.#heldFrom, isInCutLine: false }
    const text = this.#held.toString('utf8')
    this.#held = Buffer.alloc(0)
    give(`${text}\n`)
  }

  /** Another beginning: what was held is gone. */
  restart(): void {
    this.#restartAt({ offset: 0, isInCutLine: false })
  }

  #restartAt(mark: Mark): void {
    this.#held = Buffer.alloc(0)
    this.#heldFrom = this.#offset = mark.offset
    this.#dropping = mark.isInCutLine
    this.#lastLine = mark
  }
}

/** Writers that go on at their old offset after a truncation leave a hole before it, which reads as NULs. */
function withoutNuls(bytes: Buffer): Buffer {
  if (!bytes.includes(0)) return bytes
  if (isHole(bytes)) return bytes.subarray(0, 0)
  const kept = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (const byte of bytes) if (byte !== 0) kept[length++] = byte
  return kept.subarray(0, length)
}

/** Nothing but NULs: compared with itself, one byte on, which is fast where a hole is long. */
function isHole(bytes: Buffer): boolean {
  return bytes[0] === 0 && bytes.compare(bytes, 1, bytes.length, 0, bytes.length - 1) === 0
}

/** Where the byte stands that is at `index` once the NULs are dropped. */
function rawIndex(bytes: Buffer, index: number): number {
  let left = index
  for (let at = 0; at < bytes.length; at++) {
    if (bytes[at] === 0) continue
    if (left === 0) return at
    left -= 1
  }
  return bytes.length
}

/** The last place at or before `end` that does not cut a UTF-8 character (at most three bytes before it). */
function endOfCharacter(data: Buffer, end: number): number {
  for (let at = end; at > end - 4; at--) if (((data[at] ?? 0) & 0xc0) !== 0x80) return at
  return end
}
