import type { Readable, Writable } from 'node:stream'

/** What a subcommand may touch of its process. */
export interface CommandIo {
  readonly in: Readable
  readonly out: Writable
  readonly err: Writable & { readonly isTTY?: boolean; readonly columns?: number }
}

export const exitCodes = { ok: 0, failed: 1, badUsage: 2 } as const
