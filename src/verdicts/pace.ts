import type { FactName } from '../model/view.ts'
import type { History } from './history.ts'

/** A cluster that is degraded for days is calm: what counts is that something changes. */
const alertMs = 60_000

/** Alert from a change until a minute after the last one. */
export function paceMode({ changedAt, sessions }: History, stirredAt: number, now: number): 'calm' | 'alert' {
  const { liveness, topology, roster, quorum } = changedAt
  const last = Math.max(liveness, topology, roster, quorum, sessions.changedAt, stirredAt)
  return now - last < alertMs ? 'alert' : 'calm'
}

/** The sources that should look at once because of what changed between two states. */
export function wakes(before: History, after: History): ReadonlySet<FactName> {
  const changed = (kind: keyof History['changedAt']): boolean => before.changedAt[kind] !== after.changedAt[kind]
  const names = new Set<FactName>()
  // A broker that went, came or tells another story: Kafka's leaders are about to move, or have.
  if (changed('liveness')) names.add('topology').add('offsets')
  if (changed('topology')) names.add('offsets')
  // New topics have settings, new replicas may come of a reassignment, and who answers now may be asked for both.
  if (changed('liveness') || changed('topology')) names.add('reassignments').add('configs')
  // What is leaderless now may have eligible replicas.
  if (changed('topology')) names.add('elr')
  if (changed('roster')) names.add('liveness')
  // With a broker its node may be gone, or its session about to end; in combined mode it was a controller, too.
  if (changed('liveness')) names.add('zookeeper').add('sessions').add('znodes').add('quorum')
  // A leader change re-arms sessions; a quorum that is back elects, and can be asked for settings again.
  if (changed('quorum')) names.add('sessions').add('znodes').add('topology').add('configs')
  // A broker has a new session, or lost its own: leaders are about to move.
  if (before.sessions.changedAt !== after.sessions.changedAt) names.add('sessions').add('topology')
  return names
}
