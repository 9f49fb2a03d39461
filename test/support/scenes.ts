import {
  described,
  ensemble,
  dead,
  follows,
  idle,
  kraftQuorum,
  leads,
  membership,
  notLeader,
  replica,
  silent,
  znodes,
} from './coordinators.ts'
import { configs, textOf, down, liveness, offsets, topology, up, type Said } from './facts.ts'
import { logFile, logsOf } from './logs.ts'
import { TestStore } from './state.ts'

/** Three brokers in ZooKeeper mode, controller 1; what `orders` looks like is the scene's. */
function cluster(orders: readonly Said[], brokers = [1, 2, 3]) {
  const rf3 = (leader: number, replicas: readonly number[]): Said => ({
    leader,
    replicas,
    isr: replicas.filter((id) => brokers.includes(id)),
  })
  return topology({
    brokers,
    topics: {
      orders,
      'pay.ments': [rf3(1, [1, 2, 3]), rf3(2, [2, 3, 1])],
      __consumer_offsets: [rf3(1, [1, 3, 2])],
    },
  })
}

const orders: readonly Said[] = [
  { leader: 1, replicas: [1, 2, 3] },
  { leader: 2, replicas: [2, 3, 1] },
  { leader: 3, replicas: [3] },
]

const seeds = ['bootstrap.test:9092', textOf(1)]
const probes = (states: Parameters<typeof liveness>[0]) => liveness({ [seeds[0] ?? '']: up(), ...states })

const broker = {
  'zookeeper.session.timeout.ms': '18000',
  'replica.lag.time.max.ms': '30000',
  'offsets.topic.replication.factor': '1',
  'inter.broker.protocol.version': '2.6-IV0',
}
const settings = configs({ orders: 1, 'pay.ments': 2, __consumer_offsets: 1 }, {}, { 1: broker, 2: broker, 3: broker })

/** Nothing was looked at yet. */
export function beforeAnything(): TestStore {
  const store = new TestStore({ seeds })
  store.ledgers.liveness.expect(['ApiVersions', 'Metadata'])
  store.ledgers.topology.expect(['ApiVersions', 'Metadata'])
  store.ledgers.offsets.expect(['ApiVersions', 'ListOffsets'])
  store.ledgers.reassignments.expect(['ApiVersions', 'ListPartitionReassignments'])
  store.ledgers.configs.expect(['ApiVersions', 'DescribeConfigs'])
  return store.tick(100)
}

export function healthy(): TestStore {
  const store = beforeAnything()
  for (let i = 0; i < 4; i++) for (const api of ['ApiVersions', 'Metadata']) store.ledgers.liveness.sent(api)
  for (const api of ['ApiVersions', 'Metadata']) store.ledgers.topology.sent(api)
  for (const api of ['ApiVersions', 'ListOffsets', 'ListOffsets']) store.ledgers.offsets.sent(api)
  const said = cluster(orders)
  store.brings('topology', said, 12).brings('liveness', probes({ 1: up(), 2: up(), 3: up() }), 3)
  store.brings('reassignments', { access: 'granted', partitions: [] }, 2).brings('configs', settings, 9)
  return store.brings('offsets', offsets(said, store.now.mono), 8).tick(1_000)
}

/** Scenario C right after the kill: broker 3 is dead, and Kafka has not noticed. */
export function rightAfterTheKill(): TestStore {
  const store = healthy().pass(200)
  store.ledgers.liveness.failed(textOf(3), { reason: 'closed', detail: '' })
  store.ledgers.liveness.failed(textOf(3), { reason: 'refused', detail: '' })
  return store.brings('liveness', probes({ 1: up(), 2: up(), 3: down('refused') }), 4)
}

/** Scenario B: the only replica of orders-2 is gone and Kafka knows; the other partitions have shrunk and moved. */
export function leaderless(): TestStore {
  const store = rightAfterTheKill().pass(18_000)
  const view = { brokerIds: [1, 2] }
  store.brings('liveness', liveness({ [seeds[0] ?? '']: up(view), 1: up(view), 2: up(view), 3: down('refused') }))
  const said = cluster(
    [
      { leader: 1, replicas: [1, 2, 3], isr: [1, 2] },
      { leader: 2, replicas: [2, 3, 1], isr: [2, 1] },
      { leader: -1, replicas: [3], isr: [3], offline: [3] },
    ],
    [1, 2],
  )
  store.brings('topology', said, 15)
  return store.brings('offsets', offsets(said, store.now.mono), 6).tick(500)
}

