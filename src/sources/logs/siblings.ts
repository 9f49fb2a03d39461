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
  readonly isRotatedName: boolean
}

/** What a search may open. */
interface Wanted {
  /** Asked first: what it leaves out costs nothing. */
  isName(path: string, isRotatedName: boolean): boolean
  isFile(stat: FileStat, isRotatedName: boolean): boolean
}

/** The files beside a followed one: regular, not compressed. A directory of thousands may take several looks. */
export class Listing {
  readonly #path: string
  readonly #disk: Disk
  #names: readonly string[] | undefined
  #next = 0
  readonly #found: Sibling[] = []

  constructor(path: string, disk: Disk) {
    this.#path = path
    this.#disk = disk
  }

  /** Oldest first; undefined: the directory is not there. Where the turn ends before, the next one goes on. */
  async go(turn: Turn, wanted: Wanted): Promise<readonly Sibling[] | undefined> {
    const directory = dirname(this.#path)
    const base = basename(this.#path)
    this.#names ??= (await namesIn(directory, this.#disk, turn))?.slice(0, mostNames)
    if (this.#names === undefined) return undefined
    for (; this.#next < this.#names.length; this.#next++) {
      const name = this.#names[this.#next] ?? ''
      const path = join(directory, name)
      const isRotatedName = mayBeRotated(base, name)
      if (name === base || isCompressed(name) || !wanted.isName(path, isRotatedName)) continue
      const stat = await statOf(path, this.#disk, turn)
      if (stat?.isFile === true && wanted.isFile(stat, isRotatedName)) this.#found.push({ path, stat, isRotatedName })
    }
    return this.#found.sort(({ stat: a }, { stat: b }) => a.birthMs - b.birthMs || a.mtimeMs - b.mtimeMs)
  }
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
export class Copies {
  readonly #path: string
  readonly #disk: Disk
  #listing: Listing | undefined
  /** What it is made for. */
  #of: string | undefined

  constructor(path: string, disk: Disk) {
    this.#path = path
    this.#disk = disk
  }

  async find(place: Place, turn: Turn): Promise<OpenFile | undefined> {
    if (place.headBytes === 0) return undefined
    const of = `${place.ino} ${place.head} ${place.offset}`
    if (of !== this.#of) this.#listing = undefined
    this.#of = of
    const siblings = await this.#siblings(place, turn)
    for (const sibling of siblings.toReversed()) {
      const open = await openSibling(sibling, this.#disk, turn)
      if (open === undefined) continue
      if (digest(open.head.subarray(0, place.headBytes)) === place.head) return open
      closeQuietly(open.file)
    }
    return undefined
  }

  async #siblings(place: Place, turn: Turn): Promise<readonly Sibling[]> {
    this.#listing ??= new Listing(this.#path, this.#disk)
    try {
      const siblings = await this.#listing.go(turn, {
        isName: (_, isRotatedName) => isRotatedName,
        isFile: (stat) => stat.size >= place.offset && stat.mtimeMs >= place.mtimeMs && stat.ino !== place.ino,
      })
      this.#listing = undefined
      return siblings ?? []
    } catch (error) {
      if (error instanceof TurnOver) throw error
      this.#listing = undefined
      return []
    }
  }
}

async function namesIn(directory: string, disk: Disk, turn: Turn): Promise<readonly string[] | undefined> {
  try {
    return await turn.step(disk.list(directory))
  } catch (error) {
    if (isAbsent(error)) return undefined
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
