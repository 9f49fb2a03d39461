import type { FirstFileOwner } from './begin.ts'
import type { FollowerNotes } from './follower.ts'
import type { Mark } from './line-cutter.ts'
import { closeQuietly, type OpenFile } from './open-file.ts'
import type { OpenLog } from './open-log.ts'
import type { Place } from './place.ts'
import type { Copies } from './siblings.ts'
import type { Turn } from './turn.ts'

export interface CopyOwner extends FirstFileOwner {
  /** A copy of which everything was read in what it was made of. */
  remember(place: Place): void
  begin(open: OpenFile, from: Mark, turn: Turn): OpenLog
}

/** The file under a path was cut. Where a copy was made of it first, what was not read is read there; true then. */
export async function takeCopy(
  copies: Copies,
  place: Place,
  { path, notes }: { readonly path: string; readonly notes: FollowerNotes },
  owner: CopyOwner,
  turn: Turn,
): Promise<boolean> {
  const copy = await copies.find(place, turn)
  owner.counts.truncations += 1
  if (copy && copy.stat.size > place.offset) {
    owner.rotated.add(owner.begin(copy, place, turn))
    return true
  }
  if (copy) {
    const { dev, ino, size, mtimeMs, birthMs } = copy.stat
    owner.remember({ ...place, dev, ino, size, mtimeMs, birthMs })
    closeQuietly(copy.file)
  } else if (place.size > place.offset) {
    notes.warn('a log file was truncated before it was read to its end', {
      file: path,
      bytes: place.size - place.offset,
    })
  }
  return false
}
