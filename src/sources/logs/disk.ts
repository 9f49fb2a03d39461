import { constants, promises as fs, type BigIntStats } from 'node:fs'
import { isAbsolute } from 'node:path'
import { glob } from 'tinyglobby'

/** The file system as the follower sees it; tests put faults in between. Everything rejects with Node's errno errors. */
export interface Disk {
  /** Of what the name leads to, symbolic links followed. */
  stat(path: string): Promise<FileStat>
  open(path: string): Promise<DiskFile>
  /** The names in a directory. */
  list(directory: string): Promise<readonly string[]>
  /** The files that match a pattern: absolute as the pattern is. */
  find(pattern: string, signal: AbortSignal): Promise<readonly string[]>
}

export interface DiskFile {
  stat(): Promise<FileStat>
  /** Resolves with the bytes read: fewer than asked for at the end of the file. */
  read(into: Uint8Array, length: number, position: number): Promise<number>
  close(): Promise<void>
}

export interface FileStat {
  readonly dev: string
  readonly ino: string
  readonly size: number
  /** Milliseconds since 1970 on the clock of the file system, with its fraction. */
  readonly mtimeMs: number
  /** As `mtimeMs`; 0 where the file system does not know. */
  readonly birthMs: number
  /** Names that lead to it; 0: deleted, the bytes live as long as it is open. */
  readonly links: number
  readonly isFile: boolean
}

export const localDisk: Disk = {
  async stat(path) {
    return factsOf(await fs.stat(path, { bigint: true }))
  },
  async open(path) {
    // A pipe that took the name since it was looked up must not block the thread that opens it.
    const handle = await fs.open(path, constants.O_RDONLY | constants.O_NONBLOCK)
    return {
      stat: async () => factsOf(await handle.stat({ bigint: true })),
      read: async (into, length, position) => (await handle.read(into, 0, length, position)).bytesRead,
      close: () => handle.close(),
    }
  },
  list: (directory) => fs.readdir(directory),
  find: (pattern, signal) =>
    glob(pattern, { absolute: isAbsolute(pattern), onlyFiles: true, expandDirectories: false, dot: true, signal }),
}

function factsOf(stats: BigIntStats): FileStat {
  return {
    dev: stats.dev.toString(),
    ino: stats.ino.toString(),
    size: Number(stats.size),
    mtimeMs: Number(stats.mtimeNs) / 1e6,
    birthMs: Number(stats.birthtimeNs) / 1e6,
    links: Number(stats.nlink),
    isFile: stats.isFile(),
  }
}
