import type { Rule } from '../rule.ts'
import { countOf } from '../rule-fields.ts'

const server = '[KafkaServer id='
const broker = '[BrokerServer id='
const lifecycle = '[BrokerLifecycleManager id='

/** Start and stop of a broker's process. */
export const lifecycleRules: readonly Rule[] = [
  {
    event: 'kafka_version',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'A process tells the version of its Kafka library: it is starting.',
    wordings: [{ begins: 'Kafka version: ', loggers: ['AppInfoParser'], pattern: /^Kafka version: (?<name>\S{1,60})/ }],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:20,189] INFO Kafka version: 2.6.0 (org.apache.kafka.common.utils.AppInfoParser)',
        fields: { name: '2.6.0' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:37,030] INFO Kafka version: 4.1.1 (org.apache.kafka.common.utils.AppInfoParser)',
        fields: { name: '4.1.1' },
      },
    ],
  },
  {
    event: 'kafka_starting',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker begins to start.',
    wordings: [
      { begins: 'starting', loggers: ['KafkaServer'], pattern: /^starting$/ },
      { begins: 'Starting broker', prefix: broker, pattern: /^Starting broker$/ },
    ],
    examples: [
      { version: '2.6.0', line: '[2026-11-22 17:22:17,715] INFO starting (kafka.server.KafkaServer)', fields: {} },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:35,208] INFO [BrokerServer id=1] Starting broker (kafka.server.BrokerServer)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_started',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker (with KRaft: the process) has started.',
    wordings: [
      { begins: 'started', prefix: server, pattern: /^started$/ },
      { begins: 'Kafka Server started', prefix: '[KafkaRaftServer nodeId=' },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:20,190] INFO [KafkaServer id=1] started (kafka.server.KafkaServer)',
        fields: { self: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:11,188] INFO [KafkaServer id=1] started (kafka.server.KafkaServer)',
        fields: { self: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:37,031] INFO [KafkaRaftServer nodeId=1] Kafka Server started (kafka.server.KafkaRaftServer)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_signal',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The process was asked to end: what follows is a clean stop, not a crash.',
    wordings: [
      { begins: 'Terminating process due to signal ', pattern: /^Terminating process due to signal (?<name>\w{1,20})/ },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,311] INFO Terminating process due to signal SIGTERM (org.apache.kafka.common.utils.LoggingSignalHandler)',
        fields: { name: 'SIGTERM' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:45,224] INFO Terminating process due to signal SIGTERM (org.apache.kafka.common.utils.LoggingSignalHandler)',
        fields: { name: 'SIGTERM' },
      },
    ],
  },
  {
    event: 'kafka_shutting_down',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker begins to stop.',
    wordings: [
      { begins: 'shutting down', prefix: server, pattern: /^shutting down$/ },
      { begins: 'shutting down', prefix: broker, pattern: /^shutting down$/ },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,315] INFO [KafkaServer id=1] shutting down (kafka.server.KafkaServer)',
        fields: { self: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:45,230] INFO [BrokerServer id=1] shutting down (kafka.server.BrokerServer)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_controlled_shutdown_begin',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker asks the controller to move its leaderships away before it stops.',
    wordings: [
      { begins: 'Starting controlled shutdown', prefix: server },
      { begins: 'Beginning controlled shutdown.', prefix: lifecycle },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,316] INFO [KafkaServer id=1] Starting controlled shutdown (kafka.server.KafkaServer)',
        fields: { self: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:45,235] INFO [BrokerLifecycleManager id=1] Beginning controlled shutdown. (kafka.server.BrokerLifecycleManager)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_controlled_shutdown_ok',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The leaderships were moved: the broker may stop.',
    wordings: [
      { begins: 'Controlled shutdown succeeded', prefix: server },
      {
        begins: 'Controlled shutdown request returned successfully ',
        prefix: server,
        pattern: /^Controlled shutdown request returned successfully after (?<durationMs>\d{1,12})ms/,
      },
      { begins: 'The controller has asked us to exit controlled shutdown.', prefix: lifecycle },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,383] INFO [KafkaServer id=1] Controlled shutdown succeeded (kafka.server.KafkaServer)',
        fields: { self: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:18,958] INFO [KafkaServer id=1] Controlled shutdown request returned successfully after 85ms (kafka.server.KafkaServer)',
        fields: { self: 1, durationMs: 85 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:47,402] INFO [BrokerLifecycleManager id=1] The controller has asked us to exit controlled shutdown. (kafka.server.BrokerLifecycleManager)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_controlled_shutdown_remaining',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'minor',
    meaning: 'Some partitions have no other replica that could lead them: the broker waits and asks again.',
    wordings: [
      {
        begins: 'Remaining partitions to move: ',
        prefix: server,
        refine: ({ body }) => ({ partitions: countOf(body, 'RemainingPartition(') }),
      },
      {
        begins: 'Controlled shutdown request returned after ',
        prefix: server,
        pattern:
          /^Controlled shutdown request returned after (?<durationMs>\d{1,12})ms with (?<partitions>\d{1,10}) partitions remaining to move/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: "[2026-11-22 17:23:35,083] INFO [KafkaServer id=2] Remaining partitions to move: [RemainingPartition(topicName='test-topic', partitionIndex=2)] (kafka.server.KafkaServer)",
        fields: { self: 2, partitions: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:30,093] INFO [KafkaServer id=2] Controlled shutdown request returned after 15ms with 1 partitions remaining to move (kafka.server.KafkaServer)',
        fields: { self: 2, partitions: 1, durationMs: 15 },
      },
    ],
  },
  {
    event: 'kafka_controlled_shutdown_retry',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'minor',
    meaning: 'The broker asks again to be allowed to stop.',
    wordings: [{ begins: 'Retrying controlled shutdown', prefix: server }],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:23:40,084] WARN [KafkaServer id=2] Retrying controlled shutdown after the previous attempt failed... (kafka.server.KafkaServer)',
        fields: { self: 2 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:35,095] INFO [KafkaServer id=2] Retrying controlled shutdown (2 retries remaining) (kafka.server.KafkaServer)',
        fields: { self: 2 },
      },
    ],
  },
  {
    event: 'kafka_controlled_shutdown_fail',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'major',
    meaning: 'The broker stops although leaderships could not be moved away.',
    wordings: [
      { begins: 'Proceeding to do an unclean shutdown', prefix: server },
      { begins: 'Timed out waiting for the controller to approve controlled shutdown', prefix: '[' },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:23:50,112] WARN [KafkaServer id=2] Proceeding to do an unclean shutdown as all the controlled shutdown attempts failed (kafka.server.KafkaServer)',
        fields: { self: 2 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:40,118] WARN [KafkaServer id=2] Proceeding to do an unclean shutdown as all the controlled shutdown attempts failed (kafka.server.KafkaServer)',
        fields: { self: 2 },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] ERROR [BrokerServer id=1] Timed out waiting for the controller to approve controlled shutdown (kafka.server.BrokerServer)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_stopped',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker has stopped in order.',
    wordings: [
      { begins: 'shut down completed', prefix: server },
      { begins: 'shut down completed', prefix: broker },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:32,404] INFO [KafkaServer id=1] shut down completed (kafka.server.KafkaServer)',
        fields: { self: 1 },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:47,532] INFO [BrokerServer id=1] shut down completed (kafka.server.BrokerServer)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_unclean_restart',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'minor',
    meaning:
      'The last stop was a crash or a kill (or it is the first start, with Kafka before 3.5): logs are recovered.',
    wordings: [
      {
        begins: 'Attempting recovery for all logs in ',
        pattern: /^Attempting recovery for all logs in (?<name>[^ ]{1,500}) since no clean shutdown file was found/,
      },
      {
        begins: 'Recovering ',
        pattern: /^Recovering (?<count>\d{1,10}) logs from (?<name>[^ ]{1,500}) since no clean shutdown file was found/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:18,362] INFO Attempting recovery for all logs in /var/lib/kafka/kafka1/data since no clean shutdown file was found (kafka.log.LogManager)',
        fields: { name: '/var/lib/kafka/kafka1/data' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:38:56,691] INFO Recovering 2 logs from /var/lib/kafka/kafka1/data since no clean shutdown file was found (kafka.log.LogManager)',
        fields: { count: 2, name: '/var/lib/kafka/kafka1/data' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:51:06,586] INFO Recovering 2 logs from /var/lib/kafka/kafka1/data since no clean shutdown file was found (kafka.log.LogManager)',
        fields: { count: 2, name: '/var/lib/kafka/kafka1/data' },
      },
    ],
  },
  {
    event: 'kafka_clean_restart',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The last stop was clean: no log needs recovery.',
    wordings: [
      {
        begins: 'Skipping recovery for all logs in ',
        pattern: /^Skipping recovery for all logs in (?<name>[^ ]{1,500}) since clean/,
      },
      {
        begins: 'Skipping recovery of ',
        pattern: /^Skipping recovery of (?<count>\d{1,10}) logs from (?<name>[^ ]{1,500}) since clean/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:42,662] INFO Skipping recovery for all logs in /var/lib/kafka/kafka1/data since clean shutdown file was found (kafka.log.LogManager)',
        fields: { name: '/var/lib/kafka/kafka1/data' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:36:38,069] INFO Skipping recovery of 2 logs from /var/lib/kafka/kafka1/data since clean shutdown file was found (kafka.log.LogManager)',
        fields: { count: 2, name: '/var/lib/kafka/kafka1/data' },
      },
    ],
  },
  {
    event: 'kafka_fatal',
    component: 'kafka',
    class: 'fatal',
    severity: 'critical',
    meaning: 'The process ends because of an error. Told once in five seconds.',
    once: { by: [], withinMs: 5_000 },
    wordings: [
      {
        begins: 'Fatal error during ',
        pattern: /^Fatal error during (?<state>.{1,60}?)(?:\. Prepare to shutdown|$)/,
        continued: true,
      },
      { begins: 'Exiting Kafka due to fatal exception', continued: true },
      { begins: 'Exiting Kafka.', continued: true },
      { begins: 'Halting Kafka.' },
      { begins: 'Encountered fatal fault: ', pattern: /^Encountered fatal fault: (?<reason>.{1,300})/ },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR [KafkaServer id=1] Fatal error during KafkaServer startup. Prepare to shutdown (kafka.server.KafkaServer)',
        continuation: 'java.lang.RuntimeException: A broker is already registered on the path /brokers/ids/1.',
        fields: {
          self: 1,
          state: 'KafkaServer startup',
          reason: 'java.lang.RuntimeException: A broker is already registered on the path /brokers/ids/1.',
        },
      },
      {
        version: '3.9.1',
        line: '[2024-02-23 07:47:50,149] ERROR Exiting Kafka due to fatal exception during startup. (kafka.Kafka$)',
        continuation:
          'org.apache.kafka.common.KafkaException: Socket server failed to bind to 10.77.0.1:9092: Address already in use.',
        fields: {
          reason:
            'org.apache.kafka.common.KafkaException: Socket server failed to bind to 10.77.0.1:9092: Address already in use.',
        },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] ERROR Encountered fatal fault: Error starting LogManager (org.apache.kafka.server.fault.ProcessTerminatingFaultHandler)',
        continuation: 'java.lang.RuntimeException',
        fields: { reason: 'Error starting LogManager' },
      },
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR Exiting Kafka. (kafka.server.KafkaServerStartable)',
        fields: {},
      },
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR Halting Kafka. (kafka.server.KafkaServerStartable)',
        fields: {},
      },
    ],
  },
  {
    event: 'kafka_fault',
    component: 'kafka',
    class: 'fatal',
    severity: 'major',
    meaning: 'KRaft: something went wrong that should not be able to; the process goes on.',
    wordings: [
      { begins: 'Encountered ', pattern: /^Encountered (?!fatal )(?<state>[\w -]{1,80}) fault: (?<reason>.{1,300})/ },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] ERROR Encountered metadata publishing fault: Error applying topics delta in MetadataDelta up to 44 (org.apache.kafka.server.fault.LoggingFaultHandler)',
        fields: { state: 'metadata publishing', reason: 'Error applying topics delta in MetadataDelta up to 44' },
      },
    ],
  },
  {
    event: 'kafka_uncaught_exception',
    component: 'kafka',
    class: 'fatal',
    severity: 'major',
    meaning: 'A thread of the broker ended with an exception.',
    wordings: [
      {
        begins: 'Uncaught exception in ',
        pattern: /^Uncaught exception in (?:thread|scheduled task) '(?<name>[^']{1,200})'/,
        continued: true,
        refine: ({ continuation }) => (continuation?.includes('OutOfMemoryError') === true ? undefined : {}),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: "[2024-02-23 07:47:50,149] ERROR Uncaught exception in thread 'kafka-scheduler-3': (org.apache.kafka.common.utils.KafkaThread)",
        continuation: 'java.lang.NullPointerException',
        fields: { name: 'kafka-scheduler-3', reason: 'java.lang.NullPointerException' },
      },
      {
        version: '3.9.1',
        line: "[2024-02-23 07:47:50,149] ERROR Uncaught exception in scheduled task 'flush-log' (org.apache.kafka.server.util.KafkaScheduler)",
        continuation: 'java.lang.IllegalStateException: closed',
        fields: { name: 'flush-log', reason: 'java.lang.IllegalStateException: closed' },
      },
    ],
  },
]