/** Then everything dies, and the last topology is too old to be shown. */
export function totalOutage(): TestStore {
  const store = leaderless().pass(1_000)
  const dead = liveness({ [seeds[0] ?? '']: down('timeout'), 1: down('hung'), 2: down('no_route'), 3: down('refused') })
  store.brings('liveness', dead).pass(20_000)
  return store.brings('topology', undefined).brings('offsets', undefined).brings('liveness', dead).tick(100)
}

/** All well, and ZooKeeper is watched: the ids are known from its data. */
function healthyEnsemble(): TestStore {
  const data = znodes({ membership: membership(3, 0, 0x1_0000_0000n) })
  const servers = ensemble(follows(5, 98), leads(2), follows(4, 7))
  return healthy().brings('znodes', data).brings('zookeeper', servers, 5).tick(1_000)
}

/** Scenario E: two servers are killed, and Kafka serves on. */
export function quorumLost(): TestStore {
  return healthyEnsemble()
    .pass(500)
    .brings('zookeeper', ensemble(dead(), dead(), idle), 2)
    .tick(100)
}

/** KRaft: separate controllers that are asked directly. */
export function kraft(): TestStore {
  const store = beforeAnything()
  const said = cluster(orders)
  const live = up({ kraft: true, controllerId: 2 })
  const voters = [replica(3_001, 5_000, 0), replica(3_000, 5_000, 200), replica(3_002, 4_990, 400)]
  const brokers = [1, 2, 3].map((id) => replica(id, 4_999, 100))
  store.brings('topology', said, 12).brings('liveness', probes({ 1: live, 2: live, 3: live }), 3)
  store.brings('reassignments', { access: 'granted', partitions: [] }, 2).brings('configs', settings, 9)
  store.brings('quorum', kraftQuorum([notLeader, described(voters, 7, brokers), notLeader]), 4)
  return store.brings('offsets', offsets(said, store.now.mono), 8).tick(1_000)
}

/** Two of the three controllers are killed; the brokers go on as if nothing had happened. */
function kraftQuorumLost(): TestStore {
  const store = kraft().pass(500)
  const gone = silent(store.now.mono, 'refused')
  return store.brings('quorum', kraftQuorum([notLeader, gone, gone]), 4).tick(500)
}

/** No controllers are given, and every broker dies: nobody is left who could tell of the quorum. */
function kraftTotalOutage(): TestStore {
  const store = beforeAnything()
  const said = cluster(orders)
  const live = up({ kraft: true, controllerId: 2 })
  const voters = [1, 2, 3].map((id) => replica(id, 5_000, 100 * (id - 1)))
  const gone = probes({ [seeds[0] ?? '']: down(), 1: down(), 2: down('closed'), 3: down('timeout') })
  store.brings('topology', said, 12).brings('liveness', probes({ 1: live, 2: live, 3: live }), 3)
  store.brings('reassignments', { access: 'granted', partitions: [] }, 2).brings('configs', settings, 9)
  store.brings('quorum', { ...kraftQuorum([], described(voters)), fenced: new Set() }, 4)
  store.pass(1_000).brings('liveness', gone, 3).brings('quorum', undefined, 1)
  return store.tick(60_000).brings('liveness', gone, 3).tick(500)
}

/** Beside a broker: its log was rotated while a session expired, and another file may not be read. */
function followedLogs(): TestStore {
  const at = Date.UTC(2026, 10, 22, 11, 59, 59, 250)
  const told = logsOf({
    files: [
      logFile('/var/log/kafka/controller.log', { up: false, failure: 'permission denied' }),
      logFile('/var/log/kafka/server.log', { bytes: 70_000, lagBytes: 120, rotations: 1, truncations: 1, cutLines: 2 }),
    ],
    lines: [
      { component: 'kafka', level: 'info', count: 400 },
      { component: 'kafka', level: 'warn', count: 12 },
      { component: 'kafka', level: 'error', count: 0 },
    ],
    events: [
      { component: 'kafka', event: 'zkc_session_expired', count: 1, lastAt: at },
      { component: 'controller', event: 'controller_elected', count: 0, lastAt: undefined },
    ],
    taken: 1,
  })
  return healthy().brings('logs', told, 3)
}

export const scenes = {
  'before-anything': beforeAnything,
  healthy,
  'c-right-after-the-kill': rightAfterTheKill,
  'b-leaderless': leaderless,
  'total-outage': totalOutage,
  'healthy-ensemble': healthyEnsemble,
  'quorum-lost': quorumLost,
  kraft,
  'kraft-quorum-lost': kraftQuorumLost,
  'kraft-total-outage': kraftTotalOutage,
  'followed-logs': followedLogs,
} as const
