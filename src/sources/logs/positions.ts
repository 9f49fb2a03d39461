import { constants, promises as fs } from 'node:fs'
import { z } from 'zod'
import type { Before, Place } from './place.ts'
import { ownerBytes, type Owner } from './positions-owner.ts'

/** How far each file was read when the positions were written. */
export interface Positions {
  /** Who wrote them and has not ended in order since. */
  readonly owner?: Owner | undefined
  /** Milliseconds since 1970: when the look began of which they tell. */
  readonly writtenMs: number
  readonly paths: readonly PathPositions[]
}

export interface PathPositions {
  readonly path: string
  /** As given: `/var/log/kafka/*.log`. */
  readonly pattern: string
  readonly current: Place | undefined
  readonly rotated: readonly Place[]
  readonly since?: Before | undefined
}

/** More than can be written: what was written must never be refused. */
const mostBytes = 32 * 1024 * 1024
/** As many as are followed, and as many that were followed before. */
const mostPaths = 2_000
/** Of one path, and of all together. */
const mostRotated = 256
const mostPlaces = 20_000

const version = 1

const place = z.strictObject({
  dev: z.string().regex(/^\d{1,20}$/),
  ino: z.string().regex(/^\d{1,20}$/),
  headBytes: z.int().min(0).max(256),
  head: z.string().regex(/^[0-9a-f]{64}$/),
  size: z.int().min(0),
  mtimeMs: z.number(),
  birthMs: z.number(),
  offset: z.int().min(0),
  isInCutLine: z.boolean(),
})

const schema = z.strictObject({
  version: z.literal(version),
  owner: z.strictObject({ id: z.uuid(), sinceMs: z.int().min(0) }).optional(),
  writtenMs: z.number().min(0),
  paths: z
    .array(
      z.strictObject({
        path: z.string().min(1).max(4096),
        pattern: z.string().min(1).max(4096),
        current: place.optional(),
        rotated: z.array(place).max(mostRotated),
        since: z.strictObject({ mtimeMs: z.number(), birthMs: z.number() }).optional(),
      }),
    )
    .max(mostPaths),
})

export function parsePositions(text: string): Positions | { readonly problem: string } {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return { problem: 'it is not JSON' }
  }
  const { data, error } = schema.safeParse(json)
  if (data) return { ...data, paths: data.paths.map((path) => ({ ...path, current: path.current })) }
  const [issue] = error.issues
  return { problem: `${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'not positions'}` }
}

/** The first paths, each with the newest of its rotated files: those that are not finished come last. */
export function renderPositions({ owner, writtenMs, paths }: Positions): string {
  const kept = paths.slice(0, mostPaths)
  const most = Math.min(mostRotated, Math.ceil(mostPlaces / Math.max(1, kept.length)))
  const bounded = kept.map((path) => ({ ...path, rotated: path.rotated.slice(-most) }))
  return `${JSON.stringify({ version, owner, writtenMs, paths: bounded })}\n`
}

/** The file system as the positions see it. */
export interface PositionDisk {
  /** Rejects with errno errors, and where it is not a file of a size that positions can have. */
  read(path: string): Promise<string>
  /** The first bytes, as many as show the owner; rejects as `read` does. */
  beginning(path: string): Promise<string>
  /** All or nothing, also when the process is killed in between. */
  replace(path: string, text: string): Promise<void>
}

const beforeRename = '.tmp'

/** What a glob may find of them. */
export function positionFiles(path: string | undefined): readonly string[] {
  return path === undefined ? [] : [path, `${path}${beforeRename}`]
}

export const localPositions: PositionDisk = {
  read: (path) => readFrom(path, mostBytes),
  beginning: (path) => readFrom(path, ownerBytes),
  async replace(path, text) {
    // No fsync: on the brokers' own disk it would wait for, and hurry, everything that they write. After a power cut
    // the positions may be those of a few seconds before, or none; after a kill they are whole.
    await fs.writeFile(`${path}${beforeRename}`, text)
    await fs.rename(`${path}${beforeRename}`, path)
  },
}

async function readFrom(path: string, most: number): Promise<string> {
  const handle = await fs.open(path, constants.O_RDONLY | constants.O_NONBLOCK)
  try {
    const stat = await handle.stat()
    if (!stat.isFile() || stat.size > mostBytes) throw new Error('not a regular file of at most 32 MiB')
    const buffer = Buffer.alloc(Math.min(most, stat.size))
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0)
    return buffer.toString('utf8', 0, bytesRead)
  } finally {
    await handle.close()
  }
}
