import { addressText } from '../model/address.ts'
import type { Ensemble, EnsembleMember, EnsembleServer, Membership } from '../model/ensemble.ts'
import type { Znodes } from '../model/znodes.ts'

/** Who votes in a ZooKeeper ensemble, as far as that was told, and which of them are the servers given. Kept while nobody tells. */
export interface Voters {
  readonly count: number
  /** Server given, `host:port` -> its member id, where known. */
  readonly ids: ReadonlyMap<string, number>
  /** Servers given that have no vote: observers, and servers of another ensemble. */
  readonly voteless: ReadonlySet<string>
  /** Facts on which flags, `conf` and `/zookeeper/config` differ. */
  readonly mismatches: number
  readonly membership: Membership | undefined
  /** `zk_quorum_size`: how many vote, where who they are is not told. */
  readonly quorumSize: number | undefined
  /** Ids by the sessions that were made at a server: the first byte of a session's id. */
  readonly bySession: { readonly session: string | undefined; readonly ids: ReadonlyMap<string, number> }
}

export function nextVoters(before: Voters | undefined, ensemble: Ensemble, znodes: Znodes | undefined): Voters {
  const told = [...(znodes?.membership ? [znodes.membership] : []), ...ensemble.memberships.values()].filter(
    ({ members }) => members.length > 0,
  )
  const membership = newest(told) ?? before?.membership
  const quorumSize = sizeTold(ensemble) ?? before?.quorumSize
  const bySession = nextBySession(before?.bySession, znodes)
  const ids = new Map<string, number>()
  const voteless = new Set<string>()
  let strangers = 0
  for (const address of ensemble.given) {
    const server = ensemble.servers.get(address)
    const id =
      server?.id ??
      (membership && idByAddress(address, ensemble.given, membership.members)) ??
      bySession.ids.get(address) ??
      before?.ids.get(address)
    if (id !== undefined) ids.set(address, id)
    const role = membership && roleOf(id, membership)
    const isStranger = membership !== undefined && server?.id !== undefined && role === undefined
    if (isStranger) strangers++
    if (isStranger || isObserver(server?.state, role, before?.voteless.has(address) ?? false)) voteless.add(address)
  }
  const given = ensemble.given.length - voteless.size
  const count = isStandalone(ensemble) ? 1 : ((membership && participants(membership).length) ?? quorumSize ?? given)
  const others = told.filter((one) => membership !== undefined && !sameMembers(one, membership)).length
  return {
    count,
    ids,
    voteless,
    mismatches: strangers + others + Math.abs(count - given),
    membership,
    quorumSize,
    bySession,
  }
}

/** A server in standalone mode is an ensemble of its own; one that also belongs to another would be a contradiction. */
export function isStandalone({ servers }: Ensemble): boolean {
  const states = [...servers.values()].map(({ state }) => state)
  return states.includes('standalone') && !states.includes('leader') && !states.includes('follower')
}

/** What a server says of itself counts more than what is written of it; what it said last, while it says nothing. */
function isObserver(
  state: EnsembleServer['state'] | undefined,
  role: EnsembleMember['role'] | undefined,
  wasVoteless: boolean,
): boolean {
  if (state === 'observer') return true
  if (state === 'leader' || state === 'follower' || state === 'standalone') return false
  return role === undefined ? wasVoteless : role === 'observer'
}

/** undefined: unknown, or no member. */
function roleOf(id: number | undefined, { members, votersOnly }: Membership): EnsembleMember['role'] | undefined {
  if (id === undefined) return undefined
  return members.find((member) => member.id === id)?.role ?? (votersOnly === true ? 'observer' : undefined)
}

/** Of the highest version; of equal ones the first that names the observers too. */
function newest(told: readonly Membership[]): Membership | undefined {
  const rank = ({ version, votersOnly }: Membership): bigint => version ?? (votersOnly === true ? -2n : -1n)
  let best: Membership | undefined
  for (const one of told) if (best === undefined || rank(one) > rank(best)) best = one
  return best
}

function participants({ members }: Membership): readonly EnsembleMember[] {
  return members.filter(({ role }) => role === 'participant')
}

/** By ids and roles: each server may write its own host in its own way. Only voters where one of both names no others. */
function sameMembers(a: Membership, b: Membership): boolean {
  const votersOnly = a.votersOnly === true || b.votersOnly === true
  const key = (membership: Membership): string =>
    (votersOnly ? participants(membership) : membership.members)
      .map(({ id, role }) => `${id} ${role}`)
      .sort()
      .join()
  return key(a) === key(b)
}

function sizeTold({ servers }: Ensemble): number | undefined {
  for (const wanted of ['leader', 'follower'] as const) {
    for (const { state, numbers } of servers.values()) {
      const size = state === wanted ? numbers.get('quorum_size') : undefined
      if (size !== undefined && Number.isInteger(size) && size > 0) return size
    }
  }
  return undefined
}

/** Where clients reach it, or else the only one on its host. */
function idByAddress(
  address: string,
  given: readonly string[],
  members: readonly EnsembleMember[],
): number | undefined {
  const exact = members.filter((member) => clientText(member) === address.toLowerCase())
  if (exact.length === 1) return exact[0]?.id
  const host = hostOf(address)
  const onHost = members.filter((member) => member.host.toLowerCase() === host)
  return onHost.length === 1 && given.filter((one) => hostOf(one) === host).length === 1 ? onHost[0]?.id : undefined
}

function clientText({ host, client }: EnsembleMember): string | undefined {
  if (client === undefined) return undefined
  const isAny = ['', '0.0.0.0', '::', '[::]'].includes(client.host)
  return addressText({ host: isAny ? host : client.host, port: client.port }).toLowerCase()
}

function hostOf(address: string): string {
  return address
    .slice(0, address.lastIndexOf(':'))
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
}

/** A session keeps its id when it moves, so only where it was first seen counts. */
function nextBySession(before: Voters['bySession'] | undefined, znodes: Znodes | undefined): Voters['bySession'] {
  const known = before ?? { session: undefined, ids: new Map<string, number>() }
  if (znodes === undefined || znodes.session.id === known.session) return known
  const { session, server } = znodes
  const id = idOfSession(session.id)
  return { session: session.id, ids: id === undefined ? known.ids : new Map([...known.ids, [server, id]]) }
}

function idOfSession(session: string): number | undefined {
  return /^0x[0-9a-f]{1,16}$/i.test(session) ? Number(BigInt(session) >> 56n) : undefined
}
