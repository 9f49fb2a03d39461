import { join } from 'node:path'
import { freePorts } from './ports.ts'
import type { Server } from './types.ts'

/** Where everything of one node is. */
export interface Node {
  readonly id: number
  readonly host: string
  readonly kafkaPort: number
  readonly clientPort: number
  readonly peerPort: number
  readonly electionPort: number
  readonly controllerPort: number
  /** Of ZooKeeper's AdminServer, where that is enabled. */
  readonly adminPort: number
  /** The network namespace it lives in. */
  readonly namespace?: string
}

const KAFKA_LOGS = ['server.log', 'controller.log', 'state-change.log', 'log-cleaner.log', 'kafka-authorizer.log']

/** A broker and a separate controller on one node are two members of the cluster, and need an id each. */
const SEPARATE_CONTROLLERS_FROM = 100

export function controllerId(node: Pick<Node, 'id'>, isSeparate: boolean): number {
  return isSeparate ? SEPARATE_CONTROLLERS_FROM + node.id : node.id
}

const portsEach = 6

/** All on 127.0.0.1, told apart by their ports. */
export async function loopbackNodes(count: number): Promise<Node[]> {
  const ports = await freePorts(count * portsEach)
  return Array.from({ length: count }, (_, index) => {
    const own = ports.slice(index * portsEach, (index + 1) * portsEach)
    const [kafkaPort = 0, clientPort = 0, peerPort = 0, electionPort = 0, controllerPort = 0, adminPort = 0] = own
    return {
      id: index + 1,
      host: '127.0.0.1',
      kafkaPort,
      clientPort,
      peerPort,
      electionPort,
      controllerPort,
      adminPort,
    }
  })
}

/** An address each, and the ports everybody knows. */
export function networkNodes(addresses: readonly { host: string; namespace: string }[]): Node[] {
  const zookeeper = { clientPort: 2181, peerPort: 2888, electionPort: 3888, adminPort: 8080 }
  const ports = { kafkaPort: 9092, ...zookeeper, controllerPort: 9093 }
  return addresses.map((address, index) => ({ id: index + 1, ...address, ...ports }))
}

export function homeOf(directory: string, unit: string): string {
  return join(directory, unit)
}

export function logsOf(directory: string, unit: string): string {
  return join(directory, unit, 'logs')
}

export function brokerServer(directory: string, node: Node): Server {
  const logs = logsOf(directory, `kafka${node.id}`)
  return server(
    node,
    node.kafkaPort,
    KAFKA_LOGS.map((name) => join(logs, name)),
  )
}

/** A separate one writes files of its own; within a broker it writes into the broker's. */
export function controllerServer(directory: string, node: Node, isSeparate: boolean): Server {
  const logs = logsOf(directory, `${isSeparate ? 'controller' : 'kafka'}${node.id}`)
  const files = KAFKA_LOGS.map((name) => join(logs, name))
  return { ...server(node, node.controllerPort, files), id: controllerId(node, isSeparate) }
}

export function zookeeperServer(directory: string, node: Node): Server {
  const logs = [join(logsOf(directory, `zk${node.id}`), 'zookeeper.log')]
  return { ...server(node, node.clientPort, logs), adminUrl: `http://${node.host}:${node.adminPort}` }
}

function server(node: Node, port: number, logFiles: readonly string[]): Server {
  const place = node.namespace === undefined ? {} : { namespace: node.namespace }
  return { id: node.id, host: node.host, port, logFiles, ...place }
}
