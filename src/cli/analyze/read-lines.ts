import { createReadStream } from 'node:fs'
import type { Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'

const chunkBytes = 256 * 1024
/** The rest of a longer line is dropped. */
const longestLine = 64 * 1024

/**
 * Reads a file, gzip or plain by its first bytes, and gives out whole lines, each ended by `\n`, in blocks. Memory stays
 * at some blocks however large the file or a line is. `read` counts the bytes of the file itself.
 */
export async function* linesOf(source: Readable | string, read: (bytes: number) => void): AsyncGenerator<string> {
  const raw = typeof source === 'string' ? createReadStream(source, { highWaterMark: chunkBytes }) : source
  const lines = new WholeLines()
  const decoder = new TextDecoder()
  for await (const bytes of unpacked(raw, read)) {
    const text = lines.add(decoder.decode(bytes, { stream: true }))
    if (text !== '') yield text
  }
  const rest = lines.end(decoder.decode())
  if (rest !== '') yield rest
}

async function* unpacked(raw: Readable, read: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  const chunks = raw[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  const first = await chunks.next()
  if (first.done === true) return
  const rest = async function* (): AsyncGenerator<Uint8Array> {
    read(first.value.length)
    yield first.value
    for (;;) {
      const next = await chunks.next()
      if (next.done === true) return
      read(next.value.length)
      yield next.value
    }
  }
  if (first.value[0] !== 0x1f || first.value[1] !== 0x8b) {
    yield* rest()
    return
  }
  const gunzip = createGunzip({ chunkSize: chunkBytes })
  const feed = async (): Promise<void> => {
    for await (const bytes of rest()) {
      if (!gunzip.write(bytes)) await new Promise((resolve) => gunzip.once('drain', resolve))
      if (gunzip.destroyed) return
    }
    gunzip.end()
  }
  // Whatever fails on either side ends the loop below with its reason.
  feed().catch((error: unknown) => gunzip.destroy(error instanceof Error ? error : new Error(String(error))))
  yield* gunzip as AsyncIterable<Uint8Array>
}

/** Puts pieces together to whole lines; NUL bytes, as a crash leaves them in a file, are dropped. */
class WholeLines {
  #begun = ''
  #isCut = false

  add(piece: string): string {
    const text = piece.includes('\0') ? piece.replaceAll('\0', '') : piece
    const end = text.lastIndexOf('\n') + 1
    if (end === 0) {
      this.#begin(text)
      return ''
    }
    const first = text.indexOf('\n') + 1
    const whole =
      this.#begun === '' && !this.#isCut ? text.slice(0, end) : this.#finish(text, first) + text.slice(first, end)
    this.#begun = ''
    this.#isCut = false
    this.#begin(text.slice(end))
    return whole
  }

  end(piece: string): string {
    const text = this.add(piece)
    const rest = this.#begun
    this.#begun = ''
    return rest === '' ? text : `${text}${rest}\n`
  }

  #begin(text: string): void {
    if (this.#isCut) return
    this.#begun += text
    if (this.#begun.length <= longestLine) return
    this.#begun = this.#begun.slice(0, longestLine)
    this.#isCut = true
  }

  #finish(text: string, end: number): string {
    if (this.#isCut) return `${this.#begun}\n`
    const line = this.#begun + text.slice(0, end)
    return line.length <= longestLine + 1 ? line : `${line.slice(0, longestLine)}\n`
  }
}
