import { kafkaAccess, zookeeperTls } from './access.ts'
import type { Config } from './config/config.ts'
import type { Clock } from './model/instant.ts'
import type { LogComponent } from './model/log-event.ts'
import type { FactName, Facts } from './model/view.ts'
import { paces } from './paces.ts'
import type { Notes, Source } from './source.ts'
import { ConfigsSource } from './sources/kafka/configs.ts'
import { ElrSource } from './sources/kafka/elr.ts'
import { LivenessSource } from './sources/kafka/liveness.ts'
import { OffsetsSource } from './sources/kafka/offsets.ts'
import { QuorumSource } from './sources/kafka/quorum.ts'
import { ReassignmentsSource } from './sources/kafka/reassignments.ts'
import { TopologySource } from './sources/kafka/topology.ts'
import { createFollower } from './sources/logs/create-follower.ts'
import type { LogPattern } from './sources/logs/follower.ts'
import { LogsSource } from './sources/logs/logs.ts'
import { createParser } from './sources/logs/line-parser.ts'
import { countedEvents } from './sources/logs/rules/all.ts'
import type { Countable } from './sources/logs/tallies.ts'
import { SessionsSource } from './sources/zookeeper/sessions.ts'
import { ZnodesSource } from './sources/zookeeper/znodes.ts'
import { ZooKeeperSource } from './sources/zookeeper/zookeeper.ts'

/** What the sources are given of the rest of the program. */
export interface Surroundings {
  readonly clock: Clock
  /** Asks for another look of a source. */
  readonly look: (name: FactName) => void
  /** The same, and something has happened: alert pace for all. */
  readonly wake: (name: FactName) => void
  readonly isZooKeeperLost: () => boolean
  /** A line of the exporter's own log. */
  readonly warn: (message: string, fields: Readonly<Record<string, string | number>>) => void
}

export type Creators = { readonly [Name in FactName]: (notes: Notes) => Source<Facts[Name]> }

/** How each source is made. */
export function creators({ kafka, zookeeper, logs }: Config, surroundings: Surroundings): Creators {
  const { clock, look, wake, isZooKeeperLost, warn } = surroundings
  const { servers: seeds, controllers } = kafka
  const ofBrokers = { connection: kafkaAccess(kafka), clock }
  const ofEnsemble = { ...zookeeper, tls: zookeeperTls(zookeeper), clock }
  const usual = <Name extends FactName>(name: Name) => ({
    pace: paces[name],
    look: () => look(name),
    wake: () => wake(name),
  })
  return {
    liveness: (notes) => new LivenessSource({ ...ofBrokers, ...usual('liveness'), seeds, notes }),
    topology: (notes) => new TopologySource({ ...ofBrokers, ...usual('topology'), seeds, notes }),
    // No stir: a leader that goes on denying it is no reason for alert pace for ever.
    offsets: (notes) =>
      new OffsetsSource({ ...ofBrokers, ...usual('offsets'), topologyIsStale: () => look('topology'), notes }),
    reassignments: (notes) => new ReassignmentsSource({ ...ofBrokers, ...usual('reassignments'), notes }),
    configs: (notes) => new ConfigsSource({ ...ofBrokers, ...usual('configs'), isQuorumLost: isZooKeeperLost, notes }),
    quorum: (notes) => new QuorumSource({ ...ofBrokers, ...usual('quorum'), controllers, notes }),
    elr: (notes) => new ElrSource({ ...ofBrokers, ...usual('elr'), notes }),
    zookeeper: (notes) => new ZooKeeperSource({ ...ofEnsemble, ...usual('zookeeper'), notes }),
    sessions: (notes) => new SessionsSource({ ...ofEnsemble, ...usual('sessions'), notes }),
    znodes: (notes) => new ZnodesSource({ ...ofEnsemble, ...usual('znodes'), notes }),
    logs: (notes) =>
      new LogsSource({
        createFollower: (followerNotes) =>
          createFollower({ ...logs, patterns: patternsOf(logs), clock, notes: followerNotes }),
        createParser,
        countable: countableIn(logs),
        ...logs,
        ...usual('logs'),
        clock,
        wake,
        warn,
        notes,
      }),
  }
}

function patternsOf({ kafka, zookeeper }: Config['logs']): readonly LogPattern[] {
  const of = (patterns: readonly string[], component: LogComponent): readonly LogPattern[] =>
    patterns.map((pattern) => ({ pattern, component }))
  return [...of(kafka, 'kafka'), ...of(zookeeper, 'zookeeper')]
}

/** Of a ZooKeeper server's log nobody can say that no broker had an event. */
function countableIn({ kafka, zookeeper }: Config['logs']): readonly Countable[] {
  const written = new Set<LogComponent>()
  if (kafka.length > 0) written.add('kafka').add('controller')
  if (zookeeper.length > 0) written.add('zookeeper')
  return countedEvents.filter(({ component }) => written.has(component))
}
