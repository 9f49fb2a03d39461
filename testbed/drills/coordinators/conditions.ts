/** Conditions on the coordinators' own words and on the units' states. */
import type { Condition } from '../moment.ts'
import { quorumsOf } from './quorums.ts'

/** Everybody who still answers says that it serves nobody. */
export const quorumLost: Condition = {
  name: 'no server of the ensemble serves any more',
  holds: ({ truth }) => quorumsOf(truth).some(({ available }) => available === false),
}

/** With a leader that says so itself. */
export function serving(voters: number): Condition {
  return {
    name: `${voters} voters serve, by their own words`,
    holds: ({ truth }) =>
      quorumsOf(truth).every(
        ({ available, serving: { from, to } }) => available === true && from === voters && to === voters,
      ),
  }
}

/** The registration is gone from the leader's own list. */
export function sessionGone(broker: number): Condition {
  return {
    name: `ZooKeeper has no session of broker ${broker}`,
    holds: ({ truth: { ensemble } }) => {
      // Whose words are refused cannot tell: there the stage asks ZooKeeper's own shell.
      if (ensemble?.whitelist === 'default') return true
      return ensemble?.dumpedAt !== undefined && !ensemble.held.has(broker)
    },
  }
}

/** Every broker's registration hangs on a session whose connection a server carries. */
export const sessionsSettled: Condition = {
  name: 'every broker has a session, and a server carries it',
  holds: ({ truth: { addresses, ensemble } }) => {
    // Whose words are refused cannot tell.
    if (ensemble?.dumpedAt === undefined) return ensemble?.said.size === ensemble?.addresses.size
    const { held, connections } = ensemble
    return [...addresses.keys()].every((broker) => connections.has(held.get(broker)?.session ?? ''))
  },
}
