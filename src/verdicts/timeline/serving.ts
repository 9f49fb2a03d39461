import type { KeptEvent, LogRecord } from '../../model/log-facts.ts'
import type { Cast } from './actors.ts'
import { after, lastUntil } from './in-time.ts'

/** How long an election may take before a member without a leader counts as left alone. */
export const electionMs = 6000

interface Stretch {
  readonly at: number
  /** Leading or following; false: it looks for a leader, undefined: it was started and says nothing yet. */
  readonly serves: boolean | undefined
  readonly leader: number | undefined
  readonly event: KeptEvent
}

/** What the members of an ensemble or of a KRaft quorum say of their own state. */
export interface Serving {
  /** A log of which nobody knows whose it is stands for a member with a negative id. */
  readonly members: readonly number[]
  /** Undefined: its own log does not tell. */
  serves(member: number, at: number): boolean | undefined
  /** The newest leader that any member named up to then. */
  leader(at: number): number | undefined
  /** The member has no leader long after `at`, while another has one: it is the one that is left alone. */
  isolated(member: number, at: number): boolean
  /** It has no leader long after `at`, and no other member's log is there. */
  isAllWeKnow(member: number, at: number): boolean
  /** With this line the member got a leader, or became it. */
  entered(event: KeptEvent): boolean
  stretches(member: number): readonly Stretch[]
}

/**
 * It has a leader at that time, chosen after `since`: who has lost its leader must have elected another. Its log does not end
 * there: the next thing that it says of itself is not that it starts.
 */
function goesOn(stretches: readonly Stretch[], at: number, since: number): boolean {
  const index = after(stretches, at) - 1
  const current = stretches[index]
  const next = stretches[index + 1]
  return current?.serves === true && current.at >= since && !(next !== undefined && next.serves === undefined)
}

/** From Kafka 4.0 a KRaft member whose election failed follows its old leader again, dead or not, until that times out. */
const vainFollowingMs = 5000

function forgetVainReturns(stretches: Stretch[]): void {
  stretches.forEach((stretch, index) => {
    const next = stretches[index + 1]
    if (stretch.serves !== true || stretch.event.event !== 'kraft_raft_follower' || next?.serves !== false) return
    if (stretches[index - 1]?.serves === false && next.at - stretch.at < vainFollowingMs) {
      stretches[index] = { ...stretch, serves: false }
    }
  })
}

/** The state that a line puts its writer into. */
const states: Readonly<Record<string, boolean | undefined>> = {
  zk_looking: false,
  zk_reset_looking: false,
  zk_leader_shutdown: false,
  zk_leader_stopped: false,
  zk_following: true,
  zk_leading: true,
  zk_observing: true,
  zk_quorum_formed: true,
  zk_started: undefined,
  kafka_starting: undefined,
  kraft_controller_starting: undefined,
  kraft_raft_leader: true,
  kraft_raft_follower: true,
  kraft_raft_candidate: false,
  kraft_raft_prospective: false,
  kraft_raft_unattached: false,
  kraft_raft_voted: false,
  kraft_raft_resigned: false,
  kraft_leader_no_quorum: false,
}
export const statesTold: readonly string[] = Object.keys(states)
const leading = new Set(['zk_leading', 'zk_quorum_formed', 'kraft_raft_leader'])

export function servingOf(record: LogRecord, cast: Cast): Serving {
  const members = new Map<number, Stretch[]>()
  const files = record.files.map(({ file }) => file)
  const nameless = (file: string): number => -1 - files.indexOf(file)
  const leaders: { at: number; leader: number }[] = []
  // With ZooKeeper its servers are the members, with KRaft its nodes.
  for (const event of record.events) {
    if (!Object.hasOwn(states, event.event) || (event.component === 'zookeeper') === cast.kraft) continue
    const serves = states[event.event]
    const self = cast.writer(event) ?? nameless(event.file)
    const leads = leading.has(event.event)
    const leader = leads ? self : event.fields.leader
    const stretches = members.get(self) ?? []
    members.set(self, stretches)
    stretches.push({ at: event.at, serves, leader, event })
    if (serves === true && leader !== undefined && leader >= 0) leaders.push({ at: event.at, leader })
  }
  const entries = new Set<KeptEvent>()
  for (const stretches of members.values()) {
    forgetVainReturns(stretches)
    for (const { serves: does, event } of stretches) if (does === true) entries.add(event)
  }
  const serves = (member: number, at: number): boolean | undefined => lastUntil(members.get(member) ?? [], at)?.serves
  const leader = (at: number): number | undefined => leaders[after(leaders, at - 1) - 1]?.leader
  return {
    members: [...members.keys()].sort((a, b) => a - b),
    serves,
    leader,
    isolated(member, at) {
      const others = [...members.keys()].filter((other) => other !== member)
      const led = leader(at) === member
      const leftAlone = (when: number): boolean =>
        serves(member, when) === false && others.some((other) => goesOn(members.get(other) ?? [], when, led ? at : 0))
      // Since before: at the very moment of a leader's death the others still believe in it.
      return leftAlone(at + electionMs) || (leftAlone(at) && leftAlone(at - electionMs / 2))
    },
    isAllWeKnow: (member, at) => members.size === 1 && serves(member, at + electionMs) === false,
    entered: (event) => entries.has(event),
    stretches: (member) => members.get(member) ?? [],
  }
}
