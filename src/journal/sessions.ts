import type { Entry } from './entry.ts'
import type { State } from '../store.ts'

/** Sessions that end, and those that are about to. */
export class SessionJournal {
  /** Broker -> the session of which it was told that it runs out. */
  readonly #told = new Map<number, string>()

  entries(before: State, after: State): readonly Entry[] {
    return [...endEntries(before, after), ...this.#runningOut(after)]
  }

  #runningOut({ judgement: { sessions } }: State): readonly Entry[] {
    for (const [broker, session] of this.#told) {
      const shown = sessions.get(broker)
      if (shown?.session !== session || !shown.isRunningOut) this.#told.delete(broker)
    }
    return [...sessions].flatMap(([broker, { session, isRunningOut, expiry }]): Entry[] => {
      if (!isRunningOut || expiry === undefined || this.#told.has(broker)) return []
      this.#told.set(broker, session)
      const fields = { broker, session, ends_at: dateText(expiry.at), basis: expiry.basis }
      return [{ level: 'warn', message: 'nobody keeps the session of this broker alive', fields }]
    })
  }
}

function endEntries({ history: was }: State, { history: is }: State): readonly Entry[] {
  const { newest } = is.sessions.ends
  if (newest === was.sessions.ends.newest) return []
  const known = new Set(was.sessions.ends.newest)
  return newest
    .filter((end) => !known.has(end))
    .map(({ broker, session, kind, at, announced }) => ({
      level: kind === 'expired' ? ('warn' as const) : ('info' as const),
      message: `session of this broker ${kind}`,
      fields: {
        broker,
        session,
        ended_at: dateText(at.wall),
        ...(announced && { announced_for: dateText(announced.expiresAt) }),
      },
    }))
}

/** A clock that was far off may have announced a time that is no date. */
function dateText(wallMs: number): string {
  const date = new Date(wallMs)
  return Number.isNaN(date.getTime()) ? 'unknown' : date.toISOString()
}
