import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { homeOf, logsOf, type Node } from './layout.ts'

export type Settings = Readonly<Record<string, string>>

/** The user's zoo.cfg: no tickTime (so 3 s), initLimit 5, syncLimit 2, no AdminServer; all four-letter words allowed. */
export function zooCfg(nodes: readonly Node[], node: Node, dataDir: string, extra: Settings): string {
  const servers = nodes.map(
    (peer) => [`server.${peer.id}`, `${peer.host}:${peer.peerPort}:${peer.electionPort}`] as const,
  )
  return propertiesOf({
    dataDir,
    clientPort: `${node.clientPort}`,
    clientPortAddress: node.host,
    maxClientCnxns: '0',
    initLimit: '5',
    syncLimit: '2',
    'admin.enableServer': 'false',
    'admin.serverAddress': node.host,
    'admin.serverPort': `${node.adminPort}`,
    '4lw.commands.whitelist': '*',
    ...Object.fromEntries(servers),
    ...extra,
  })
}

/** The user's settings beyond the addresses: internal topics with a single replica, on top of the file Kafka ships. */
export const brokerSettings: Settings = {
  'offsets.topic.replication.factor': '1',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
}

/** The plain one, and whatever else it listens on. */
export function listenersOf(node: Node, ...further: readonly (string | undefined)[]): string {
  return [`PLAINTEXT://${node.host}:${node.kafkaPort}`, ...further].filter((one) => one !== undefined).join(',')
}

/** The user's server.properties. */
export function serverProperties(
  nodes: readonly Node[],
  node: Node,
  dataDir: string,
  sessionTimeoutMs: number,
  { listeners, ...extra }: Settings,
): string {
  return propertiesOf({
    'broker.id': `${node.id}`,
    listeners: listenersOf(node, listeners),
    'log.dirs': dataDir,
    'zookeeper.connect': nodes.map((peer) => `${peer.host}:${peer.clientPort}`).join(','),
    'zookeeper.session.timeout.ms': `${sessionTimeoutMs}`,
    'zookeeper.connection.timeout.ms': '18000',
    ...brokerSettings,
    ...extra,
  })
}

export function writeZookeeperConfig(directory: string, nodes: readonly Node[], node: Node, extra: Settings): string {
  const home = homeOf(directory, `zk${node.id}`)
  const data = join(home, 'data')
  mkdirSync(data, { recursive: true })
  mkdirSync(logsOf(directory, `zk${node.id}`), { recursive: true })
  writeFileSync(join(data, 'myid'), `${node.id}\n`)
  return write(join(home, 'zoo.cfg'), zooCfg(nodes, node, data, extra))
}

export function writeBrokerConfig(
  directory: string,
  nodes: readonly Node[],
  node: Node,
  sessionTimeoutMs: number,
  extra: Settings,
): string {
  const home = homeOf(directory, `kafka${node.id}`)
  const data = join(home, 'data')
  mkdirSync(data, { recursive: true })
  mkdirSync(logsOf(directory, `kafka${node.id}`), { recursive: true })
  return write(join(home, 'server.properties'), serverProperties(nodes, node, data, sessionTimeoutMs, extra))
}

function write(file: string, text: string): string {
  writeFileSync(file, text)
  return file
}

export function propertiesOf(settings: Settings): string {
  return Object.entries(settings)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('')
}
