import type { Line } from './lines.ts'

/**
 * What the logs are searched for, as with grep. The exporter's own rules are not asked: they are what this is to judge. Where versions
 * say the same in other words all of them are here.
 */
export interface Kind {
  readonly component: 'kafka' | 'controller' | 'zookeeper'
  /** As the exporter calls it. */
  readonly event: string
  /**
   * A line that contains every text of one of these lists is of the kind; those with a `!` before them it must not contain, those with
   * a line break the line after it must.
   */
  readonly says: readonly (readonly string[])[]
}

type Says = Kind['says'][number]

function kinds(component: Kind['component'], table: Readonly<Record<string, Says | readonly Says[]>>): readonly Kind[] {
  return Object.entries(table).map(([event, says]) => ({ component, event, says: isOne(says) ? [says] : says }))
}

function isOne(says: Says | readonly Says[]): says is Says {
  return typeof says[0] === 'string'
}

const BROKER = kinds('kafka', {
  kafka_starting: [[' INFO starting (kafka.server.KafkaServer)'], ['[BrokerServer id=', '] Starting broker (']],
  kafka_started: [
    ['[KafkaServer id=', '] started (kafka.server.KafkaServer)'],
    ['[KafkaRaftServer nodeId=', '] Kafka Server started'],
  ],
  kafka_signal: ['Terminating process due to signal'],
  kafka_version: ['INFO Kafka version: '],
  kafka_stopped: [
    ['shut down completed (kafka.server.KafkaServer)'],
    ['shut down completed (kafka.server.BrokerServer)'],
  ],
  kafka_controlled_shutdown_begin: [
    ['Starting controlled shutdown (kafka.server.KafkaServer)'],
    ['Beginning controlled shutdown. (kafka.server.BrokerLifecycleManager)'],
  ],
  kafka_unclean_restart: ['since no clean shutdown file was found'],
  kafka_clean_restart: ['since clean shutdown file was found'],
  kafka_fetcher_removed: ['[ReplicaFetcherManager on broker ', 'Removed fetcher for partitions'],
  kafka_fetcher_added: ['[ReplicaFetcherManager on broker ', 'Added fetcher to broker'],
  kafka_fetcher_thread_shutdown: ['[ReplicaFetcher', ' Shutdown completed (kafka.server.ReplicaFetcherThread)'],
  kafka_fetcher_thread_starting: ['[ReplicaFetcher', ' Starting (kafka.server.ReplicaFetcherThread)'],
  kafka_fetcher_thread_stopping: ['[ReplicaFetcher', ' Shutting down (kafka.server.ReplicaFetcherThread)'],
  kafka_fetcher_thread_stopped: ['[ReplicaFetcher', ' Stopped (kafka.server.ReplicaFetcherThread)'],
  // A failed fetch is told twice, as INFO and as WARN; a fetcher that is being closed tells the first only. See ONCE.
  kafka_fetch_session_error: [
    ['[ReplicaFetcher replicaId=', 'Error sending fetch request (sessionId='],
    ['[ReplicaFetcher replicaId=', 'Error in response for fetch request ('],
  ],
  kafka_partition_marked_failed: ['[ReplicaFetcher ', ' marked as failed ('],
  kafka_isr_shrink: ['Shrinking ISR from'],
  kafka_isr_expand: ['Expanding ISR from'],
  kafka_isr_updated: ['[Partition ', ' ISR updated to ', '!(under-min-isr)'],
  kafka_isr_under_min: ['[Partition ', ' ISR updated to ', '(under-min-isr)'],
  kafka_leader_starts: ['[Broker id=', '] Leader ', ' starts at leader epoch'],
  kafka_follower_starts: ['[Broker id=', '] Follower ', ' starts at leader epoch', '!Current leader is -1'],
  kafka_partition_leaderless: [
    ['[Broker id=', '] Follower ', ' starts at leader epoch', 'Current leader is -1'],
    ['cannot become follower since the new leader -1 is unavailable'],
  ],
  kafka_broker_registered: ['Registered broker', 'at path /brokers/ids/'],
  kafka_group_loaded: [
    ['Finished loading offsets and group metadata from __consumer_offsets-'],
    ['Finished loading of metadata from __consumer_offsets-'],
  ],
  kafka_group_unloaded: [
    ['[GroupMetadataManager brokerId=', 'Finished unloading __consumer_offsets-'],
    ['Finished unloading metadata for __consumer_offsets-'],
  ],
  zkc_connecting: ['Opening socket connection to server ', '(org.apache.zookeeper.ClientCnxn)'],
  zkc_connected: ['Socket connection established', '(org.apache.zookeeper.ClientCnxn)'],
  zkc_eof: ['Unable to read additional data from server sessionid 0x', 'closing socket connection'],
  zkc_socket_error: ['Socket error occurred: ', '(org.apache.zookeeper.ClientCnxn)'],
  zkc_reconnect: [' WARN Session 0x', 'Attempting reconnect'],
  // With ZooKeeper 3.5 an INFO line says the same once more.
  zkc_session_timed_out: [' WARN Client session timed out, have not heard from server in '],
  zkc_new_session: ['Initializing a new session to '],
  zkc_session_closed: [' Session: 0x', ' closed (org.apache.zookeeper.ZooKeeper)'],
  zkc_session_established: ['Session establishment complete on server '],
  zkc_session_expired: [' WARN Unable to reconnect to ZooKeeper service, session 0x'],
  kraft_heartbeat_lost: ['Unable to send a heartbeat because the RPC got timed out before it could be sent'],
})

