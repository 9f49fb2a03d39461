import type { FactName } from '../model/view.ts'
import type { History } from './history.ts'

/** A cluster that is degraded for days is calm: what counts is that something changes. */
const alertMs = 60_000

/** Alert from a change until a minute after the last one. */
export function paceMode({ changedAt, sessions }: History, stirredAt: number, now: number): 'calm' | 'alert' {
  const last = Math.max(changedAt.liveness, changedAt.topology, changedAt.roster, sessions.changedAt, stirredAt)
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
  if (changed('roster')) names.add('liveness')
  // A broker that went may be running out of time, one that came has a new session, and a new leader arms all of them anew.
  if (changed('liveness') || before.sessions.changedAt !== after.sessions.changedAt) names.add('sessions')
  return names
}
