import { localDisk } from './disk.ts'
import { FileFollower, type World } from './file-follower.ts'
import { followLimits, type FollowLimits } from './follow-context.ts'
import type { Follower, FollowerOptions } from './follower.ts'
import { localPositions } from './positions.ts'

/** What tests put in the place of the outside world. */
export type FollowerWorld = Partial<Omit<World, 'limits'>> & { readonly limits?: Partial<FollowLimits> }

export function createFollower(options: FollowerOptions, world: FollowerWorld = {}): Follower {
  return new FileFollower(options, {
    disk: world.disk ?? localDisk,
    positionDisk: world.positionDisk ?? localPositions,
    input: world.input ?? (() => process.stdin),
    limits: { ...followLimits, ...world.limits },
  })
}
