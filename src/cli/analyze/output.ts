import { createWriteStream, fstatSync } from 'node:fs'
import { realpath, stat } from 'node:fs/promises'
import { once } from 'node:events'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { CommandIo } from '../io.ts'
import type { Input } from './inputs.ts'

/** The log that `output` would overwrite, by whatever name or link; undefined: none. */
export async function inputThatIs(
  output: string,
  inputs: readonly Input[],
  stdin: CommandIo['in'],
): Promise<string | undefined> {
  const about = await stat(output).catch(() => undefined)
  if (about?.isFile() !== true) return undefined
  const real = await realpath(output).catch(() => output)
  for (const { path } of inputs) {
    if (path === '-') {
      const fd = 'fd' in stdin && typeof stdin.fd === 'number' ? stdin.fd : undefined
      if (fd !== undefined && isSame(about, fstatSync(fd))) return 'standard input'
      continue
    }
    const other = await stat(path).catch(() => undefined)
    if (other !== undefined && isSame(about, other)) return path
    if ((await realpath(path).catch(() => undefined)) === real) return path
  }
  return undefined
}

const isSame = (a: { dev: number; ino: number }, b: { dev: number; ino: number }): boolean =>
  a.dev === b.dev && a.ino === b.ino

const pieceLength = 64 * 1024

/** Larger pieces of the same text: of many small writes each costs more than its text. */
function* inPieces(parts: Iterable<string>): Generator<string> {
  let piece = ''
  for (const part of parts) {
    piece += part
    if (piece.length < pieceLength) continue
    yield piece
    piece = ''
  }
  if (piece !== '') yield piece
}

/** Writes the text piece by piece, as fast as it is taken. Throws with the flag and the path in its message. */
export async function writeOut(text: Iterable<string>, output: string | undefined, { out }: CommandIo): Promise<void> {
  if (output === undefined) {
    // A reader such as head may have seen enough.
    out.on('error', () => undefined)
    for (const piece of inPieces(text)) {
      if (out.destroyed) return
      if (!out.write(piece)) await Promise.race([once(out, 'drain'), once(out, 'close')]).catch(() => undefined)
    }
    return
  }
  try {
    await pipeline(Readable.from(inPieces(text)), createWriteStream(output))
  } catch (error) {
    throw new Error(`--output=${output}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
