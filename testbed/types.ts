/** What tests, drills, benches and the demo know of a real cluster. `cluster.ts` starts one. */

/** `loopback`: own ports on 127.0.0.1. `namespaces`: a network of its own per node (root only), where cuts work. */
export type Plan = 'loopback' | 'namespaces'

/** Who coordinates: a ZooKeeper ensemble, or a quorum of controllers. */
export type Mode = 'zookeeper' | 'kraft'

export type Role = 'zk' | 'controller' | 'kafka'

/** `kafka1`, `zk2`, `controller2` where controllers are separate, or `node3` for everything on a node. */
export type Unit = `${Role | 'node'}${number}`

export type Verb = 'start' | 'stop' | 'kill' | 'pause' | 'resume' | 'cut' | 'heal'

export interface LogsBySize {
  /** log4j's `MaxFileSize`. */
  readonly size: `${number}KB` | `${number}MB`
  /** How many rotated files of each. */
  readonly keep: number
  /** Of Kafka's and ZooKeeper's own code, into the files only. Default `INFO`. */
  readonly level?: 'INFO' | 'DEBUG'
}

export interface ClusterOptions {
  /** Kafka version, up to 3.x brings its own ZooKeeper version. */
  readonly kafka: string
  /** Default `zookeeper`, from Kafka 4 on `kraft`: it knows nothing else. */
  readonly mode?: Mode
  /** KRaft: controllers within the brokers' processes, or beside them as servers of their own. Default `combined`. */
  readonly controllers?: 'combined' | 'separate'
  /** KRaft: feature levels to format the storage with, such as `eligible.leader.replicas.version` (from 4.1 on 1 by default). */
  readonly features?: Readonly<Record<string, number>>
  /** Nodes, each with one broker and one ZooKeeper server or controller. Default 3. */
  readonly nodes?: number
  /** Default `loopback`. */
  readonly plan?: Plan
  /** `zookeeper.session.timeout.ms`; default 18000, the user's setting. KRaft: `broker.session.timeout.ms`; default Kafka's, 9000. */
  readonly sessionTimeoutMs?: number
  /** Extra or overriding lines of server.properties, separate controllers' too; `listeners` come on top of the plain one. */
  readonly brokerConfig?: Readonly<Record<string, string>>
  /** Extra or overriding lines of zoo.cfg, such as `admin.enableServer`; `4lw.commands.whitelist` is `*` unless overridden (ZooKeeper's own default: `srvr`). */
  readonly zookeeperConfig?: Readonly<Record<string, string>>
  /** Logs rotated by their size. Default: each hour, as Kafka's own files say. */
  readonly logsBySize?: LogsBySize
}

export interface Server {
  readonly id: number
  /** As clients reach it from where this process runs. */
  readonly host: string
  readonly port: number
  /** Every log file this server writes; what it has been rotated to has a further ending, such as `.1`. */
  readonly logFiles: readonly string[]
  /** The network namespace it lives in; something that runs there is reached with `ip netns exec`. */
  readonly namespace?: string
  /** A ZooKeeper server's AdminServer, with `admin.enableServer`. */
  readonly adminUrl?: string
}

export interface TruthPartition {
  readonly topic: string
  readonly partition: number
  /** -1 when Kafka's tool prints `none`. */
  readonly leader: number
  readonly replicas: readonly number[]
  readonly isr: readonly number[]
}

export interface TruthOffset {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

export interface NewTopic {
  readonly name: string
  /** As kafka-topics takes it: `2:3,3:1,1:2`. Instead of partitions and replicationFactor. */
  readonly replicaAssignment?: string
  readonly partitions?: number
  readonly replicationFactor?: number
  readonly config?: Readonly<Record<string, string>>
}

export interface Cluster {
  readonly kafka: string
  readonly mode: Mode
  readonly plan: Plan
  /** What runs on each node, in the order in which an operator starts it. */
  readonly roles: readonly Role[]
  /** Everything it writes is below this. */
  readonly directory: string
  readonly brokers: readonly Server[]
  /** None in KRaft mode. */
  readonly zookeepers: readonly Server[]
  /** KRaft: the voters, by voter id; node 1's is 1 within the broker's process (`kafka1`) and 101 beside it (`controller1`). */
  readonly controllers: readonly Server[]
  /** `host:port` of each broker. */
  readonly bootstrap: readonly string[]
  /**
   * Does something to a unit. `stop` is SIGTERM and resolves when the process has ended; `kill` SIGKILL; `pause` and
   * `resume` SIGSTOP and SIGCONT; `start` resolves when the server accepts connections; `cut` and `heal` need namespaces.
   * Throws on a verb that cannot be done in this plan or state.
   */
  act(verb: Verb, unit: Unit): Promise<void>
  /** Namespaces only: the nodes of the two sides no longer reach each other, the observer still reaches all. */
  split(oneSide: readonly number[], otherSide: readonly number[]): Promise<void>
  rejoin(): Promise<void>
  isRunning(unit: Unit): boolean
  /** Of the running process of a single server; undefined when it does not run, and for a node with several. */
  pidOf(unit: Unit): number | undefined
  createTopic(topic: NewTopic): Promise<void>
  /** Writes that many records to one partition, acks=all, and waits for them. */
  produce(topic: string, partition: number, count: number): Promise<void>
  /** Kafka's own `kafka-topics --describe`, all topics, internal ones included. */
  describeTopics(): Promise<readonly TruthPartition[]>
  /** Kafka's own GetOffsetShell for a topic; `time` -1 latest, -2 earliest. Leaderless partitions are left out, as there. */
  getOffsets(topic: string, time: -1 | -2): Promise<readonly TruthOffset[]>
  /** Runs one of Kafka's main classes with the distribution as class path. Rejects past the deadline. */
  tool(
    mainClass: string,
    args: readonly string[],
    deadlineMs?: number,
  ): Promise<{ code: number; stdout: string; stderr: string }>
  /** Ends every process and removes what it made (the logs too, unless KEEP_TESTBED=1). */
  destroy(): Promise<void>
}
