import type { Disk, FileStat } from './disk.ts'
import type { FollowerNotes, LogStream } from './follower.ts'
import type { OpenLog } from './open-log.ts'
import type { Place } from './place.ts'

/** How long things are waited for, milliseconds. */
export interface FollowLimits {
  /** Without new bytes: a half line is given out. */
  readonly quietMs: number
  /** A deleted file without new bytes is closed, and a name that leads nowhere is no longer up. */
  readonly goneMs: number
  /** A rotated file without new bytes is closed. */
  readonly rotatedMs: number
}

export const followLimits: FollowLimits = {
  quietMs: 1_000,
  goneMs: 10_000,
  // Kafka and ZooKeeper may log into one file (started from one directory); who rotates it leaves the other one
  // writing into the file with the old name until its own rotation, an hour later.
  rotatedMs: 65 * 60_000,
}

/** What all followed paths share. */
export interface FollowContext {
  readonly disk: Disk
  readonly notes: FollowerNotes
  readonly limits: FollowLimits
  /** The open file with this inode, whichever path it was opened for. */
  live(stat: Pick<FileStat, 'dev' | 'ino'>): OpenLog | undefined
  /** Where any path left a file off that is not open. */
  known(stat: FileStat, head: Uint8Array): Place | undefined
  /** A path that is followed itself. */
  isFollowed(path: string): boolean
  newStreamId(): LogStream['id']
}
