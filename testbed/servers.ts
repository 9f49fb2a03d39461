import { join } from 'node:path'
import { writeBrokerConfig, writeZookeeperConfig, type Settings } from './config-files.ts'
import { loggingOf, type Distribution } from './distribution.ts'
import { javaCommand } from './java.ts'
import { writeKraftConfig, type KraftOptions } from './kraft.ts'
import { homeOf, logsOf, type Node } from './layout.ts'
import { accepts, brokerAnswers } from './probes.ts'
import { ServerProcess } from './server-process.ts'
import type { LogsBySize } from './types.ts'

const ZOOKEEPER_JVM = ['-Xmx160m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const BROKER_JVM = ['-Xmx512m', '-XX:+UseSerialGC']
const CONTROLLER_JVM = ['-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

interface Place {
  readonly distribution: Distribution
  /** Further jars on ZooKeeper's class path. */
  readonly zookeeperJars?: readonly string[]
  readonly directory: string
  readonly logsBySize: LogsBySize | undefined
}

export interface ServersOptions extends Place {
  readonly nodes: readonly Node[]
  readonly sessionTimeoutMs: number
  readonly brokerConfig: Settings
  readonly zookeeperConfig: Settings
}

/** Writes every server's configuration. Nothing runs yet. */
export function prepareServers(options: ServersOptions): Map<string, ServerProcess> {
  const { directory, nodes, sessionTimeoutMs, brokerConfig, zookeeperConfig } = options
  const servers = new Map<string, ServerProcess>()
  for (const node of nodes) {
    const zooCfg = writeZookeeperConfig(directory, nodes, node, zookeeperConfig)
    servers.set(`zk${node.id}`, zookeeperOf(options, node, zooCfg))

    const properties = writeBrokerConfig(directory, nodes, node, sessionTimeoutMs, brokerConfig)
    servers.set(`kafka${node.id}`, brokerOf(options, node, properties))
  }
  return servers
}

/** The same without ZooKeeper. The configurations are what the storage has to be formatted with before anything starts. */
export function prepareKraftServers(options: Place & KraftOptions): {
  readonly processes: Map<string, ServerProcess>
  readonly configs: readonly string[]
} {
  const { directory, nodes, isSeparate } = options
  const processes = new Map<string, ServerProcess>()
  const configs: string[] = []
  for (const node of nodes) {
    const name = `controller${node.id}`
    if (isSeparate) {
      const properties = writeKraftConfig(directory, 'controller', options, node)
      const args = [...CONTROLLER_JVM, ...log4j(options, 'kafka', name), 'kafka.Kafka', properties]
      const answers = (): Promise<boolean> => brokerAnswers(node.host, node.controllerPort)
      processes.set(name, serverOf(options, node, name, args, answers))
      configs.push(properties)
    }
    const properties = writeKraftConfig(directory, 'kafka', options, node)
    processes.set(`kafka${node.id}`, brokerOf(options, node, properties))
    configs.push(properties)
  }
  return { processes, configs }
}

export function zookeeperOf(place: Place, node: Node, zooCfg: string): ServerProcess {
  const name = `zk${node.id}`
  const logging = log4j(place, 'zookeeper', name)
  const args = [...ZOOKEEPER_JVM, ...logging, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', zooCfg]
  return serverOf(place, node, name, args, () => accepts(node.host, node.clientPort))
}

function brokerOf(place: Place, node: Node, properties: string): ServerProcess {
  const name = `kafka${node.id}`
  const args = [...BROKER_JVM, ...log4j(place, 'kafka', name), 'kafka.Kafka', properties]
  return serverOf(place, node, name, args, () => brokerAnswers(node.host, node.kafkaPort))
}

function serverOf(
  { distribution, directory, zookeeperJars = [] }: Place,
  node: Node,
  name: string,
  args: readonly string[],
  isReady: () => Promise<boolean>,
): ServerProcess {
  const classPath = [join(distribution.libs, '*'), ...zookeeperJars].join(':')
  const java = [javaCommand(), '-Xshare:auto', '-cp', classPath, ...args]
  // `ip netns exec` becomes the program it runs, so the pid is the server's.
  const [command = '', ...rest] = node.namespace === undefined ? java : ['ip', 'netns', 'exec', node.namespace, ...java]
  const outputFile = join(homeOf(directory, name), 'output.txt')
  return new ServerProcess({ name, command, args: rest, directory, outputFile, isReady })
}

function log4j({ distribution, directory, logsBySize }: Place, role: 'kafka' | 'zookeeper', unit: string): string[] {
  return [`-Dtestbed.logs=${logsOf(directory, unit)}`, ...loggingOf(distribution, role, logsBySize)]
}
