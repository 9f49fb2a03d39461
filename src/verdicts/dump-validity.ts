import { epochOf, leadingServer } from '../model/leading.ts'
import type { SessionDump } from '../model/sessions.ts'
import type { View } from '../model/view.ts'

/** States of a server that takes part, so that what it does not have is not there. */
const takingPart: ReadonlySet<string> = new Set(['leader', 'follower', 'observer', 'standalone'])
/** A newest epoch is forgotten where no server has told of it for this long: the ensemble may have been set up anew. */
const epochMemoryMs = 60_000

/** The newest epoch of a dump that was believed. */
export interface BelievedEpoch {
  readonly epoch: number
  /** `mono` ms. */
  readonly at: number
}

/**
 * Whether a session's absence from this dump may mean anything: it must come from the server that leads by the ensemble's own
 * newest word, in an epoch than which none is newer. A leader that just woke from a pause says that it leads and lists nothing.
 */
export function isBelievable(dump: SessionDump, { zookeeper }: View, believed: BelievedEpoch | undefined): boolean {
  const leader = zookeeper && leadingServer(zookeeper.value)
  if (leader?.server !== dump.server) return false
  if (dump.epoch === undefined) return true
  if (leader.epoch !== undefined && leader.epoch !== dump.epoch) return false
  for (const { zxid } of zookeeper?.value.servers.values() ?? []) {
    if (zxid !== undefined && epochOf(zxid) > dump.epoch) return false
  }
  const remembered = believed !== undefined && dump.at.mono - believed.at < epochMemoryMs ? believed.epoch : 0
  return dump.epoch >= remembered
}

/** Whether the server at `host:port` takes part, as far as the ensemble's own words tell. */
export function takesPart(server: string, { zookeeper }: View): boolean {
  const said = zookeeper?.value.servers.get(server)
  if (said === undefined) return true
  return takingPart.has(said.state) && !(said.state === 'leader' && said.syncedFollowers === 0)
}
