import type { State } from '../store.ts'
import { Bytes, longestNumber, Source } from './bytes.ts'
import type { Columns, Family } from './family.ts'
import type { LabelBlock } from './label-column.ts'

/** Text exposition format 0.0.4. */
export const contentType = 'text/plain; version=0.0.4; charset=utf-8'

/** Made in a fraction of a millisecond, and large enough that a page of 80 MB is not thousands of writes. */
const chunkBytes = 128 * 1024

/**
 * The families that have rows, as UTF-8 in chunks of whole lines: of at most 128 KiB, unless one line alone is longer. A
 * chunk is made when it is asked for, so that whoever writes them can stop between two when the reader is slow; all are of
 * this one state, which nothing changes. `constant` labels (text form) come first in every series.
 */
export function* render(families: readonly Family[], state: State, constant = ''): Generator<Buffer> {
  let chunk = new Bytes(chunkBytes)
  for (const family of families) {
    if (family.columns === undefined) {
      for (const line of lines(family, state, constant)) {
        if (chunk.room < mostBytes(line)) {
          if (chunk.length > 0) yield chunk.written
          chunk = new Bytes(Math.max(chunkBytes, mostBytes(line)))
        }
        chunk.text(line)
      }
      continue
    }
    const columns = family.columns(state)
    if (columns === undefined) continue
    const writer = new ColumnWriter(family, columns, constant)
    while (!writer.write(chunk)) {
      if (chunk.length > 0) yield chunk.written
      chunk = new Bytes(Math.max(chunkBytes, writer.needs))
    }
  }
  if (chunk.length > 0) yield chunk.written
}

const [brace, space, newline] = [0x7d, 0x20, 0x0a]

/** Writes a family's columns chunk after chunk. */
class ColumnWriter {
  readonly #columns: Columns
  readonly #lead: Source
  /** Comes before the first row that there is. */
  #about: Source | undefined
  #row = 0
  #needs = 0

  constructor(family: Family, columns: Columns, constant: string) {
    this.#columns = columns
    this.#lead = new Source(`${family.name}{${constant === '' ? '' : `${constant},`}`)
    this.#about = new Source(aboutOf(family))
  }

  /** Room for the next row, at most. */
  get needs(): number {
    return this.#needs
  }

  /** Writes what fits. Whether that was all of it. */
  write(chunk: Bytes): boolean {
    const { labels, value } = this.#columns
    for (;;) {
      // In an outage a whole column is absent: no reason to build its labels now.
      while (this.#row < labels.length && Number.isNaN(value(this.#row))) this.#row++
      if (this.#row >= labels.length) return true
      const block = labels.block(this.#row)
      this.#row = this.#fill(chunk, block)
      if (this.#row < block.end) return false
    }
  }

  /** Gives the first row that is not written. */
  #fill(chunk: Bytes, { first, end, bytes, starts }: LabelBlock): number {
    const { value } = this.#columns
    const lead = this.#lead
    for (let row = this.#row; row < end; row++) {
      const from = starts[row - first] ?? 0
      const to = starts[row - first + 1] ?? 0
      if (from === to) continue
      const known = value(row)
      if (Number.isNaN(known)) continue
      const needs = lead.length + to - from + longestNumber + 3
      if (chunk.room < needs || this.#about !== undefined) {
        this.#needs = needs + (this.#about?.length ?? 0)
        if (chunk.room < this.#needs) return row
        if (this.#about !== undefined) chunk.copy(this.#about, 0, this.#about.length)
        this.#about = undefined
      }
      chunk.copy(lead, 0, lead.length)
      chunk.copy(bytes, from, to)
      chunk.byte(brace)
      chunk.byte(space)
      chunk.number(known)
      chunk.byte(newline)
    }
    return end
  }
}

function* lines(family: Family, state: State, constant: string): Generator<string> {
  let isFirst = true
  for (const { labels, value } of family.rows(state)) {
    if (isFirst) yield aboutOf(family)
    isFirst = false
    const pairs = constant === '' ? labels : labels === '' ? constant : `${constant},${labels}`
    yield pairs === '' ? `${family.name} ${value}\n` : `${family.name}{${pairs}} ${value}\n`
  }
}

function aboutOf({ name, help, type }: Family): string {
  return `# HELP ${name} ${escapeHelp(help)}\n# TYPE ${name} ${type}\n`
}

/** No UTF-16 unit takes more than three bytes. */
function mostBytes(text: string): number {
  return 3 * text.length
}

function escapeHelp(help: string): string {
  return help.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}
