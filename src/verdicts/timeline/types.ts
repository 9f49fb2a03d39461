import type { LogFileFacts } from '../../model/log-facts.ts'

/** A line that proves a statement. */
export interface Proof {
  readonly file: string
  readonly line: number
  /** Milliseconds since 1970. */
  readonly at: number
  readonly text: string
}

/** `node`: a KRaft process, broker or controller or both. `client`: whoever holds a session that no broker's log claims. */
export type ActorRole = 'broker' | 'zookeeper' | 'node' | 'client'

/** Something that can be lost: a broker, a ZooKeeper server, a KRaft node, a session's holder. */
export interface Actor {
  readonly role: ActorRole
  /** Broker id, node id or myid. */
  readonly id: number | undefined
  /** Its address or session, where no id is known. */
  readonly name: string
}

/**
 * `stop`: it was asked to and shut down. `crash`: its process ended without a word. `ended`: its process ended, and stop and
 * crash look alike (ZooKeeper writes nothing when it is stopped). `cut`: it ran on and could not be reached.
 * `silent`: it could not be reached, and its own log is missing: cut off or frozen. `unknown`: no line tells.
 */
export type How = 'stop' | 'crash' | 'ended' | 'cut' | 'silent' | 'unknown'

export interface Statement {
  readonly text: string
  readonly proof: readonly Proof[]
}

/** One actor that was away. */
export interface Loss {
  readonly actor: Actor
  readonly how: How
  /** The first line that tells of it; for a cut, the cut itself was earlier. */
  readonly from: number
  /** The line that says it is back; undefined: none does. */
  readonly backAt: number | undefined
  /** Why `how` is believed. */
  readonly because: readonly Statement[]
}

export const phaseNames = [
  'asked to stop',
  'noticed by ZooKeeper',
  'noticed by Kafka',
  'controlled shutdown',
  'ZooKeeper quorum lost',
  'KRaft quorum lost',
  'ZooKeeper leader elected',
  'controller elected',
  'session closed',
  'session expired',
  'learned of expiry',
  'fenced',
  'removed by the controller',
  'leaders elected',
  'leaderless',
  'fetchers moved',
  'ISR shrunk',
  'process ended',
  'started again',
  'in ZooKeeper again',
  'registered again',
  'unfenced',
  'leaderless no more',
  'back in ISR',
] as const
export type PhaseName = (typeof phaseNames)[number]

export interface Phase {
  readonly name: PhaseName
  /** The first line of it, and the last. */
  readonly at: number
  readonly until: number
  /** Since the incident's first line. */
  readonly afterMs: number
  readonly text: string
  readonly proof: readonly Proof[]
}

/** Which of the two failed over first. */
export interface Order {
  readonly first: 'zookeeper' | 'kafka'
  readonly zookeeperAt: number
  readonly kafkaAt: number
  readonly text: string
  readonly proof: readonly Proof[]
}

/** Losses that belong together. */
export interface Incident {
  readonly from: number
  readonly until: number | undefined
  /** `from` is the last line of its own log before it started again: when it was lost in between, no line tells. */
  readonly isFromLastLine: boolean
  /** Only others' connections that failed, or a new controller's list, tell of it: how long it was away, no line tells. */
  readonly isHearsay: boolean
  readonly how: How
  /** Ids, ascending. */
  readonly nodes: readonly number[]
  /** `node`: the broker and the ZooKeeper server of one node, or a KRaft node. */
  readonly scope: 'broker' | 'zookeeper' | 'node' | 'client'
  readonly title: string
  readonly losses: readonly Loss[]
  readonly phases: readonly Phase[]
  readonly order: Order | undefined
  /** Nodes that could reach nobody, where a cut left no majority. */
  readonly alone: readonly number[]
  /** What the reader has to know of the evidence. */
  readonly notes: readonly string[]
}

/** A time without a leader of the ensemble or of the KRaft quorum. */
export interface QuorumGap {
  readonly system: 'zookeeper' | 'kraft'
  /** `election`: the majority was there and elected. */
  readonly kind: 'lost' | 'election'
  /** The only member whose log is there: it may be the one that was cut off. */
  readonly seenBy: number | undefined
  readonly from: number
  readonly until: number | undefined
  readonly proof: readonly Proof[]
}

/** A time in which brokers, by their own logs, had no server of ZooKeeper that served them: told where no server's log is there. */
export interface ZookeeperGap {
  /** Ids, ascending. */
  readonly brokers: readonly number[]
  /** The first of them lost it, the last had it again (or was stopped); undefined: no line says so. */
  readonly from: number
  readonly until: number | undefined
  /** How many servers each of them tried in vain at least, of how many that it knows. */
  readonly tried: number
  readonly servers: number | undefined
  readonly proof: readonly Proof[]
}

export interface LeaderlessGap {
  readonly partition: string
  readonly from: number
  readonly until: number | undefined
  readonly proof: readonly Proof[]
}

export interface Timeline {
  readonly from: number | undefined
  readonly until: number | undefined
  readonly files: readonly LogFileFacts[]
  readonly incidents: readonly Incident[]
  readonly quorumGaps: readonly QuorumGap[]
  readonly zookeeperGaps: readonly ZookeeperGap[]
  readonly leaderless: readonly LeaderlessGap[]
  /** Why all of it may be wrong. */
  readonly warnings: readonly string[]
  /** What could not be told, and why. */
  readonly notes: readonly string[]
}
