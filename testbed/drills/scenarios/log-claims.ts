/** What the servers' own logs say of an act, and what they do not; `until` is the act that undoes it. */
import type { InLogs } from '../logs/expected.ts'

/** For the reader of the logs, who looks every 250 to 500 ms, and for a machine that does other things as well. */
export const AT_ONCE_S = 3

/** A session that is closed ends with the process; one that runs out is the other case. */
export function stoppedCleanly(act: string, until: string, withinS = 30): readonly InLogs[] {
  return [
    { since: act, until, shows: { kafka_signal: AT_ONCE_S, kafka_fetcher_removed: withinS }, never: ['kafka_fatal'] },
    {
      since: act,
      until,
      only: 'zookeeper',
      shows: { zk_session_close_submitted: withinS },
      never: ['zk_session_expired'],
    },
    { since: act, until, only: 'kraft', shows: { kraft_controlled_shutdown_granted: withinS } },
  ]
}

/** The others lose the connection at once; who coordinates waits for the session to run out. */
export function brokerKilled(act: string, until: string): readonly InLogs[] {
  return [
    { since: act, until, shows: { kafka_fetch_session_error: AT_ONCE_S }, never: ['kafka_signal'] },
    { since: act, until, only: 'zookeeper', shows: { zk_cnxn_eof: AT_ONCE_S } },
    ...sessionRunsOut(act, until),
  ]
}

export function sessionRunsOut(act: string, until: string): readonly InLogs[] {
  return [
    {
      since: act,
      until,
      only: 'zookeeper',
      shows: { zk_session_expired: 'expiry', zk_session_close_submitted: 'expiry', kafka_partition_online: 'expiry' },
      never: ['kafka_signal'],
    },
    { since: act, until, only: 'kraft', shows: { kraft_broker_fenced: 'expiry' }, never: ['kafka_signal'] },
  ]
}

export function brokerStarts(act: string): readonly InLogs[] {
  return [
    { since: act, shows: { kafka_started: 40, kafka_fetcher_added: 40 } },
    { since: act, only: 'zookeeper', shows: { kafka_broker_registered: 40, zkc_session_established: 40 } },
  ]
}

/** A server of the ensemble has gone; who leads says goodbye to a follower. */
export function serverGone(act: string, until: string, withinS = AT_ONCE_S): readonly InLogs[] {
  return [{ since: act, until, shows: { zk_sendworker_left: withinS }, never: ['zk_session_expired'] }]
}

export function followerGone(act: string, until: string, withinS = AT_ONCE_S): readonly InLogs[] {
  return [{ since: act, until, shows: { zk_learner_goodbye: withinS, zk_learner_handler_error: withinS } }]
}

/** The last one looks for others and finds none; without a quorum no session ends. */
export function ensembleLost(act: string, until: string, withinS: number): readonly InLogs[] {
  return [
    {
      since: act,
      until,
      shows: { zk_reset_looking: withinS, zk_election_started: withinS },
      never: ['zk_session_expired', 'zk_election_done'],
    },
  ]
}

export function ensembleBack(act: string): readonly InLogs[] {
  return [{ since: act, shows: { zk_election_done: 40, zk_quorum_formed: 40, zkc_session_established: 40 } }]
}

/** One of the others becomes active. */
export function controllerElected(act: string, until: string, withinS: number): readonly InLogs[] {
  return [{ since: act, until, only: 'kraft', shows: { kraft_controller_active: withinS, kraft_raft_leader: withinS } }]
}
