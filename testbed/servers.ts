import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeBrokerConfig, writeZookeeperConfig, type Settings } from './config-files.ts'
import type { Distribution } from './distribution.ts'
import { javaCommand } from './java.ts'
import { homeOf, logsOf, type Node } from './layout.ts'
import { accepts, brokerAnswers } from './probes.ts'
import { ServerProcess } from './server-process.ts'

const ZOOKEEPER_JVM = ['-Xmx160m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const BROKER_JVM = ['-Xmx512m', '-XX:+UseSerialGC']

export interface ServersOptions {
  readonly distribution: Distribution
  readonly directory: string
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
    const zookeeper = [...ZOOKEEPER_JVM, ...log4j('zookeeper', logsOf(directory, `zk${node.id}`))]
    const quorumPeer = [...zookeeper, 'org.apache.zookeeper.server.quorum.QuorumPeerMain', zooCfg]
    const isOpen = (): Promise<boolean> => accepts(node.host, node.clientPort)
    servers.set(`zk${node.id}`, serverOf(options, node, `zk${node.id}`, quorumPeer, isOpen))

    const properties = writeBrokerConfig(directory, nodes, node, sessionTimeoutMs, brokerConfig)
    const broker = [...BROKER_JVM, ...log4j('kafka', logsOf(directory, `kafka${node.id}`)), 'kafka.Kafka', properties]
    const isServing = (): Promise<boolean> => brokerAnswers(node.host, node.kafkaPort)
    servers.set(`kafka${node.id}`, serverOf(options, node, `kafka${node.id}`, broker, isServing))
  }
  return servers
}

function serverOf(
  { distribution, directory }: ServersOptions,
  node: Node,
  name: string,
  args: readonly string[],
  isReady: () => Promise<boolean>,
): ServerProcess {
  const java = [javaCommand(), '-Xshare:auto', '-cp', join(distribution.libs, '*'), ...args]
  // `ip netns exec` becomes the program it runs, so the pid is the server's.
  const [command = '', ...rest] = node.namespace === undefined ? java : ['ip', 'netns', 'exec', node.namespace, ...java]
  const outputFile = join(homeOf(directory, name), 'output.txt')
  return new ServerProcess({ name, command, args: rest, directory, outputFile, isReady })
}

function log4j(role: 'kafka' | 'zookeeper', logs: string): string[] {
  const file = fileURLToPath(new URL(`log4j/${role}.properties`, import.meta.url))
  return [`-Dtestbed.logs=${logs}`, `-Dlog4j.configuration=file:${file}`]
}
