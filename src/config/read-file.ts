import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { show, type Wrong } from './text.ts'

const MAX_BYTES = 1_048_576

/** Gives a file's bytes or throws as `node:fs` does. */
export type ReadFile = (path: string) => Uint8Array

/** Whether there is a directory of this path now; never throws. */
export type IsDirectory = (path: string) => boolean

export function directoryAt(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  } catch {
    return false
  }
}

/** Reads a regular file and no more of it than decides that it is too large. A pipe that nobody writes to is not waited for. */
export function readSmallFile(path: string): Uint8Array {
  const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    if (!fstatSync(file).isFile()) throw Object.assign(new Error('not a regular file'), { code: 'ENOTFILE' })
    const bytes = Buffer.alloc(MAX_BYTES + 1)
    let length = 0
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(file, bytes, length, bytes.length - length, null)
    }
    return bytes.subarray(0, length)
  } finally {
    closeSync(file)
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EISDIR: 'it is a directory',
  ENOTFILE: 'it is not a regular file',
}

/** The text of a small UTF-8 file, or why there is none. */
export function readText(path: string, readFile: ReadFile): { readonly text: string } | Wrong {
  let bytes: Uint8Array
  try {
    bytes = readFile(path)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
    return { wrong: `cannot read ${show(path)}: ${REASONS[code] ?? code}` }
  }
  if (bytes.length > MAX_BYTES) return { wrong: `${show(path)} is larger than 1 MiB` }
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) }
  } catch {
    return { wrong: `${show(path)} is not UTF-8 text` }
  }
}
