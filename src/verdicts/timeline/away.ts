import type { LogRecord } from '../../model/log-facts.ts'
import { type Absence, absencesOf } from './absences.ts'
import type { Cast } from './actors.ts'
import { type Cause, causeOf } from './cause.ts'
import { between } from './in-time.ts'
import { type OwnLog, ownLogOf, ownLogsOf } from './own-log.ts'
import type { Serving } from './serving.ts'
import { signsIn } from './signs.ts'

/** A process writes some lines before the one that says it has started. */
const startupMs = 5000
const firstStartMs = 15_000
/** An address that lost its server in the same moment as an id is that id's. */
const sameMomentMs = 1000

/** An absence with its cause. */
export interface Away {
  readonly absence: Absence
  readonly own: OwnLog
  readonly cause: Cause
  readonly from: number
}

export function awayIn(record: LogRecord, cast: Cast, serving: Serving): Away[] {
  const signs = signsIn(record.events, cast, serving)
  const absences = absencesOf(signs).filter((absence) => !wasNotThereYet(absence, cast))
  const logs = ownLogsOf(record)
  return named(absences).map((absence) => {
    const own = ownLogOf(absence, logs, cast)
    const cause = causeOf(absence, own)
    return { absence, own, cause, from: Math.min(absence.from, earlier(absence, own, cause) ?? Infinity) }
  })
}

/** What its own log knows before the others: what it could not reach, or its last word before a start out of the blue. */
function earlier(absence: Absence, own: OwnLog, cause: Cause): number | undefined {
  if (cause.how === 'cut') return own.meanwhile[0]?.at
  return absence.restartOnly ? own.lastLine?.at : undefined
}

/** At the start of a cluster the first ones complain of those that come later. */
function wasNotThereYet({ actor, from, backAt, isStrong, signs }: Absence, cast: Cast): boolean {
  if (backAt === undefined || backAt - from > firstStartMs) return false
  if (actor.role !== 'zookeeper' && isStrong && !signs.some(({ kind }) => kind === 'starting')) return false
  const firsts = cast.ownFiles(actor).map(({ firstAt }) => firstAt ?? Infinity)
  return firsts.length > 0 && Math.min(...firsts) > from - startupMs
}

/** What is known by address only goes to the one known by id that was lost in the same moment, if it is one. */
function named(absences: readonly Absence[]): Absence[] {
  const isNameless = ({ actor }: Absence): boolean => actor.role === 'zookeeper' && actor.id === undefined
  if (!absences.some(isNameless)) return [...absences]
  const known = absences
    .filter((absence) => absence.actor.role === 'zookeeper' && !isNameless(absence))
    .map((absence) => ({ at: absence.from, absence }))
  const moved = new Map<Absence, Absence[]>()
  const stay: Absence[] = []
  for (const absence of absences) {
    const same = between(known, absence.from - sameMomentMs, absence.from + sameMomentMs)
    const owner = same[0]?.absence
    if (!isNameless(absence) || owner === undefined) stay.push(absence)
    else if (same.length === 1) moved.set(owner, [...(moved.get(owner) ?? []), absence])
  }
  return stay.map((absence) => {
    const signs = (moved.get(absence) ?? []).flatMap((other) => other.signs)
    if (signs.length === 0) return absence
    const all = [...absence.signs, ...signs.map((sign) => ({ ...sign, actor: absence.actor }))]
    return { ...absence, from: Math.min(...all.map(({ at }) => at)), signs: all.sort((a, b) => a.at - b.at) }
  })
}
