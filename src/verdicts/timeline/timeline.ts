import type { LogRecord } from '../../model/log-facts.ts'
import { type Cast, castOf } from './actors.ts'
import { type Away, awayIn } from './away.ts'
import { groupsOf } from './groups.ts'
import { between, lastUntil } from './in-time.ts'
import { leadershipIn } from './leadership.ts'
import type { Group } from './nearby.ts'
import { notesOf, warningsOf } from './notes.ts'
import { orderOf } from './order.ts'
import { phasesOf } from './phases.ts'
import { quorumGapsOf } from './quorum-gaps.ts'
import type { Scene } from './scene.ts'
import { electionMs, type Serving, servingOf } from './serving.ts'
import { howOf, scopeOf, titleOf } from './titles.ts'
import { zookeeperGapsOf } from './zookeeper-gaps.ts'
import type { Incident, Loss, QuorumGap, Statement, Timeline, ZookeeperGap } from './types.ts'

/** What happened, from log files alone: pure, and never more than their lines say. */
export function timelineOf(record: LogRecord): Timeline {
  const cast = castOf(record)
  const serving = servingOf(record, cast)
  const aways = awayIn(record, cast, serving).filter((away) => !isToolsSession(away, cast))
  const zookeeperGaps = zookeeperGapsOf(record, cast)
  const groups = groupsOf(aways, serving, zookeeperGaps)
  const gaps = quorumGapsOf(record, serving, aways)
  const leadership = leadershipIn(record.events)
  const begun = groups.map((group) => ({ at: group.from, group }))
  const gapsAt = gaps.map((gap) => ({ at: gap.from, gap }))
  const leaderlessAt = leadership.leaderless.map((gap) => ({ at: gap.from, gap }))
  const agains = againOf(groups)
  const incidents = groups.map((group, index) => {
    const ids = idsOf(group)
    const next = groups[index + 1]?.from ?? Infinity
    // Without a node to follow, all that is told is what nobody else claims.
    const until = agains[index] ?? (ids.size === 0 ? next : Infinity)
    const scene: Scene = {
      group,
      ids,
      until,
      cast,
      leadership,
      gaps: between(gapsAt, group.from, next).map(({ gap }) => gap),
      leaderless: between(leaderlessAt, group.from, until).map(({ gap }) => gap),
      events: between(record.events, group.from - 1000, Math.min(agains[index] ?? Infinity, endOf(group) + 180_000)),
      isMine: (at) => lastUntil(begun, at)?.group === group,
    }
    return incidentOf(scene, serving)
  })
  const firsts = record.files.flatMap(({ firstAt }) => firstAt ?? [])
  const lasts = record.files.flatMap(({ lastAt }) => lastAt ?? [])
  return {
    from: firsts.length === 0 ? undefined : Math.min(...firsts),
    until: lasts.length === 0 ? undefined : Math.max(...lasts),
    files: record.files,
    incidents,
    quorumGaps: gaps,
    zookeeperGaps: zookeeperGaps.filter((gap) => !isToldByServers(gap, serving, gaps)),
    leaderless: leadership.leaderless,
    warnings: warningsOf(record),
    notes: notesOf(record, cast),
  }
}

const idsOf = ({ aways }: Group): Set<number> => new Set(aways.flatMap(({ absence }) => absence.actor.id ?? []))

/**
 * Where most servers tell of themselves, what brokers saw of them is no more than that. One that was down itself tells nothing of the
 * others.
 */
function isToldByServers(
  { from, until = Infinity, tried, servers }: ZookeeperGap,
  serving: Serving,
  gaps: readonly QuorumGap[],
): boolean {
  if (serving.members.length * 2 >= (servers ?? Math.max(1, tried))) return true
  return gaps.some((gap) => gap.from <= until && (gap.until ?? Infinity) >= from)
}

/** When the next incident of the same nodes begins, of each; undefined: there is none. */
function againOf(groups: readonly Group[]): (number | undefined)[] {
  const next = new Map<number, number>()
  return groups
    .toReversed()
    .map((group) => {
      const ids = [...idsOf(group)]
      const again = Math.min(...ids.map((id) => next.get(id) ?? Infinity))
      for (const id of ids) next.set(id, group.from)
      return again === Infinity ? undefined : again
    })
    .reverse()
}

/** Of sessions nothing is heard after their end; there may be thousands. */
function endOf({ until, aways }: Group): number {
  if (until !== undefined || aways.some(({ absence }) => absence.actor.role !== 'client')) return until ?? Infinity
  return aways.reduce((latest, { absence }) => Math.max(latest, absence.until), -Infinity)
}

/** Tools and clients close sessions all day; only where no broker's log is there may a close have been a broker's. */
const isToolsSession = ({ absence }: Away, cast: Cast): boolean =>
  absence.actor.role === 'client' &&
  absence.signs.every(({ kind }) => kind === 'closed' || kind === 'gone') &&
  (absence.signs.every(({ kind }) => kind === 'gone') || cast.knowsSessions)

function incidentOf(scene: Scene, serving: Serving): Incident {
  const { group, cast } = scene
  const nodes = [...scene.ids].sort((a, b) => a - b)
  const alone = leftAlone(group, serving)
  const how = howOf(group)
  const scope = scopeOf(group)
  const phases = phasesOf(scene)
  const isFromLastLine = group.aways.every(
    ({ absence, own, from }) => from > group.from || (absence.restartOnly && own.lastLine !== undefined),
  )
  return {
    from: group.from,
    until: group.until,
    isFromLastLine,
    isHearsay:
      group.aways.length === 1 &&
      group.aways.every(({ absence, cause }) => !absence.isStrong && cause.how === 'unknown'),
    how,
    nodes,
    scope,
    title: titleOf(group, nodes, alone, cast.kraft),
    losses: group.aways.map((away) => lossOf(away, group)),
    phases,
    order: orderOf(scope, phases, cast.kraft),
    alone,
    notes: [
      ...(alone.length > 1 ? ['which of the links between them was broken, no log can tell'] : []),
      ...(isFromLastLine ? ['when it ended is not known: after the last line of its log and before its start'] : []),
    ],
  }
}

/** Members of a cut of which none found a leader: there was no side with a majority. */
function leftAlone({ aways }: Group, serving: Serving): number[] {
  const members = aways.filter(
    ({ absence, cause }) =>
      (cause.how === 'cut' || cause.how === 'silent') &&
      (absence.actor.role === 'zookeeper' || absence.actor.role === 'node'),
  )
  const ids = members.flatMap(({ absence }) => absence.actor.id ?? []).sort((a, b) => a - b)
  if (ids.length < 2 || members.every(({ cause }) => cause.how === 'silent')) return []
  const latest = Math.max(...members.map(({ from }) => from)) + 2 * electionMs
  return serving.members.some((member) => serving.serves(member, latest) === true) ? [] : ids
}

/** ZooKeeper's silence is filled from the broker of the same node. */
function lossOf({ absence, cause, from }: Away, group: Group): Loss {
  const { actor, backAt } = absence
  const sibling =
    cause.how === 'ended'
      ? group.aways.find(({ absence: other }) => other.actor.role === 'broker' && other.actor.id === actor.id)
      : undefined
  const extra: Statement[] =
    sibling !== undefined && (sibling.cause.how === 'stop' || sibling.cause.how === 'crash')
      ? [
          {
            text: `the broker of the same node ${sibling.cause.how === 'stop' ? 'was stopped' : 'died'} in the same moment, so that is likely here, too`,
            proof: [],
          },
        ]
      : []
  return { actor, how: cause.how, from, backAt, because: [...cause.because, ...extra] }
}
