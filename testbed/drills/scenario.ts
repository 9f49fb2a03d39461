/** A drill's script as data. A later layer (quorum, sessions, logs, episodes, alerts) is one more key of a stage. */
import type { Cluster, Plan, Unit, Verb } from '../types.ts'
import type { Bound, Hold, Shown } from './bound.ts'
import type { Announced } from './coordinators/announced.ts'
import type { InLogs } from './logs/expected.ts'
import type { Condition } from './moment.ts'

/** `$controller` is whoever it was when a `find` step looked; with KRaft `$other` and `$last` are the nodes of the other two. `$leader` leads the ensemble. */
export type Target = Unit | `${'kafka' | 'node' | 'controller'}$${'controller' | 'other' | 'last'}` | 'zk$leader'

/** What kafka-topics and GetOffsetShell must print for one partition. */
export interface ToolsSay {
  readonly leader?: number
  /** Of a leaderless partition those that Kafka 4 has moved from there to the eligible leader replicas count, too. */
  readonly isr?: readonly number[]
  readonly offset?: number | 'none'
}

/**
 * The cluster has settled, and everything is compared: every expected family as a whole against Kafka's tools and its
 * brokers' own words at that moment. The keys name what must be seen besides, in plain numbers, so that a mistake that
 * the exporter and the table share is seen too.
 */
export interface Stage {
  readonly stage: string
  /** `topic/partition` -> what Kafka's tools print. `none`: the tools cannot be used here, raw metadata has to do. */
  readonly kafkaTools?: Readonly<Record<string, ToolsSay>> | 'none'
  readonly kafkaFamilies?: Shown
  /** Of the coordinators and the sessions that hang on them. */
  readonly coordinatorFamilies?: Shown
  /** Node -> what the exporter inside it must show. */
  readonly sides?: Readonly<Record<number, Shown>>
}

export interface Finding {
  readonly ok: boolean
  readonly detail: string
}

/**
 * `follower`: its ZooKeeper server must not lead, or it is started again until it does not. `exporterIn`: one more, inside that
 * node's network. `furtherExporters`: as many besides, read by nobody. `claim`: it has to hold at that moment. `writes`: acks=all, one after
 * the other to each of these partitions. `calm`: an act in which nothing is done, for as long as `--minutes` says.
 */
export type Step =
  | { readonly find: 'controller' | 'leader' }
  | { readonly follower: number }
  | { readonly act: Verb; readonly on: readonly Target[]; readonly as?: string }
  | { readonly split: 'node$controller' }
  | { readonly rejoin: true }
  | { readonly exporter: 'start' }
  | { readonly exporterIn: number }
  | { readonly furtherExporters: number }
  | { readonly change: string; readonly run: (cluster: Cluster) => Promise<void> }
  | { readonly until: Condition; readonly deadlineS: number }
  | { readonly claim: Condition }
  | { readonly examine: string; readonly run: (cluster: Cluster) => Promise<Finding> }
  | { readonly writes: readonly string[] | 'end' }
  | { readonly seconds: number; readonly why: string }
  | { readonly calm: string }
  | Stage

export interface Scenario {
  readonly name: string
  readonly title: string
  readonly plan: Plan
  /** `core` runs in npm test, `wide` in CI. */
  readonly set: 'core' | 'wide'
  /** Needs a cluster without ZooKeeper; one that says nothing runs in either mode. */
  readonly mode?: 'kraft'
  /** With KRaft: within the brokers (default), or beside them where the quorum has to outlive two brokers. */
  readonly controllers?: 'combined' | 'separate'
  /** Of the coordinators: where they are (default), or the brokers only. */
  readonly exporterKnows?: 'brokers'
  /** For scenarios whose seconds mean nothing with another one. */
  readonly sessionTimeoutMs?: number
  /** Kafka names a leader -> shown, where no closed socket wakes the exporter; default 1 s. */
  readonly leaderWithinS?: number
  readonly steps: readonly Step[]
  readonly bounds: readonly Bound[]
  readonly holds?: readonly Hold[]
  readonly announced?: readonly Announced[]
  /** What the servers' own logs must say, and the exporter count. */
  readonly logs?: readonly InLogs[]
}

export const TEST_TOPIC = 'test-topic'

/** The user's topic with his offsets, 1, 6 and 3, and one whose partitions have two followers. */
export const TOPICS: readonly { name: string; replicaAssignment: string; records: readonly number[] }[] = [
  { name: TEST_TOPIC, replicaAssignment: '2:3,3:1,1:2', records: [1, 6, 3] },
  { name: 'three-replicas', replicaAssignment: '1:2:3,2:3:1,3:1:2', records: [2, 0, 7] },
]

/** A small __consumer_offsets that outlives two brokers, so that internal topics are in every count. */
export const BROKER_CONFIG = {
  'offsets.topic.replication.factor': '3',
  'offsets.topic.num.partitions': '4',
  'auto.create.topics.enable': 'false',
}
