import type { Ensemble } from '../model/ensemble.ts'
import { leadingServer } from '../model/leading.ts'

/** The newest time in which servers said that nobody leads, `mono` ms; `to` is undefined while it lasts. */
export interface Unled {
  readonly from: number
  readonly to: number | undefined
}

/** Who woke from a pause leads for a tick or two before it has expired, or armed anew, what it remembers. */
const soonMs = 5_000

export function nextUnled(before: Unled | undefined, ensemble: Ensemble, at: number): Unled | undefined {
  const isOver = before === undefined || before.to !== undefined
  const isLed = told(ensemble)
  if (isLed === true) return isOver ? before : { from: before.from, to: at }
  return isLed === false && isOver ? { from: at, to: undefined } : before
}

/** Servers out of this exporter's reach may lead and follow all the while, so that their silence says neither. */
function told(ensemble: Ensemble): boolean | undefined {
  const states = [...ensemble.servers.values()].map(({ state }) => state)
  if (leadingServer(ensemble) !== undefined || states.some((state) => state === 'follower' || state === 'observer'))
    return true
  return states.includes('not_serving') ? false : undefined
}

/** For how long nobody had led when something happened, ms; 0 where somebody has led for a while by then. */
export function unledMs(unled: Unled | undefined, mono: number): number {
  if (unled === undefined || (unled.to !== undefined && mono - unled.to > soonMs)) return 0
  return Math.max(0, Math.min(mono, unled.to ?? mono) - unled.from)
}