const CONTROLLER = kinds('controller', {
  kafka_controller_elected: ['successfully elected as the controller'],
  kafka_controller_ready: ['Ready to serve as the new controller with epoch'],
  kafka_controller_lost_race: ['has been elected as the controller, so stopping the election process'],
  kafka_controller_resigned: ['] Resigned (kafka.controller.KafkaController)'],
  kafka_brokers_changed: ['Newly added brokers: '],
  kafka_broker_started: ['New broker startup callback for'],
  kafka_broker_failed: ['Broker failure callback for'],
  kafka_broker_shutdown_done: ['from list of shutting down brokers'],
  kafka_controlled_shutdown_req: ['] Shutting down broker ', '(kafka.controller.KafkaController)'],
  kafka_leader_election_failed: ['failed to change state for partition'],
  kafka_partition_new: ['Changed partition ', ' state from NonExistentPartition to NewPartition'],
  kafka_partition_online: ['Changed partition ', 'to OnlinePartition with state LeaderAndIsr(', '!from NewPartition'],
  kraft_broker_fenced: ['Fencing broker '],
  kraft_broker_unfenced: ['to unfence has been granted'],
  kraft_controller_active: ['Becoming the active controller at epoch'],
  kraft_controlled_shutdown_granted: ['has requested and been granted a'],
  kraft_fetch_timeout: [
    ['Become candidate due to fetch timeout'],
    ['Transitioning to Prospective state due to fetch timeout'],
  ],
  kraft_leader_no_quorum: ['Did not receive fetch request from the majority of the voters'],
  kraft_raft_leader: ['Completed transition to Leader('],
  kraft_raft_follower: ['Completed transition to FollowerState('],
  kraft_raft_candidate: ['Completed transition to CandidateState('],
  kraft_raft_prospective: ['Completed transition to ProspectiveState('],
  kraft_raft_resigned: ['Completed transition to ResignedState('],
})

const ENSEMBLE = kinds('zookeeper', {
  zk_session_expired: ['Expiring session 0x'],
  zk_session_close_submitted: ['Submitting global closeSession request for session 0x'],
  zk_session_created: ['Committing global session 0x'],
  // A session 0x0 is no session: somebody sent a word, or looked whether the port is open.
  zk_cnxn_eof: ['Unable to read additional data from client', '!sessionid 0x0,', '!session = 0x0 '],
  zk_cnxn_not_running: [
    [' WARN Exception causing close of session 0x', ': ZooKeeperServer not running ('],
    // From 3.6 on the reason is in the line after it; a connection that was reset is another.
    [' WARN Close of session 0x', '\nZooKeeperServer not running'],
  ],
  zk_leader_shutdown: [
    ['Shutdown called (org.apache.zookeeper.server.quorum.Leader)'],
    ['Shutdown called. For the reason '],
  ],
  zk_connection_broken: ['Connection broken for id '],
  zk_recvworker_interrupts: ['Interrupting SendWorker'],
  zk_sendworker_interrupted: ['Interrupted while waiting for message on queue'],
  zk_learner_goodbye: ['******* GOODBYE '],
  zk_sendworker_left: ['Send worker leaving thread'],
  zk_peer_unreachable: ['Cannot open channel to '],
  zk_learner_handler_error: [
    ['Unexpected exception causing shutdown while sock still open'],
    ['Unexpected exception in LearnerHandler'],
  ],
  zk_looking: [' INFO LOOKING (org.apache.zookeeper.server.quorum.QuorumPeer)'],
  zk_following: [' INFO FOLLOWING (org.apache.zookeeper.server.quorum.QuorumPeer)'],
  zk_leading: [' INFO LEADING (org.apache.zookeeper.server.quorum.QuorumPeer)'],
  zk_reset_looking: ['PeerState set to LOOKING'],
  zk_election_started: ['New election. My id = '],
  zk_election_done: ['LEADER ELECTION TOOK - '],
  zk_quorum_formed: ['Have quorum of supporters'],
  zk_follower_lost_leader: ['Exception when following the leader'],
  zk_snapshot: ['Snapshotting: 0x'],
  zk_listening: ['is accepting connections now, my election bind port'],
  zk_started: ['Starting quorum peer'],
})

/** What is one event a second, however often it is said: of whom, and within how many milliseconds of the one that counted. */
export const ONCE: Readonly<Record<string, { readonly of: RegExp; readonly withinMs: number }>> = {
  kafka_fetch_session_error: { of: /replicaId=\d+, leaderId=\d+/, withinMs: 1000 },
}

export const KINDS: readonly Kind[] = [...BROKER, ...CONTROLLER, ...ENSEMBLE]

export function isOfKind({ says }: Kind, { text, rest }: Pick<Line, 'text' | 'rest'>): boolean {
  return says.some((all) =>
    all.every((part) => {
      if (part.startsWith('\n')) return rest.includes(part.slice(1))
      return part.startsWith('!') ? !text.includes(part.slice(1)) : text.includes(part)
    }),
  )
}
