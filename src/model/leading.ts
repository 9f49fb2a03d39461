import type { Ensemble } from './ensemble.ts'

export interface LeadingServer {
  /** `host:port` as given. */
  readonly server: string
  /** Upper half of its zxid; undefined where it was not told. */
  readonly epoch: number | undefined
}

export function epochOf(zxid: bigint): number {
  return Number(zxid >> 32n)
}

/**
 * The server that leads. Of two that say so the one of the newer epoch does, and neither where that is not known; one without
 * a synced follower, right after it woke from a pause, does not, whatever it says.
 */
export function leadingServer(ensemble: Ensemble): LeadingServer | undefined {
  const leaders: LeadingServer[] = []
  for (const [server, { state, zxid, syncedFollowers }] of ensemble.servers) {
    const leads = state === 'standalone' || (state === 'leader' && (syncedFollowers !== 0 || isAlone(ensemble)))
    if (leads) leaders.push({ server, epoch: zxid === undefined ? undefined : epochOf(zxid) })
  }
  if (leaders.length > 1 && leaders.some(({ epoch }) => epoch === undefined)) return undefined
  return leaders.sort((a, b) => (b.epoch ?? 0) - (a.epoch ?? 0))[0]
}

/** One voter, and observers behind it. */
function isAlone({ memberships }: Ensemble): boolean {
  const voters = [...memberships.values()].map(({ members }) => members.filter(({ role }) => role === 'participant'))
  return voters.length > 0 && voters.every(({ length }) => length === 1)
}
