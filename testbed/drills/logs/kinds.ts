/**
 * What the logs are searched for, as with grep. The exporter's own rules are not asked: they are what this is to judge. Where versions
 * say the same in other words all of them are here.
 */
export interface Kind {
  readonly component: 'kafka' | 'controller' | 'zookeeper'
  /** As the exporter calls it. */
  readonly event: string
  /** A line that contains every text of one of these lists is of the kind. */
  readonly says: readonly (readonly string[])[]
  /** And none of these. */
  readonly not?: readonly string[]
}

type Says = Kind['says'][number]

function kinds(component: Kind['component'], table: Readonly<Record<string, Says | readonly Says[]>>): readonly Kind[] {
  return Object.entries(table).map(([event, says]) => ({ component, event, says: isOne(says) ? [says] : says }))
}

function isOne(says: Says | readonly Says[]): says is Says {
  return typeof says[0] === 'string'
}

const BROKER = kinds('kafka', {
  kafka_signal: ['Terminating process due to signal'],
  kafka_started: [
    ['[KafkaServer id=', '] started (kafka.server.KafkaServer)'],
    ['[KafkaRaftServer nodeId=', '] Kafka Server started'],
  ],
  kafka_fetcher_removed: ['[ReplicaFetcherManager on broker ', 'Removed fetcher for partitions'],
  kafka_fetcher_added: ['[ReplicaFetcherManager on broker ', 'Added fetcher to broker'],
  kafka_fetcher_shutdown: ['[ReplicaFetcher replicaId=', 'Shutdown completed (kafka.server.ReplicaFetcherThread)'],
  kafka_fetch_session_error: ['[ReplicaFetcher replicaId=', 'Error sending fetch request (sessionId='],
  kafka_isr_shrink: ['Shrinking ISR from'],
  kafka_isr_expand: ['Expanding ISR from'],
  kafka_broker_registered: ['Registered broker', 'at path /brokers/ids/'],
  kafka_group_unloaded: [
    ['[GroupMetadataManager brokerId=', 'Finished unloading __consumer_offsets-'],
    ['Finished unloading metadata for __consumer_offsets-'],
  ],
  zkc_session_established: ['Session establishment complete on server'],
  zkc_session_expired: [
    'Unable to reconnect to ZooKeeper service, session 0x',
    ' has expired (org.apache.zookeeper.ClientCnxn)',
  ],
})

const CONTROLLER = kinds('controller', {
  kafka_controller_elected: ['successfully elected as the controller'],
  kafka_controller_resigned: ['] Resigned (kafka.controller.KafkaController)'],
  kafka_brokers_changed: ['Newly added brokers: '],
  kafka_broker_failed: ['Broker failure callback for'],
  kafka_leader_election_failed: ['failed to change state for partition'],
  kafka_partition_online: ['Changed partition ', 'to OnlinePartition with state LeaderAndIsr('],
  kraft_broker_fenced: ['Fencing broker '],
  kraft_controller_active: ['Becoming the active controller at epoch'],
})

const ENSEMBLE = kinds('zookeeper', {
  zk_session_expired: ['Expiring session 0x'],
  zk_session_close_submitted: ['Submitting global closeSession request for session 0x'],
  zk_learner_goodbye: ['******* GOODBYE '],
  zk_sendworker_left: ['Send worker leaving thread'],
  zk_peer_unreachable: ['Cannot open channel to '],
  zk_learner_handler_error: [
    ['Unexpected exception causing shutdown while sock still open'],
    ['Unexpected exception in LearnerHandler'],
  ],
  zk_reset_looking: ['PeerState set to LOOKING'],
  zk_election_started: ['New election. My id = '],
  zk_election_done: ['LEADER ELECTION TOOK - '],
  zk_quorum_formed: ['Have quorum of supporters'],
})

export const KINDS: readonly Kind[] = [...BROKER, ...CONTROLLER, ...ENSEMBLE]

export function isOfKind({ says, not = [] }: Kind, text: string): boolean {
  return says.some((all) => all.every((part) => text.includes(part))) && !not.some((part) => text.includes(part))
}
