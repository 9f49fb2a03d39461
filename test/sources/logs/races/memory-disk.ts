import { basename } from 'node:path'
import type { Disk, DiskFile, FileStat } from '../../../../src/sources/logs/disk.ts'
import type { PositionDisk } from '../../../../src/sources/logs/positions.ts'

/** The clock that files are dated by stands still for so long, milliseconds. */
const tickMs = 4

export interface MemoryFile {
  readonly ino: number
  readonly bornMs: number
  mtimeMs: number
  bytes: Buffer
  links: number
  readers: number
}

/** One directory in memory. Inodes are used again as soon as nothing leads to them any more, as ext4 does. */
export class MemoryDisk implements Disk, PositionDisk {
  readonly #files = new Map<string, MemoryFile>()
  readonly #free: number[] = []
  readonly #directory: string
  readonly #nowMs: () => number
  readonly #between: () => void
  readonly #isBirthKnown: boolean
  #inodes = 10
  #positions: string | undefined
  #changes = 0

  /** `between`: what others do before and after each step. */
  constructor(directory: string, nowMs: () => number, between: () => void, isBirthKnown: boolean) {
    this.#directory = directory
    this.#nowMs = nowMs
    this.#between = between
    this.#isBirthKnown = isBirthKnown
  }

  #dated(): number {
    return Math.floor(this.#nowMs() / tickMs) * tickMs
  }

  create(path: string): MemoryFile {
    const ino = this.#free.shift() ?? this.#inodes++
    const now = this.#dated()
    const file = { ino, bornMs: now, mtimeMs: now, bytes: Buffer.alloc(0), links: 1, readers: 0 }
    this.#files.set(path, file)
    this.#changes += 1
    return file
  }

  append(file: MemoryFile, text: string): void {
    file.bytes = Buffer.concat([file.bytes, Buffer.from(text)])
    file.mtimeMs = this.#dated()
  }

  rename(from: string, to: string): void {
    const file = this.#files.get(from)
    if (file === undefined) return
    this.unlink(to)
    this.#files.delete(from)
    this.#files.set(to, file)
    this.#changes += 1
  }

  unlink(path: string): void {
    const file = this.#files.get(path)
    if (file === undefined) return
    this.#files.delete(path)
    file.links -= 1
    this.#release(file)
  }

  #release({ ino, links, readers }: MemoryFile): void {
    if (links === 0 && readers === 0) this.#free.push(ino)
  }

  async #step<T>(look: () => T): Promise<T> {
    this.#between()
    await Promise.resolve()
    const seen = look()
    this.#between()
    return seen
  }

  #at(path: string): MemoryFile {
    const file = this.#files.get(path)
    if (file === undefined) throw Object.assign(new Error(`ENOENT: ${path}`), { code: 'ENOENT' })
    return file
  }

  stat(path: string): Promise<FileStat> {
    return this.#step(() => (path === this.#directory ? this.#statOfDirectory() : this.#statOf(this.#at(path))))
  }

  #statOfDirectory(): FileStat {
    return { dev: '1', ino: '2', size: 0, mtimeMs: this.#changes, birthMs: 1, links: 2, isFile: false }
  }

  #statOf({ ino, bytes, mtimeMs, bornMs, links }: MemoryFile): FileStat {
    const birthMs = this.#isBirthKnown ? bornMs : 0
    return { dev: '1', ino: String(ino), size: bytes.length, mtimeMs, birthMs, links, isFile: true }
  }

  async open(path: string): Promise<DiskFile> {
    const file = await this.#step(() => {
      const found = this.#at(path)
      found.readers += 1
      return found
    })
    return {
      stat: () => this.#step(() => this.#statOf(file)),
      read: (into, length, position) =>
        this.#step(() => {
          const bytes = file.bytes.subarray(position, position + length)
          into.set(bytes)
          return bytes.length
        }),
      close: () => {
        file.readers -= 1
        this.#release(file)
        return Promise.resolve()
      },
    }
  }

  list(): Promise<readonly string[]> {
    return this.#step(() => [...this.#files.keys()].map((path) => basename(path)))
  }

  find(pattern: string): Promise<readonly string[]> {
    const [before = '', after = ''] = pattern.split('*')
    return this.#step(() => [...this.#files.keys()].filter((path) => path.startsWith(before) && path.endsWith(after)))
  }

  read(path: string): Promise<string> {
    if (this.#positions === undefined) return Promise.reject(Object.assign(new Error(path), { code: 'ENOENT' }))
    return Promise.resolve(this.#positions)
  }

  beginning(path: string): Promise<string> {
    return this.read(path)
  }

  replace(_: string, text: string): Promise<void> {
    this.#positions = text
    return Promise.resolve()
  }
}
