import { describe, expect, it } from 'vitest'
import { recorded, told } from './lines.ts'

/** What a line must contain, and the event that it then is: told apart from the tables by nothing but the eye. */
const kafka: Readonly<Record<string, RegExp>> = {
  kafka_fetcher_removed: /\[ReplicaFetcherManager on broker \d+\] Removed fetcher for partitions/,
  kafka_fetcher_added: /Added fetcher to broker/,
  kafka_fetcher_thread_shutdown: /\[ReplicaFetcher.*Shutdown completed/,
  kafka_partition_marked_failed: /marked as failed/,
  kafka_isr_updated: /ISR updated to/,
  kafka_leader_starts: / Leader \S+ .*starts at leader epoch/,
  kafka_follower_starts: / Follower \S+ .*starts at leader epoch(?!.*Current leader is -1)/,
  kafka_partition_leaderless: /since the new leader -1 is unavailable|Current leader is -1/,
  kafka_partition_abandoned: /state changed to \(Leader:-1/,
  kafka_leader_election_failed: /failed to change state for partition/,
  kafka_controller_elected: /successfully elected as the controller/,
  kafka_controller_resigned: /\] Resigned /,
  kafka_broker_failed: /Broker failure callback for/,
  kafka_started: /\] started \(kafka|Kafka Server started/,
  kafka_signal: /Terminating process due to signal/,
  kafka_stopped: /shut down completed \(kafka\.server\.(?:Kafka|Broker)Server\)/,
  kafka_controlled_shutdown_begin: /Starting controlled shutdown|Beginning controlled shutdown/,
  kafka_controlled_shutdown_remaining: /Remaining partitions to move|partitions remaining to move/,
  kafka_controlled_shutdown_fail: /Proceeding to do an unclean shutdown/,
  kafka_unclean_restart: /since no clean shutdown file was found/,
  zkc_connecting: /Opening socket connection/,
  zkc_session_timed_out: /WARN Client session timed out/,
  zkc_session_expired: /WARN Unable to reconnect to ZooKeeper service/,
  zkc_session_established: /Session establishment complete/,
  kraft_broker_fenced: /Fencing broker/,
  kraft_broker_unfenced: /to unfence has been granted/,
  kraft_unclean_election: /UNCLEAN partition change/,
  kraft_raft_leader: /Completed transition to Leader/,
  kraft_raft_candidate: /Completed transition to Candidate/,
  kraft_raft_resigned: /Completed transition to Resigned/,
  kraft_controller_active: /Becoming the active controller/,
  kraft_controller_renounced: /Renouncing/,
  kraft_heartbeat_lost: /Unable to send a heartbeat/,
  kraft_leader_no_quorum: /Did not receive fetch request from the majority/,
  kraft_broker_running: /from RECOVERY to RUNNING/,
}

const zookeeper: Readonly<Record<string, RegExp>> = {
  zk_session_expired: /Expiring session/,
  zk_session_close_submitted: /Submitting global closeSession/,
  zk_session_moved: /Revalidating client/,
  zk_cnxn_eof: /Unable to read additional data from client/,
  zk_cnxn_not_running: /session \S+: ZooKeeperServer not running|Close of session/,
  zk_peer_unreachable: /Cannot open channel/,
  zk_sendworker_left: /Send worker leaving/,
  zk_learner_handler_error: /ERROR Unexpected exception .*LearnerHandler/,
  zk_learner_goodbye: /GOODBYE/,
  zk_leader_shutdown: /INFO Shutdown called/,
  zk_follower_lost_leader: /Exception when following/,
  zk_looking: /INFO LOOKING/,
  zk_leading: /INFO LEADING \(/,
  zk_following: /INFO FOLLOWING \(/,
  zk_election_started: /New election/,
  zk_election_done: /ELECTION TOOK/,
  zk_quorum_formed: /Have quorum/,
  zk_started: /Starting quorum peer/,
}

const files = ['2.6.0', '3.9.1']
  .flatMap((version) =>
    ['B', 'C', 'G', 'H', 'I'].flatMap((scenario) =>
      ['kafka1', 'kafka2', 'kafka3', 'zk1', 'zk3'].map((node) => `${version}/${scenario}/${node}`),
    ),
  )
  .concat(
    ['A', 'B', 'C', 'H', 'I'].flatMap((scenario) => ['kafka1', 'kafka3'].map((node) => `4.1.1/${scenario}/${node}`)),
  )

const seen = new Map<string, number>()

describe('recorded logs of real servers', () => {
  it.each(files)('%s: each line of these kinds is one event', (name) => {
    const text = recorded(name)
    const isZooKeeper = name.includes('zk')
    const { events } = told(text, { component: isZooKeeper ? 'zookeeper' : 'kafka', noise: false })
    const lines = text.split('\n')
    for (const [event, pattern] of Object.entries(isZooKeeper ? zookeeper : kafka)) {
      const count = lines.filter((line) => line.startsWith('[') && pattern.test(line)).length
      expect([event, events.filter((one) => one.event === event).length]).toEqual([event, count])
      seen.set(event, (seen.get(event) ?? 0) + count)
    }
    expect(events.every(({ at }) => at !== undefined)).toBe(true)
  })

  it('have every one of these kinds', () => {
    const never = [...Object.keys(kafka), ...Object.keys(zookeeper)].filter((event) => seen.get(event) === 0)
    expect(never).toEqual([])
  })

  // Counted by grep -c.
  it.each([
    ['2.6.0/I/zk3', 'zk_peer_unreachable', 3],
    ['2.6.0/I/zk3', 'zk_learner_goodbye', 2],
    ['2.6.0/I/zk3', 'zk_leader_shutdown', 1],
    ['2.6.0/I/zk3', 'zk_cnxn_not_running', 7],
    ['2.6.0/G/zk3', 'zk_session_expired', 1],
    ['2.6.0/G/zk2', 'zk_session_expired', 0],
    // Eight pairs of lines, each told once.
    ['2.6.0/C/kafka3', 'kafka_fetch_session_error', 8],
    ['2.6.0/B/kafka3', 'kafka_fetcher_thread_shutdown', 1],
    ['3.9.1/C/kafka3', 'kafka_fetcher_removed', 4],
    ['3.9.1/C/kafka3', 'kafka_controller_elected', 1],
    ['4.1.1/C/kafka3', 'kraft_raft_prospective', 32],
    ['4.1.1/C/kafka3', 'kraft_heartbeat_lost', 27],
    ['4.1.1/C/kafka3', 'kraft_election_backoff', 31],
  ])('%s has %s so often', (name, event, count) => {
    const { events } = told(recorded(name), { component: name.includes('zk') ? 'zookeeper' : 'kafka', noise: false })
    expect(events.filter((one) => one.event === event)).toHaveLength(count)
  })
})
