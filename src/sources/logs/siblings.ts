import { dirname, basename, join } from 'node:path'
import type { Disk, FileStat } from './disk.ts'
import { isAbsent } from './disk-failure.ts'
import { closeQuietly, openFile, type OpenFile } from './open-file.ts'
import { digest, type Place } from './place.ts'
import { isCompressed, mayBeRotated } from './rotated-names.ts'
import { TurnOver, type Turn } from './turn.ts'

/** Hourly logs without retention are 8,760 files a year; beyond it the search is not complete. */
export const mostNames = 20_000

export interface Sibling {
  readonly path: string
  readonly stat: FileStat
}

/** The files beside a followed one that a search may open: regular, not compressed, oldest first. */
export async function siblingsOf(
  path: string,
  disk: Disk,
  turn: Turn,
  isWanted: (stat: FileStat, isRotatedName: boolean) => boolean,
): Promise<readonly Sibling[]> {
  const directory = dirname(path)
  const base = basename(path)
  const found: Sibling[] = []
  for (const name of (await namesIn(directory, disk, turn)).slice(0, mostNames)) {
    if (name === base || isCompressed(name)) continue
    const stat = await statOf(join(directory, name), disk, turn)
    if (stat?.isFile === true && isWanted(stat, mayBeRotated(base, name))) {
      found.push({ path: join(directory, name), stat })
    }
  }
  return found.sort(({ stat: a }, { stat: b }) => a.birthMs - b.birthMs || a.mtimeMs - b.mtimeMs)
}

/**
 * Opens a sibling if its name still leads to the file that was found under it: names are shifted meanwhile. One that
 * cannot be opened is none: the followed path itself tells of missing rights.
 */
export async function openSibling({ path, stat }: Sibling, disk: Disk, turn: Turn): Promise<OpenFile | undefined> {
  try {
    const open = await openFile(disk, path, turn)
    if (open.stat.ino === stat.ino && open.stat.dev === stat.dev) return open
    closeQuietly(open.file)
    return undefined
  } catch (error) {
    if (error instanceof TurnOver) throw error
    return undefined
  }
}

/**
 * What copytruncate copied of a file before it cut it: another file with the same beginning, written since. Where the
 * directory cannot be listed there is none: the cut file itself is to be read on.
 */
export async function findCopy(path: string, place: Place, disk: Disk, turn: Turn): Promise<OpenFile | undefined> {
  if (place.headBytes === 0) return undefined
  const isCandidate = (stat: FileStat, isRotatedName: boolean): boolean =>
    isRotatedName && stat.size > place.offset && stat.mtimeMs >= place.mtimeMs && stat.ino !== place.ino
  const siblings = await siblingsOf(path, disk, turn, isCandidate).catch((error: unknown) => {
    if (error instanceof TurnOver) throw error
    return []
  })
  for (const sibling of siblings.toReversed()) {
    const open = await openSibling(sibling, disk, turn)
    if (open === undefined) continue
    if (digest(open.head.subarray(0, place.headBytes)) === place.head) return open
    closeQuietly(open.file)
  }
  return undefined
}

async function namesIn(directory: string, disk: Disk, turn: Turn): Promise<readonly string[]> {
  try {
    return await turn.step(disk.list(directory))
  } catch (error) {
    if (isAbsent(error)) return []
    throw error
  }
}

async function statOf(path: string, disk: Disk, turn: Turn): Promise<FileStat | undefined> {
  try {
    return await turn.step(disk.stat(path))
  } catch (error) {
    if (error instanceof TurnOver) throw error
    return undefined
  }
}
