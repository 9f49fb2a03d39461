import type { KeptEvent } from '../../model/log-facts.ts'
import { type Cast, hostOf, zookeeper } from './actors.ts'
import type { Serving } from './serving.ts'
import type { Actor } from './types.ts'

/**
 * What a line says of an actor. The actor's own: `signal`, `stopping`, `stopped`, `starting`, `started`, `registered`, `fatal`, `alone`.
 * Others': `gone` (its socket closed), `mute` (it does not answer), `missed` (one of the two), `refused` (nothing listens there), `leaving` (it asked to be
 * shut down), `expired`, `closed`, `fenced`, `removed`, `offline` (the controller takes its replicas for gone), `back`. `session`: it has one with ZooKeeper, its
 * old or a new one. `serving`: it leads or follows.
 */
export type SignKind =
  | 'signal'
  | 'stopping'
  | 'stopped'
  | 'started'
  | 'registered'
  | 'session'
  | 'serving'
  | 'starting'
  | 'fatal'
  | 'alone'
  | 'gone'
  | 'mute'
  | 'missed'
  | 'refused'
  | 'leaving'
  | 'expired'
  | 'closed'
  | 'fenced'
  | 'removed'
  | 'offline'
  | 'back'

export interface Sign {
  readonly actor: Actor
  readonly kind: SignKind
  readonly at: number
  readonly event: KeptEvent
  /** Who wrote the line. */
  readonly by: number | undefined
}

const sameBreathMs = 100

export const timedOut = (reason: string): boolean => /timed? ?out|no route|unreachable/i.test(reason)
/** We closed the connection ourselves. */
const ownDoing = (reason: string): boolean => /client was shutdown|interrupted/i.test(reason)

type Reading = (
  event: KeptEvent,
  who: {
    readonly self: number | undefined
    readonly cast: Cast
    readonly serving: Serving
    /** Why the leader just gave up one of its learners. */
    readonly why: string | undefined
  },
) => readonly (readonly [Actor | undefined, SignKind])[]

const own =
  (kind: SignKind): Reading =>
  (_event, { self, cast }) => [[self === undefined ? undefined : cast.kafka(self), kind]]
const ownServer =
  (kind: SignKind): Reading =>
  (_event, { self }) => [[self === undefined ? undefined : zookeeper(self), kind]]
const peer =
  (kind: SignKind): Reading =>
  ({ fields }, { cast }) => [[fields.peer === undefined ? undefined : cast.kafka(fields.peer), kind]]
const peerServer =
  (kind: SignKind): Reading =>
  ({ fields }) => [[fields.peer === undefined ? undefined : zookeeper(fields.peer), kind]]
const held =
  (kind: SignKind): Reading =>
  ({ fields: { session } }, { cast }) => [[isReal(session) ? cast.holder(session) : undefined, kind]]

const serverServes: Reading = (event, { self, serving }) => [
  [self !== undefined && serving.entered(event) ? zookeeper(self) : undefined, 'serving'],
]
const nodeServes: Reading = (event, { self, cast, serving }) => [
  [self !== undefined && serving.entered(event) ? cast.kafka(self) : undefined, 'serving'],
]

/** The network's errors: one that is refused or reset was answered. */
const lostByNetwork: Reading = (event, who) => (timedOut(event.fields.reason ?? '') ? own('alone')(event, who) : [])

/** Whoever comes into an ISR fetches from its leader. */
const joinedIsr: Reading = ({ fields: { isr = [], isrBefore = isr } }, { cast }) =>
  isr.filter((id) => !isrBefore.includes(id)).map((id) => [cast.kafka(id), 'back'] as const)

const isReal = (session: string | undefined): session is string => session !== undefined && !/^0x0*$/.test(session)

