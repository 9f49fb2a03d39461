import type { Away } from './away.ts'
import { type Group, Nearby } from './nearby.ts'
import { electionMs, type Serving } from './serving.ts'
import { timedOut } from './signs.ts'
import type { How, ZookeeperGap } from './types.ts'

/** The processes of one node die within this of one another; a broker that is stopped says so at once. */
const sameDeathMs = 5000
/** A cut is noticed by time-outs, of ZooKeeper's servers first, of a broker's session last. */
const sameCutMs = 60_000
/** Several nodes that are cut off by one broken link are noticed by the same time-out. */
const oneLinkMs = 3000
/** A session expires a tick or two after its timeout. */
const expiryMs = 6000

/** Shorter than this, and by fewer lines, another broker may just not have been reached. */
const longTryMs = 10_000
const leastTries = 2

const isCut = (how: How): boolean => how === 'cut' || how === 'silent'

export function groupsOf(
  aways: readonly Away[],
  serving: Serving,
  withoutServers: readonly ZookeeperGap[] = [],
): Group[] {
  const groups = new Nearby()
  const weak: Away[] = []
  const sessions: Away[] = []
  for (const away of [...aways].sort((a, b) => a.from - b.from)) {
    if (away.absence.actor.role === 'client') sessions.push(away)
    else if (!away.absence.isStrong && !lostItsQuorum(away, serving)) weak.push(away)
    else place(away, groups)
  }
  // Connections that failed say nothing by themselves; at a node that was cut off they show that its broker was, too.
  for (const away of weak) {
    const group = groups
      .near(away.from - sameCutMs, away.from + sameCutMs)
      .find(
        (group) => isCut(away.cause.how) && group.aways.some(({ cause }) => isCut(cause.how)) && belongs(away, group),
      )
    if (group !== undefined) add(away, group, groups)
    else if (lostItsEnsemble(away, serving)) place(away, groups)
    // Not with what else was lost then: that it could not be reached is all that is known of it.
    else if (foundGone(away) || notReached(away, withoutServers))
      groups.push({ aways: [away], from: away.from, until: away.absence.backAt })
  }
  // A night may have a hundred thousand of them: whose group has a broker is looked up once.
  const withBroker = new Set(
    groups.all.filter(({ aways }) => aways.some(({ absence }) => absence.actor.role === 'broker')),
  )
  for (const away of sessions) attach(away, groups, withBroker)
  return groups.all.sort((a, b) => a.from - b.from)
}

/** A member of the KRaft quorum that others missed and that found no leader. */
const lostItsQuorum = ({ absence, own, cause, from }: Away, serving: Serving): boolean =>
  absence.actor.role === 'node' &&
  absence.actor.id !== undefined &&
  cause.how === 'cut' &&
  serving.serves(absence.actor.id, from + electionMs) === false &&
  (absence.signs.some(({ by, at }) => by !== absence.actor.id && at <= (absence.backAt ?? Infinity)) ||
    (serving.isAllWeKnow(absence.actor.id, from) &&
      own.meanwhile.some(({ fields, text }) => timedOut(fields.reason ?? '') || timedOut(text))))

/** By the controller's word alone: it took the broker's replicas for gone, and later saw the broker come. */
export const foundGone = ({ absence: { actor, signs, backAt }, own }: Away): boolean =>
  actor.role === 'broker' &&
  own.course === 'missing' &&
  signs.some(({ kind }) => kind === 'offline') &&
  signs.some(({ kind, at, event }) => kind === 'back' && at === backAt && event.event === 'kafka_broker_started')

/** By the word of another broker that tried in vain for long, and had ZooKeeper meanwhile: it was not that one that was cut off. */
function notReached({ absence: { actor, signs, from, backAt }, own }: Away, gaps: readonly ZookeeperGap[]): boolean {
  if (actor.role !== 'broker' || own.course !== 'missing') return false
  const tries = signs.filter(({ kind, at }) => kind === 'missed' && at <= (backAt ?? Infinity))
  const last = tries.reduce((latest, { event }) => Math.max(latest, event.lastAt), 0)
  // The same line again is kept as one.
  const count = tries.reduce((sum, { event }) => sum + 1 + event.repeats, 0)
  const isCut = gaps.some(
    (gap) =>
      gap.from <= last && (gap.until ?? Infinity) >= from && tries.some(({ by }) => gap.brokers.includes(by ?? -1)),
  )
  return count >= leastTries && last - from >= longTryMs && !isCut
}

/** A broker that could not reach ZooKeeper over the network, where no ZooKeeper log tells the other side. */
const lostItsEnsemble = ({ absence, own, cause }: Away, serving: Serving): boolean =>
  absence.actor.role === 'broker' &&
  cause.how === 'cut' &&
  serving.members.every((member) => member < 0) &&
  absence.signs.some(({ kind }) => kind === 'alone') &&
  own.meanwhile.some(({ fields }) => timedOut(fields.reason ?? ''))

function place(away: Away, groups: Nearby): void {
  const group = groups.near(away.from - sameCutMs, away.from + sameCutMs).find((group) => belongs(away, group))
  if (group === undefined) groups.push({ aways: [away], from: away.from, until: away.absence.backAt })
  else add(away, group, groups)
}

function add(away: Away, group: Group, groups: Nearby): void {
  const { backAt } = away.absence
  group.until = group.until === undefined || backAt === undefined ? undefined : Math.max(group.until, backAt)
  if (away.from < group.from) groups.moveTo(away.from, group)
  group.aways.push(away)
}

function belongs(away: Away, group: Group): boolean {
  const { actor } = away.absence
  if (group.aways.some(({ absence }) => absence.actor.role === actor.role && absence.actor.id === actor.id))
    return false
  const apart = Math.abs(away.from - group.from)
  const bothCut = isCut(away.cause.how) && group.aways.some(({ cause }) => isCut(cause.how))
  const sameNode = actor.id !== undefined && group.aways.some(({ absence }) => absence.actor.id === actor.id)
  if (sameNode) return bothCut ? apart <= sameCutMs && away.from < (group.until ?? Infinity) : apart <= sameDeathMs
  return bothCut && actor.role !== 'broker' && apart <= oneLinkMs
}

/** Sessions whose holder no log tells: with the loss in whose time they expired, else for themselves. */
function attach(away: Away, groups: Nearby, withBroker: ReadonlySet<Group>): void {
  const timeoutMs = Math.max(0, ...away.absence.signs.map(({ event }) => event.fields.durationMs ?? 0))
  const earliest = away.from - timeoutMs - expiryMs
  const group = groups
    .near(earliest, away.from)
    .findLast((group) => group.from <= away.from && group.from >= earliest && !withBroker.has(group))
  if (group === undefined) groups.push({ aways: [away], from: away.from, until: undefined })
  else group.aways.push(away)
}
