import { Source } from './bytes.ts'

/** Built in a fraction of a millisecond. */
const blockRows = 1024

/** Label text of some rows as UTF-8, one after the other. A row without text is left out. */
export interface LabelBlock {
  /** Its first row, and the one after its last. */
  readonly first: number
  readonly end: number
  readonly bytes: Source
  /** Row first + i is `bytes[starts[i] .. starts[i + 1])`. */
  readonly starts: Int32Array
}

/**
 * Label text (`a="b",c="d"`) of many rows, undefined = left out. It is most of the cost of rendering, so it is kept; and it
 * is built when first needed, block by block: all of it at once would hold up the event loop each time that a topic comes or goes.
 */
export class LabelColumn {
  readonly length: number
  readonly text: (row: number) => string | undefined
  readonly #blocks: LabelBlock[] = []

  constructor(length: number, text: (row: number) => string | undefined) {
    this.length = length
    this.text = text
  }

  /** The block that row is in. */
  block(row: number): LabelBlock {
    const index = Math.floor(row / blockRows)
    return (this.#blocks[index] ??= this.#build(index * blockRows))
  }

  #build(first: number): LabelBlock {
    const end = Math.min(first + blockRows, this.length)
    const starts = new Int32Array(end - first + 1)
    let all = ''
    for (let i = 0; i < end - first; i++) {
      const text = this.text(first + i) ?? ''
      all += text
      starts[i + 1] = (starts[i] ?? 0) + Buffer.byteLength(text)
    }
    return { first, end, bytes: new Source(all), starts }
  }
}
