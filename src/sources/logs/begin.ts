import type { FileStat } from './disk.ts'
import type { Mark } from './line-cutter.ts'
import { endOf, type OpenFile } from './open-file.ts'
import { isSameInode } from './place.ts'
import type { Turn } from './turn.ts'

export const beginning: Mark = { offset: 0, isInCutLine: false }

/** File systems take the time from a clock that ticks a few times in a hundredth of a second. */
export const tickMs = 20

/** Where to begin in a file of which nothing is known. */
export interface Begin {
  readonly at: 'beginning' | 'end'
  /**
   * Milliseconds since 1970: then the path led nowhere, or what it led to is known. A file that was born later is read
   * from its beginning, and those that the path led to in between are looked for.
   */
  readonly sinceMs: number | undefined
}

/** `seen`: the first file that the path led to, which perhaps could not be opened then. */
export async function firstPlaceIn(open: OpenFile, begin: Begin, seen: FileStat, turn: Turn): Promise<Mark> {
  const isLater = !isSameInode(seen, open.stat) || isBornSince(begin, open.stat)
  if (begin.at === 'beginning' || isLater) return beginning
  return turn.step(endOf(open, Math.min(seen.size, open.stat.size)))
}

export function isBornSince({ sinceMs }: Begin, stat: FileStat): boolean {
  return sinceMs !== undefined && stat.birthMs >= sinceMs
}
