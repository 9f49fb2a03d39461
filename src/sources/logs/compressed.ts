import type { FileStat } from './disk.ts'
import type { OpenFile } from './open-file.ts'
import { isSameInode } from './place.ts'
import { isCompressed } from './rotated-names.ts'

/** The first bytes of gzip, zip, zstd and xz, none of them a text's. */
const heads = [
  [0x1f, 0x8b, 0x08],
  [0x50, 0x4b, 0x03, 0x04],
  [0x28, 0xb5, 0x2f, 0xfd],
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00],
]

/** What is followed grows line by line: a compressed file does not, whoever names it. */
export class CompressedFiles {
  readonly #path: string
  /** Found to be compressed: not opened again as long as it is as it was. */
  #found: FileStat | undefined

  constructor(path: string) {
    this.#path = path
  }

  /** Throws where the path leads to one. */
  refuse(named: FileStat): void {
    if (isCompressed(this.#path) || (this.#found && isAsItWas(this.#found, named))) throw this.#refusal()
  }

  /** Throws where the open file is one. */
  refuseOpen({ stat, head }: OpenFile): void {
    if (!heads.some((bytes) => bytes.every((byte, i) => head[i] === byte))) return
    this.#found = stat
    throw this.#refusal()
  }

  #refusal(): Error {
    return new Error(`${this.#path} is compressed: follow the file that is being written`)
  }
}

function isAsItWas(before: FileStat, now: FileStat): boolean {
  return isSameInode(before, now) && before.size === now.size && before.mtimeMs === now.mtimeMs
}
