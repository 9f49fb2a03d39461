import type { FirstFileOwner } from './begin.ts'
import type { FollowContext } from './follow-context.ts'
import type { Mark } from './line-cutter.ts'
import type { OpenFile } from './open-file.ts'
import type { OpenLog } from './open-log.ts'
import type { Place } from './place.ts'
import { findCopy } from './siblings.ts'
import type { Turn } from './turn.ts'

interface Owner extends FirstFileOwner {
  begin(open: OpenFile, from: Mark, turn: Turn): OpenLog
}

/** The file under a path was cut. Where a copy was made of it first, what was not read is read there; true then. */
export async function takeCopy(
  path: string,
  place: Place,
  { disk, notes }: FollowContext,
  owner: Owner,
  turn: Turn,
): Promise<boolean> {
  const copy = await findCopy(path, place, disk, turn)
  if (copy) owner.rotated.add(owner.begin(copy, place, turn))
  else if (place.size > place.offset) {
    const fields = { file: path, bytes: place.size - place.offset }
    notes.warn('a log file was truncated before it was read to its end', fields)
  }
  owner.counts.truncations += 1
  return copy !== undefined
}