const readings: Readonly<Record<string, Reading>> = {
  kafka_signal: own('signal'),
  kafka_shutting_down: own('stopping'),
  kafka_controlled_shutdown_begin: own('stopping'),
  kafka_stopped: own('stopped'),
  kafka_starting: own('starting'),
  kraft_controller_starting: own('starting'),
  kafka_started: own('started'),
  kafka_fatal: own('fatal'),
  kafka_oom: own('fatal'),
  kafka_broker_registered: own('registered'),
  kafka_fetch_session_error: ({ fields: { peer: id, reason = '' } }, { cast }) => [
    [id === undefined || ownDoing(reason) ? undefined : cast.kafka(id), 'missed'],
  ],
  kafka_peer_unreachable: peer('missed'),
  kafka_peer_timed_out: peer('mute'),
  kafka_peer_disconnected: peer('gone'),
  kafka_controlled_shutdown_req: peer('leaving'),
  kafka_broker_failed: peer('removed'),
  kafka_broker_started: peer('back'),
  kafka_replica_removed_from_isr: peer('offline'),
  kafka_partition_abandoned: peer('offline'),
  kafka_isr_expand: joinedIsr,
  kraft_broker_fenced: peer('fenced'),
  kraft_broker_unfenced: peer('back'),
  kraft_controlled_shutdown_granted: peer('leaving'),
  kraft_controlled_shutdown_done: peer('leaving'),
  kraft_leader_no_quorum: own('alone'),
  kraft_heartbeat_lost: own('alone'),
  kraft_fetch_timeout: ({ at, fields: { peer: id } }, { cast, serving }) => {
    const leader = id ?? serving.leader(at)
    return [[leader === undefined ? undefined : cast.kafka(leader), 'missed']]
  },
  zkc_session_established: own('session'),
  zkc_session_timed_out: own('alone'),
  zkc_socket_error: lostByNetwork,
  zkc_reconnect: lostByNetwork,
  zkc_session_closed: held('closed'),
  zkc_session_expired: (event, who) => (isReal(event.fields.session) ? held : own)('expired')(event, who),
  zk_session_expired: held('expired'),
  zk_session_close_submitted: held('closed'),
  zk_cnxn_eof: held('gone'),
  zk_started: ownServer('starting'),
  zk_following: serverServes,
  zk_leading: serverServes,
  kraft_raft_follower: nodeServes,
  kraft_raft_leader: nodeServes,
  zk_learner_sync: peerServer('back'),
  zk_sendworker_left: peerServer('gone'),
  zk_recvworker_interrupts: peerServer('gone'),
  zk_peer_unreachable: ({ fields: { peer: id, reason = '' } }) => [
    [
      id === undefined ? undefined : zookeeper(id),
      timedOut(reason) ? 'mute' : /refused/i.test(reason) ? 'refused' : 'missed',
    ],
  ],
  // The line before it says why.
  zk_learner_goodbye: ({ fields: { peer: id, address = '' } }, { cast, why }) => {
    const kind = why === undefined ? 'missed' : timedOut(why) ? 'mute' : 'gone'
    const server = id ?? cast.serverAt(address)
    if (server !== undefined) return [[zookeeper(server), kind]]
    return [[address === '' ? undefined : { role: 'zookeeper', id: undefined, name: hostOf(address) }, kind]]
  },
  // Who lost its leader lost it, unless it alone has none afterwards: then it is the one that is away.
  zk_follower_lost_leader: ({ at, fields: { reason = '' } }, { self, serving }) => {
    if (self !== undefined && (serving.isolated(self, at) || (timedOut(reason) && serving.isAllWeKnow(self, at)))) {
      return [[zookeeper(self), 'alone']]
    }
    const leader = serving.leader(at)
    return [
      [leader === undefined || leader === self ? undefined : zookeeper(leader), timedOut(reason) ? 'mute' : 'gone'],
    ]
  },
}

export const signsTell: readonly string[] = [...Object.keys(readings), 'zk_learner_handler_error']

/** Every line that says something of an actor, in order of time. What a member says that is itself cut off is left out. */
export function signsIn(events: readonly KeptEvent[], cast: Cast, serving: Serving): Sign[] {
  const signs: Sign[] = []
  const whys = new Map<string, { readonly at: number; readonly reason: string }>()
  for (const event of events) {
    const self = cast.writer(event)
    if (event.event === 'zk_learner_handler_error') {
      whys.set(event.file, { at: event.at, reason: event.fields.reason ?? '' })
    }
    const why = whys.get(event.file)
    const readingOf = readings[event.event]
    if (readingOf === undefined) continue
    for (const [actor, kind] of readingOf(event, {
      self,
      cast,
      serving,
      why: why !== undefined && event.at - why.at <= sameBreathMs ? why.reason : undefined,
    })) {
      if (actor === undefined) continue
      const isOwn = actor.id !== undefined && actor.id === self
      if (!isOwn && self !== undefined && believesWrongly(event, self, serving)) continue
      signs.push({ actor, kind, at: event.at, event, by: self })
    }
  }
  return signs
}

/** Session expiries and the controller's words stand whoever is cut off; what counts is who could not reach whom. */
const hearsay = new Set([
  'kafka_fetch_session_error',
  'kafka_peer_unreachable',
  'kafka_peer_timed_out',
  'kafka_peer_disconnected',
  'kraft_fetch_timeout',
  'zk_follower_lost_leader',
  'zk_learner_goodbye',
  'zk_peer_unreachable',
  'zk_sendworker_left',
  'zk_recvworker_interrupts',
])

const believesWrongly = (event: KeptEvent, self: number, serving: Serving): boolean =>
  hearsay.has(event.event) && serving.isolated(self, event.at)
