import type { Rule } from '../rule.ts'
import { ids } from '../rule-fields.ts'

const controller = '[Controller id='

/** The controller of ZooKeeper mode. */
export const controllerRules: readonly Rule[] = [
  {
    event: 'kafka_controller_elected',
    component: 'controller',
    class: 'controller',
    severity: 'major',
    meaning: 'This broker became the controller.',
    wordings: [
      {
        begins: 'successfully elected as the controller',
        prefix: controller,
        pattern:
          /^(?<self>\d{1,10}) successfully elected as the controller(?:\. Epoch incremented to (?<epoch>\d{1,12}))?/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:19,866] INFO [Controller id=1] 1 successfully elected as the controller. Epoch incremented to 1 and epoch zk version is now 1 (kafka.controller.KafkaController)',
        fields: { self: 1, epoch: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:10,488] INFO [Controller id=2] 2 successfully elected as the controller. Epoch incremented to 1 and epoch zk version is now 1 (kafka.controller.KafkaController)',
        fields: { self: 2, epoch: 1 },
      },
    ],
  },
  {
    event: 'kafka_controller_ready',
    component: 'controller',
    class: 'controller',
    severity: 'info',
    meaning: 'The new controller has read the state of the cluster: failover goes on.',
    wordings: [
      {
        begins: 'Ready to serve as the new controller ',
        prefix: controller,
        pattern: /^Ready to serve as the new controller with epoch (?<epoch>\d{1,12})/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:20,059] INFO [Controller id=1] Ready to serve as the new controller with epoch 1 (kafka.controller.KafkaController)',
        fields: { self: 1, epoch: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:10,761] INFO [Controller id=2] Ready to serve as the new controller with epoch 1 (kafka.controller.KafkaController)',
        fields: { self: 2, epoch: 1 },
      },
    ],
  },
  {
    event: 'kafka_controller_resigned',
    component: 'controller',
    class: 'controller',
    severity: 'major',
    meaning: 'This broker is not the controller any more.',
    wordings: [{ begins: 'Resigned', prefix: controller, pattern: /^Resigned$/ }],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:30,251] INFO [Controller id=1] Resigned (kafka.controller.KafkaController)',
        fields: { self: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:19,047] INFO [Controller id=1] Resigned (kafka.controller.KafkaController)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_controller_lost_race',
    component: 'controller',
    class: 'controller',
    severity: 'info',
    meaning: 'Another broker became the controller.',
    wordings: [
      {
        begins: 'Broker ',
        prefix: controller,
        pattern: /^Broker (?<leader>\d{1,10}) has been elected as the controller, so stopping the election process/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] DEBUG [Controller id=1] Broker 3 has been elected as the controller, so stopping the election process. (kafka.controller.KafkaController)',
        fields: { self: 1, leader: 3 },
      },
    ],
  },
  {
    event: 'kafka_controller_election_failed',
    component: 'controller',
    class: 'controller',
    severity: 'major',
    meaning: 'The election of a controller failed; another round follows.',
    wordings: [
      {
        begins: 'Error while electing or becoming controller on broker ',
        prefix: controller,
        pattern: /^Error while electing or becoming controller on broker \d{1,10}/,
        continued: true,
      },
      { begins: 'A controller has been elected but just resigned', prefix: controller },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] WARN [Controller id=1] Error while electing or becoming controller on broker 1. Trigger controller movement immediately (kafka.controller.KafkaController)',
        continuation:
          'kafka.zookeeper.ZooKeeperClientExpiredException: Session expired either before or while waiting for connection',
        fields: {
          self: 1,
          reason:
            'kafka.zookeeper.ZooKeeperClientExpiredException: Session expired either before or while waiting for connection',
        },
      },
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] WARN [Controller id=1] A controller has been elected but just resigned, this will result in another round of election (kafka.controller.KafkaController)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_controller_moved',
    component: 'controller',
    class: 'controller',
    severity: 'minor',
    meaning: 'The controller found out that another broker has taken its place.',
    wordings: [
      {
        begins: 'Controller moved to another broker when processing ',
        prefix: controller,
        pattern: /^Controller moved to another broker when processing (?<state>\w{1,60})/,
      },
      { begins: 'Forcing the controller to resign', prefix: controller },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=1] Controller moved to another broker when processing BrokerChange. (kafka.controller.KafkaController)',
        continuation:
          'org.apache.kafka.common.errors.ControllerMovedException: Controller epoch zkVersion check fails.',
        fields: { self: 1, state: 'BrokerChange' },
      },
      {
        version: '2.6.0',
        line: '[2024-02-23 07:47:50,149] ERROR [Controller id=1] Forcing the controller to resign (kafka.controller.KafkaController)',
        fields: { self: 1 },
      },
    ],
  },
  {
    event: 'kafka_brokers_changed',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'Brokers came or went; the count is of those that are there.',
    wordings: [
      {
        begins: 'Newly added brokers: ',
        prefix: controller,
        pattern: /^Newly added brokers: [\d,]{0,600}?, deleted brokers: /,
        refine: ({ body }) => {
          const [added, deleted, bounced] = ['added', 'deleted', 'bounced'].map((what) =>
            brokersAfter(body, `${what} brokers: `),
          )
          const [state, peers] =
            deleted?.length !== 0
              ? ['deleted', deleted]
              : bounced?.length !== 0
                ? ['bounced', bounced]
                : ['added', added]
          const peer = peers?.[0]
          const count = brokersAfter(body, 'all live brokers: ').length
          return peer === undefined ? { count } : { count, state, peer }
        },
      },
    ],
    examples: [
      {
        version: '2.1.1',
        line: '[2024-02-23 07:47:50,149] INFO [Controller id=3] Newly added brokers: , deleted brokers: 1, all live brokers: 2,3 (kafka.controller.KafkaController)',
        fields: { self: 3, count: 2, state: 'deleted', peer: 1 },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:43,708] INFO [Controller id=3] Newly added brokers: 1, deleted brokers: , bounced brokers: , all live brokers: 1,2,3 (kafka.controller.KafkaController)',
        fields: { self: 3, count: 3, state: 'added', peer: 1 },
      },
      {
        version: '2.6.0',
        line: '[2026-11-22 17:23:25,259] INFO [Controller id=3] Newly added brokers: , deleted brokers: 1, bounced brokers: , all live brokers: 2,3 (kafka.controller.KafkaController)',
        fields: { self: 3, count: 2, state: 'deleted', peer: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:19,064] INFO [Controller id=2] Newly added brokers: , deleted brokers: 1, bounced brokers: , all live brokers: 2,3 (kafka.controller.KafkaController)',
        fields: { self: 2, count: 2, state: 'deleted', peer: 1 },
      },
    ],
  },
  {
    event: 'kafka_broker_failed',
    component: 'controller',
    class: 'failover',
    severity: 'major',
    meaning: 'The controller takes brokers as gone and moves their leaderships.',
    wordings: [
      {
        begins: 'Broker failure callback for ',
        prefix: controller,
        pattern: /^Broker failure callback for (?<peer>\d{1,10})/,
        refine: ({ body }) => ({ count: ids(body.slice(28, 2_000)).length }),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:23:25,263] INFO [Controller id=3] Broker failure callback for 1 (kafka.controller.KafkaController)',
        fields: { self: 3, peer: 1, count: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:19,067] INFO [Controller id=2] Broker failure callback for 1 (kafka.controller.KafkaController)',
        fields: { self: 2, peer: 1, count: 1 },
      },
    ],
  },
  {
    event: 'kafka_broker_shutdown_done',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'The brokers that are gone had asked to stop: it was no crash.',
    wordings: [
      {
        begins: 'Removed ',
        prefix: controller,
        pattern: /^Removed (?<peer>\d{1,10})[\d,]{0,600} from list of shutting down brokers/,
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:23:25,264] INFO [Controller id=3] Removed 1 from list of shutting down brokers. (kafka.controller.KafkaController)',
        fields: { self: 3, peer: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:19,067] INFO [Controller id=2] Removed 1 from list of shutting down brokers. (kafka.controller.KafkaController)',
        fields: { self: 2, peer: 1 },
      },
    ],
  },
  {
    event: 'kafka_broker_started',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'The controller takes brokers as there and gives them their partitions.',
    wordings: [
      {
        begins: 'New broker startup callback for ',
        prefix: controller,
        pattern: /^New broker startup callback for (?<peer>\d{1,10})/,
        refine: ({ body }) => ({ count: ids(body.slice(32, 2_000)).length }),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:20,151] INFO [Controller id=1] New broker startup callback for 2 (kafka.controller.KafkaController)',
        fields: { self: 1, peer: 2, count: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:10,918] INFO [Controller id=2] New broker startup callback for 1 (kafka.controller.KafkaController)',
        fields: { self: 2, peer: 1, count: 1 },
      },
    ],
  },
  {
    event: 'kafka_controlled_shutdown_req',
    component: 'controller',
    class: 'failover',
    severity: 'info',
    meaning: 'A broker asked to stop in order.',
    wordings: [
      { begins: 'Shutting down broker ', prefix: controller, pattern: /^Shutting down broker (?<peer>\d{1,10})/ },
    ],
    examples: [
      {
        version: '2.6.0',
        line: '[2026-11-22 17:22:29,329] INFO [Controller id=1] Shutting down broker 1 (kafka.controller.KafkaController)',
        fields: { self: 1, peer: 1 },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:18,875] INFO [Controller id=2] Shutting down broker 1 (kafka.controller.KafkaController)',
        fields: { self: 2, peer: 1 },
      },
    ],
  },
  {
    event: 'kafka_ctrl_to_broker_fail',
    component: 'controller',
    class: 'controller',
    severity: 'major',
    meaning: 'The controller does not reach a broker. Told once a second and broker.',
    once: { by: ['self', 'peer'], withinMs: 1_000 },
    wordings: [
      {
        begins: 'Controller ',
        prefix: '[RequestSendThread controllerId=',
        pattern:
          /^Controller \d{1,10}(?:'s connection to broker | epoch \d{1,12} fails to send request | fails to send a request to broker )/,
        continued: true,
        refine: ({ body }) => brokerAtEnd(body),
      },
    ],
    examples: [
      {
        version: '2.6.0',
        line: "[2026-11-22 17:22:29,496] WARN [RequestSendThread controllerId=1] Controller 1's connection to broker 10.77.0.1:9092 (id: 1 rack: null) was unsuccessful (kafka.controller.RequestSendThread)",
        continuation: 'java.io.IOException: Connection to 10.77.0.1:9092 (id: 1 rack: null) failed.',
        fields: {
          self: 1,
          reason: 'java.io.IOException: Connection to 10.77.0.1:9092 (id: 1 rack: null) failed.',
          peer: 1,
          address: '10.77.0.1:9092',
        },
      },
      {
        version: '2.6.0',
        line: "[2026-11-22 17:22:29,394] WARN [RequestSendThread controllerId=1] Controller 1 epoch 1 fails to send request (type=StopReplicaRequest, controllerId=1, controllerEpoch=1, brokerEpoch=4294967349, deletePartitions=false, topicStates=StopReplicaTopicState(topicName='test-topic', partitionStates=[StopReplicaPartitionState(partitionIndex=1, leaderEpoch=0, deletePartition=false)])) to broker 10.77.0.1:9092 (id: 1 rack: null). Reconnecting to broker. (kafka.controller.RequestSendThread)",
        continuation: 'java.io.IOException: Connection to 1 was disconnected before the response was read',
        fields: {
          self: 1,
          reason: 'java.io.IOException: Connection to 1 was disconnected before the response was read',
          peer: 1,
          address: '10.77.0.1:9092',
        },
      },
      {
        version: '3.9.1',
        line: "[2026-11-22 17:35:10,846] WARN [RequestSendThread controllerId=2] Controller 2's connection to broker 10.77.0.2:9092 (id: 2 rack: null) was unsuccessful (kafka.controller.RequestSendThread)",
        continuation: 'java.io.IOException: Connection to 10.77.0.2:9092 (id: 2 rack: null) failed.',
        fields: {
          self: 2,
          reason: 'java.io.IOException: Connection to 10.77.0.2:9092 (id: 2 rack: null) failed.',
          peer: 2,
          address: '10.77.0.2:9092',
        },
      },
      {
        version: '3.9.1',
        line: "[2026-11-22 17:35:40,125] WARN [RequestSendThread controllerId=2] Controller 2 epoch 1 fails to send request (type: UpdateMetadataRequest=, controllerId=2, controllerEpoch=1, kraftController=false, type=UNKNOWN, brokerEpoch=4294967353, partitionStates=[UpdateMetadataPartitionState(topicName='test-topic', partitionIndex=0, controllerEpoch=1, leader=3, leaderEpoch=1, isr=[3], zkVersion=1, replicas=[2, 3], offlineReplicas=[2])], liveBrokers=UpdateMetadataBroker(id=3, v0Host='', v0Port=0, endpoints=[UpdateMetadataEndpoint(port=9092, host='10.77.0.3', listener='PLAINTEXT', securityProtocol=0)], rack=null), UpdateMetadataBroker(id=2, v0Host='', v0Port=0, endpoints=[UpdateMetadataEndpoint(port=9092, host='10.77.0.2', listener='PLAINTEXT', securityProtocol=0)], rack=null)) to broker 10.77.0.2:9092 (id: 2 rack: null). Reconnecting to broker. (kafka.controller.RequestSendThread)",
        continuation: 'java.io.IOException: Connection to 2 was disconnected before the response was read',
        fields: {
          self: 2,
          reason: 'java.io.IOException: Connection to 2 was disconnected before the response was read',
          peer: 2,
          address: '10.77.0.2:9092',
        },
      },
      {
        version: '3.9.1',
        line: '[2026-11-22 17:35:40,202] ERROR [RequestSendThread controllerId=2] Controller 2 fails to send a request to broker 10.77.0.2:9092 (id: 2 rack: null) (kafka.controller.RequestSendThread)',
        continuation: 'java.lang.InterruptedException',
        fields: { self: 2, reason: 'java.lang.InterruptedException', peer: 2, address: '10.77.0.2:9092' },
      },
    ],
  },
]

function brokersAfter(body: string, words: string): number[] {
  const at = body.indexOf(words)
  if (at < 0) return []
  const list = /^[\d,]{0,2000}/.exec(body.slice(at + words.length, at + words.length + 2_000))?.[0] ?? ''
  return ids(list)
}

/** The request between may be as long as it likes; the broker comes last, `10.77.0.1:9092 (id: 1 rack: null)`. */
function brokerAtEnd(body: string): { peer?: number; address?: string } {
  const at = body.lastIndexOf(' to broker ')
  const found = at < 0 ? null : /^ to broker ([^ ]{1,260}) \(id: (\d{1,10}) /.exec(body.slice(at, at + 400))
  return found === null ? {} : { peer: Number(found[2]), address: found[1] ?? '' }
}
