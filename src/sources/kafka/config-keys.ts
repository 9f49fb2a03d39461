/** Asked of every topic. */
export const topicKeys = ['min.insync.replicas', 'unclean.leader.election.enable'] as const

/** Asked of every broker, about itself: what decides how failures are noticed, how it fails over and what is lost. */
export const brokerKeys = [
  'zookeeper.session.timeout.ms',
  'zookeeper.connection.timeout.ms',
  'broker.session.timeout.ms',
  'broker.heartbeat.interval.ms',
  'controller.quorum.fetch.timeout.ms',
  'controller.quorum.election.timeout.ms',
  'replica.lag.time.max.ms',
  'replica.fetch.wait.max.ms',
  'replica.socket.timeout.ms',
  'num.replica.fetchers',
  'controlled.shutdown.enable',
  'controlled.shutdown.max.retries',
  'controlled.shutdown.retry.backoff.ms',
  'auto.leader.rebalance.enable',
  'leader.imbalance.check.interval.seconds',
  'leader.imbalance.per.broker.percentage',
  'unclean.leader.election.enable',
  'min.insync.replicas',
  'default.replication.factor',
  'offsets.topic.replication.factor',
  'transaction.state.log.replication.factor',
  'transaction.state.log.min.isr',
  'inter.broker.protocol.version',
] as const
