import type { Rule } from '../rule.ts'

const lifecycle = '[BrokerLifecycleManager id='

/** A broker of KRaft mode and its controllers. */
export const kraftBrokerRules: readonly Rule[] = [
  {
    event: 'kafka_controller_known',
    component: 'kafka',
    class: 'controller',
    severity: 'info',
    meaning: 'The broker knows of another active controller than before (Kafka 2.7 and later). Told when it changes.',
    once: { by: ['leader'] },
    wordings: [
      {
        begins: 'Recorded new ',
        pattern:
          /^Recorded new (?:ZK |KRaft )?controller, from now on will use (?:broker|node) (?<address>\S{1,260}) \(id: (?<leader>-?\d{1,10}) /,
      },
    ],
    examples: [
      {
        version: '2.8.2',
        line: '[2024-02-23 07:47:50,149] INFO [broker-1-to-controller-send-thread]: Recorded new controller, from now on will use broker kafka-3:9092 (id: 3 rack: null) (kafka.server.BrokerToControllerRequestThread)',
        fields: { self: 1, leader: 3, address: 'kafka-3:9092' },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:11,276] INFO [zk-broker-1-to-controller-alter-partition-channel-manager]: Recorded new ZK controller, from now on will use node 10.77.0.2:9092 (id: 2 rack: null) (kafka.server.NodeToControllerRequestThread)',
        fields: { self: 1, leader: 2, address: '10.77.0.2:9092' },
      },
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:36,047] INFO [broker-1-to-controller-heartbeat-channel-manager]: Recorded new KRaft controller, from now on will use node 10.77.0.1:9093 (id: 1 rack: null isFenced: false) (kafka.server.NodeToControllerRequestThread)',
        fields: { self: 1, leader: 1, address: '10.77.0.1:9093' },
      },
    ],
  },
  {
    event: 'kraft_broker_registered',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker is registered with the controllers.',
    wordings: [
      {
        begins: 'Successfully registered broker ',
        prefix: lifecycle,
        pattern: /^Successfully registered broker \d{1,10} with broker epoch (?<epoch>\d{1,19})/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:36,315] INFO [BrokerLifecycleManager id=1] Successfully registered broker 1 with broker epoch 8 (kafka.server.BrokerLifecycleManager)',
        fields: { self: 1, epoch: 8 },
      },
    ],
  },
  {
    event: 'kraft_registration_refused',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'minor',
    meaning:
      'The controllers did not register the broker: its old registration still stands, or they were not reached.',
    wordings: [
      {
        begins: 'Unable to register broker ',
        prefix: lifecycle,
        pattern: /^Unable to register broker \d{1,10} because the controller returned error (?<reason>\w{1,100})/,
      },
      { begins: 'Unable to register the broker because the RPC got timed out', prefix: lifecycle },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:51:06,153] INFO [BrokerLifecycleManager id=2] Unable to register broker 2 because the controller returned error DUPLICATE_BROKER_REGISTRATION (kafka.server.BrokerLifecycleManager)',
        fields: { self: 2, reason: 'DUPLICATE_BROKER_REGISTRATION' },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [BrokerLifecycleManager id=1] Unable to register the broker because the RPC got timed out before it could be sent. (kafka.server.BrokerLifecycleManager)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kraft_broker_recovery',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker has read the metadata and waits to be unfenced.',
    wordings: [{ begins: 'The broker has caught up. Transitioning from STARTING to RECOVERY', prefix: lifecycle }],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:36,486] INFO [BrokerLifecycleManager id=1] The broker has caught up. Transitioning from STARTING to RECOVERY. (kafka.server.BrokerLifecycleManager)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kraft_broker_running',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker was unfenced and takes part.',
    wordings: [{ begins: 'The broker has been unfenced. Transitioning from RECOVERY to RUNNING', prefix: lifecycle }],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:37,024] INFO [BrokerLifecycleManager id=1] The broker has been unfenced. Transitioning from RECOVERY to RUNNING. (kafka.server.BrokerLifecycleManager)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kraft_broker_shutting_down',
    component: 'kafka',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'The broker leaves: it was allowed to, or does not wait any more.',
    wordings: [
      {
        begins: 'Transitioning from ',
        prefix: lifecycle,
        pattern: /^Transitioning from (?<state>\w{1,40}) to SHUTTING_DOWN/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:47,407] INFO [BrokerLifecycleManager id=1] Transitioning from PENDING_CONTROLLED_SHUTDOWN to SHUTTING_DOWN. (kafka.server.BrokerLifecycleManager)',
        fields: { self: 1, state: 'PENDING_CONTROLLED_SHUTDOWN' },
      },
    ],
  },
  {
    event: 'kraft_heartbeat_lost',
    component: 'kafka',
    class: 'session',
    severity: 'major',
    meaning: 'The broker does not get its heartbeats to the active controller: it will be fenced.',
    wordings: [
      { begins: 'Unable to send a heartbeat because the RPC got timed out', prefix: lifecycle },
      {
        begins: 'Broker ',
        prefix: lifecycle,
        pattern: /^Broker \d{1,10} sent a heartbeat request but received error (?<reason>\w{1,100})/,
      },
    ],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:47:02,903] INFO [BrokerLifecycleManager id=3] Unable to send a heartbeat because the RPC got timed out before it could be sent. (kafka.server.BrokerLifecycleManager)',
        fields: { self: 3 },
      },
      {
        version: '4.1.1',
        line: '[2024-02-23 07:47:50,149] WARN [BrokerLifecycleManager id=1] Broker 1 sent a heartbeat request but received error STALE_BROKER_EPOCH. (kafka.server.BrokerLifecycleManager)',
        fields: { self: 1, reason: 'STALE_BROKER_EPOCH' },
      },
    ],
  },
  {
    event: 'kraft_controller_starting',
    component: 'controller',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'A controller begins to start.',
    wordings: [{ begins: 'Starting controller', prefix: '[ControllerServer id=', pattern: /^Starting controller$/ }],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:33,649] INFO [ControllerServer id=1] Starting controller (kafka.server.ControllerServer)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kraft_controller_shutting_down',
    component: 'controller',
    class: 'lifecycle',
    severity: 'info',
    meaning: 'A controller begins to stop.',
    wordings: [{ begins: 'shutting down', prefix: '[ControllerServer id=', pattern: /^shutting down$/ }],
    examples: [
      {
        version: '4.1.1',
        line: '[2026-11-22 17:45:47,532] INFO [ControllerServer id=1] shutting down (kafka.server.ControllerServer)',
        fields: { self: 1 },
      },
    ],
  },
]
