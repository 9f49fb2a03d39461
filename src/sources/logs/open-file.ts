import type { Disk, DiskFile, FileStat } from './disk.ts'
import { longestLine, type Mark } from './line-cutter.ts'
import { headLength } from './place.ts'
import { TurnOver, type Turn } from './turn.ts'

export interface OpenFile {
  readonly file: DiskFile
  readonly stat: FileStat
  /** Its first `headLength` bytes, or all it has. */
  readonly head: Buffer
}

/** Opens a file and looks at it; rejects as the disk does, and with `TurnOver`. Nothing stays open then. */
export async function openFile(disk: Disk, path: string, turn: Turn): Promise<OpenFile> {
  const file = await disk.open(path)
  try {
    if (turn.isOver) throw new TurnOver()
    const stat = await turn.step(file.stat())
    if (!stat.isFile) throw new Error(`${path} is not a regular file`)
    return { file, stat, head: await turn.step(headOf(file)) }
  } catch (error) {
    closeQuietly(file)
    throw error
  }
}

export async function headOf(file: DiskFile): Promise<Buffer> {
  const head = Buffer.alloc(headLength)
  return head.subarray(0, await file.read(head, headLength, 0))
}

/** The end of the file, or where the line begins that is not complete there. */
export async function endOf({ file }: OpenFile, size: number): Promise<Mark> {
  const length = Math.min(longestLine, size)
  const tail = Buffer.alloc(length)
  const read = await file.read(tail, length, size - length)
  const lineStart = tail.subarray(0, read).lastIndexOf(10) + 1
  const offset = lineStart > 0 || size === length ? size - length + lineStart : size
  return { offset, isInCutLine: offset === size && length > 0 && lineStart === 0 }
}

export function closeQuietly(file: DiskFile): void {
  // Nothing was written through it: that it could not be closed has no consequence that anybody could act on.
  file.close().catch(() => undefined)
}
