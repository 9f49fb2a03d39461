import { createHash } from 'node:crypto'
import type { FileStat } from './disk.ts'
import type { Mark } from './line-cutter.ts'

/** How many first bytes tell one file from another under the same inode. */
export const headLength = 256

/** From here on the beginning alone tells that it is the same file, whatever number its device has after a reboot. */
export const tellingBytes = 64

/** Which file, and how far it was read. */
export interface Place extends Mark {
  readonly dev: string
  readonly ino: string
  /** The first bytes, as many as there were, at most `headLength`. */
  readonly headBytes: number
  /** SHA-256 of them, in hex. */
  readonly head: string
  /** When the path was last seen to lead to it. */
  readonly size: number
  readonly mtimeMs: number
  readonly birthMs: number
}

export function digest(head: Uint8Array): string {
  return createHash('sha256').update(head).digest('hex')
}

export function isSameInode(a: Pick<FileStat, 'dev' | 'ino'>, b: Pick<FileStat, 'dev' | 'ino'>): boolean {
  return a.ino === b.ino && a.dev === b.dev
}

/** As `isSameInode`, but a deleted file's inode may soon be a younger one's. */
export function isSameAge(place: Pick<FileStat, 'dev' | 'ino' | 'birthMs'>, stat: FileStat): boolean {
  const isBirthKnown = place.birthMs > 0 && stat.birthMs > 0
  return isSameInode(place, stat) && (!isBirthKnown || place.birthMs === stat.birthMs)
}

/** A file that may be the one at this place: whether it is, its beginning tells. */
export function mayBeAt(place: Place, stat: FileStat): boolean {
  return stat.ino === place.ino && (stat.dev === place.dev || place.headBytes >= tellingBytes)
}

/** `head`: the first `headLength` bytes of the file, or all it has. */
export function isAt(place: Place, stat: FileStat, head: Uint8Array): boolean {
  // Of which no beginning is known.
  if (place.headBytes === 0) return isSameAge(place, stat)
  return (
    mayBeAt(place, stat) && head.length >= place.headBytes && digest(head.subarray(0, place.headBytes)) === place.head
  )
}

/** It was left off at its end, and nothing has come since. */
export function isUnchanged(place: Place, stat: FileStat): boolean {
  return isSameInode(place, stat) && stat.size === place.offset && stat.mtimeMs === place.mtimeMs
}

/** When the path was last known to lead to what it led to; milliseconds on the file system's clock, 0: unknown. */
export type Before = Pick<Place, 'mtimeMs' | 'birthMs'>

/**
 * Whether a file may have been the followed one for a moment after `before` was: born later and written later. The
 * archives of the time before are older by both; where births are unknown the writing has to do.
 */
export function isNewerThan(before: Before, stat: FileStat): boolean {
  const bornLater = before.birthMs === 0 || stat.birthMs === 0 || stat.birthMs >= before.birthMs
  return bornLater && stat.mtimeMs >= before.mtimeMs
}
