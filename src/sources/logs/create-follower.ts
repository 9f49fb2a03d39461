import type { Readable } from 'node:stream'
import { localDisk, type Disk } from './disk.ts'
import { FileFollower } from './file-follower.ts'
import { followLimits, type FollowLimits } from './follow-context.ts'
import type { Follower, FollowerOptions } from './follower.ts'
import { localPositions, type PositionDisk } from './positions.ts'

/** The outside world, for tests. */
export interface FollowerWorld {
  readonly disk?: Disk
  readonly positionDisk?: PositionDisk
  /** Standard input; looked for only where `-` is followed. */
  readonly input?: () => Readable
  readonly limits?: Partial<FollowLimits>
}

export function createFollower(options: FollowerOptions, world: FollowerWorld = {}): Follower {
  return new FileFollower(options, {
    disk: world.disk ?? localDisk,
    positionDisk: world.positionDisk ?? localPositions,
    input: world.input ?? (() => process.stdin),
    limits: { ...followLimits, ...world.limits },
  })
}
