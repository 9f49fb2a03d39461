import type { Absence } from './absences.ts'
import { actorName, proofOf } from './actors.ts'
import type { OwnLog } from './own-log.ts'
import { type Sign, type SignKind, timedOut } from './signs.ts'
import type { How, Statement } from './types.ts'

export interface Cause {
  readonly how: How
  readonly because: readonly Statement[]
}

const mostProofs = 3
const atOnceMs = 1000

/** How an actor came to be away. The first row that applies is taken; each says by which lines. */
export function causeOf(absence: Absence, own: OwnLog): Cause {
  for (const row of rows) {
    const cause = row(absence, own)
    if (cause !== undefined) return cause
  }
  return { how: 'unknown', because: [say('no line tells how', absence.signs.slice(0, 1))] }
}

const say = (text: string, signs: readonly Sign[]): Statement => ({
  text,
  proof: signs.slice(0, mostProofs).map(({ event }) => proofOf(event)),
})

const untilBack = ({ signs, backAt = Infinity }: Absence): readonly Sign[] => signs.filter(({ at }) => at <= backAt)

const ofKind = (absence: Absence, ...kinds: SignKind[]): readonly Sign[] =>
  untilBack(absence).filter(({ kind }) => kinds.includes(kind))

/** Sockets that were closed as it was lost: one that is closed later, as by whoever starts meanwhile, tells nothing of its end. */
const closedAtOnce = (absence: Absence): readonly Sign[] =>
  ofKind(absence, 'gone').filter(({ at }) => at <= absence.from + atOnceMs)

/** Who is stopped so long after it was lost was lost for another reason. */
const alreadyAwayMs = 8000

type Row = (absence: Absence, own: OwnLog) => Cause | undefined

const stoppedItself: Row = (absence) => {
  const asked = ofKind(absence, 'signal', 'stopping')
  const fatal = ofKind(absence, 'fatal')
  if (asked.length === 0 || asked.every(({ at }) => at > absence.from + alreadyAwayMs)) return undefined
  const who = actorName(absence.actor)
  if (fatal.length > 0) return { how: 'crash', because: [say(`${who} says why it could not go on`, fatal)] }
  const because = [say(`${who} writes that it was asked to stop`, asked)]
  const done = ofKind(absence, 'stopped')
  because.push(
    done.length > 0
      ? say('and that it shut down completely', done)
      : say('no line says that it came to the end of its shutdown', []),
  )
  return { how: 'stop', because }
}

const endedInItsLog: Row = (absence, { course, lastLine, start, meanwhile }) => {
  if (course !== 'restarts' && course !== 'ends') return undefined
  // A process that complained of its peers in between was alive.
  if (course === 'restarts' && meanwhile.some(({ at }) => at > absence.from + 1500)) return undefined
  const who = actorName(absence.actor)
  const isServer = absence.actor.role === 'zookeeper'
  const because: Statement[] = [
    {
      text:
        course === 'ends'
          ? `${who}'s log ends there, without a word of a shutdown`
          : `${who} starts anew, and its log has no word of a shutdown before`,
      proof: [...(lastLine === undefined ? [] : [lastLine]), ...(start === undefined ? [] : [proofOf(start)])],
    },
  ]
  const closed = closedAtOnce(absence)
  if (closed.length > 0) because.push(say('its connections were closed at once', closed))
  return { how: isServer ? 'ended' : 'crash', because }
}

const ranOn: Row = (absence, { course, meanwhile }) => {
  if (course === 'missing' || course === 'ends') return undefined
  if (meanwhile.length === 0 && absence.signs.every(({ kind }) => kind !== 'alone')) return undefined
  if (ofKind(absence, 'leaving').length > 0) return undefined
  const who = actorName(absence.actor)
  const because: Statement[] = []
  if (meanwhile.length > 0) {
    because.push({
      text: `${who} ran on: its own log tells of others that it could not reach`,
      proof: meanwhile.slice(0, mostProofs).map(proofOf),
    })
  } else because.push(say(`${who} ran on, without its leader`, ofKind(absence, 'alone')))
  const mute = untilBack(absence).filter(
    ({ kind, event, by }) =>
      by !== absence.actor.id && (kind === 'mute' || (kind !== 'alone' && timedOut(event.fields.reason ?? ''))),
  )
  if (mute.length > 0) because.push(say('it did not answer; its connections were not closed', mute))
  return { how: 'cut', because }
}

/** From here on without the actor's own log. */
const askedToLeave: Row = (absence) => {
  const leaving = ofKind(absence, 'leaving')
  if (leaving.length === 0) return undefined
  return { how: 'stop', because: [say(`the controller was asked to let ${actorName(absence.actor)} go`, leaving)] }
}

const closedItsSession: Row = (absence) => {
  const closed = ofKind(absence, 'closed')
  if (closed.length === 0 || ofKind(absence, 'expired').length > 0) return undefined
  return { how: 'stop', because: [say('its session was closed, and had not expired', closed)] }
}

const socketsClosed: Row = (absence) => {
  const closed = closedAtOnce(absence)
  const [first] = closed
  // A time-out closes connections, too, but later: only what was closed before anyone waited in vain was closed by its end.
  if (first === undefined || ofKind(absence, 'mute').some(({ at }) => at <= first.at)) return undefined
  const isServer = absence.actor.role === 'zookeeper'
  if (!isServer && ofKind(absence, 'expired', 'fenced', 'removed').length === 0) return undefined
  const because = [say('its connections were closed at once, as by the end of its process', closed)]
  const expired = ofKind(absence, 'expired', 'fenced')
  if (expired.length > 0) because.push(say('and it never took its leave', expired))
  return { how: isServer ? 'ended' : 'crash', because }
}

const didNotAnswer: Row = (absence) => {
  const mute = untilBack(absence).filter(({ kind, event }) => kind === 'mute' || timedOut(event.fields.reason ?? ''))
  if (mute.length === 0) return undefined
  return {
    how: 'silent',
    because: [say('it did not answer, but its connections were not closed: cut off, or frozen', mute)],
  }
}

const refused: Row = (absence) => {
  const signs = ofKind(absence, 'refused')
  if (signs.length === 0) return undefined
  const isServer = absence.actor.role === 'zookeeper'
  return {
    how: isServer ? 'ended' : 'unknown',
    because: [say('its machine answers, and nothing listens at its port: it is not running', signs)],
  }
}

const removedUnasked: Row = (absence) => {
  const removed = ofKind(absence, 'removed', 'expired', 'fenced')
  if (removed.length === 0) return undefined
  const text =
    absence.actor.role === 'client'
      ? `session ${absence.actor.name} expired without having been closed: its holder, whom no log tells, died or was cut off`
      : 'it was given up without having asked for a shutdown: it died or was cut off'
  return { how: 'unknown', because: [say(text, removed)] }
}

const rows: readonly Row[] = [
  stoppedItself,
  endedInItsLog,
  ranOn,
  askedToLeave,
  closedItsSession,
  socketsClosed,
  didNotAnswer,
  refused,
  removedUnasked,
]
