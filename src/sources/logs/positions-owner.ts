import { randomUUID } from 'node:crypto'

/**
 * The process that writes a positions file, as it says in the file itself. A lock would outlive a kill, a pid is 1 in every
 * container, and hosts may share the volume: what is in the file is seen wherever the file is.
 */
export interface Owner {
  readonly id: string
  /** When it was started by its own clock, milliseconds since 1970. */
  readonly sinceMs: number
}

/** Enough of a positions file to hold its owner; bytes. */
export const ownerBytes = 256

export function newOwner(nowMs: number): Owner {
  return { id: randomUUID(), sinceMs: Math.floor(nowMs) }
}

/** Of two that write one file the newer goes on: a rolling update starts the new one before it ends the old one. */
export function isNewer(one: Owner, other: Owner): boolean {
  return one.sinceMs === other.sinceMs ? one.id > other.id : one.sinceMs > other.sinceMs
}

/** By the first bytes of a positions file; undefined: nobody's, or it cannot be told. */
export function ownerIn(beginning: string): Owner | undefined {
  const parts = /^\{"version":\d+,"owner":\{"id":"([0-9a-f-]{36})","sinceMs":(\d{1,15})\}/.exec(beginning)
  return parts === null ? undefined : { id: parts[1] ?? '', sinceMs: Number(parts[2]) }
}
