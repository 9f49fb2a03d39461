import type { Membership } from '../../model/ensemble.ts'
import { parseMembership } from './membership.ts'

/** What `conf` says of the server and of its ensemble. */
export interface Conf {
  readonly id: number | undefined
  /** undefined: it names no members (standalone, read-only, ZooKeeper 3.4). */
  readonly membership: Membership | undefined
}

/** undefined: no `conf`. Its last line has no end. */
export function parseConf(text: string): Conf | undefined {
  const id = /^serverId=(\d{1,19})\r?$/m.exec(text)?.[1]
  const membership = parseMembership(text)
  return id === undefined && membership === undefined
    ? undefined
    : { id: id === undefined ? undefined : toId(id), membership }
}

function toId(text: string): number | undefined {
  const id = Number(text)
  return Number.isSafeInteger(id) ? id : undefined
}
