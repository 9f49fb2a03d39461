import { setImmediate as nextTurn } from 'node:timers/promises'

let last: Promise<unknown> = Promise.resolve()

/**
 * Does a piece of work that takes long in a turn of the event loop of its own: several big replies that have arrived
 * together do not keep everything else waiting for all of them. What throws, rejects.
 */
export function inItsOwnTurn<T>(work: () => T): Promise<T> {
  const turn = last.then(() => nextTurn()).then(work)
  last = turn.catch(() => undefined)
  return turn
}
