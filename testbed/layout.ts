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
  /** The network namespace it lives in. */
  readonly namespace?: string
}

const KAFKA_LOGS = ['server.log', 'controller.log', 'state-change.log', 'log-cleaner.log', 'kafka-authorizer.log']

/** All on 127.0.0.1, told apart by their ports. */
export async function loopbackNodes(count: number): Promise<Node[]> {
  const ports = await freePorts(count * 4)
  return Array.from({ length: count }, (_, index) => {
    const [kafkaPort = 0, clientPort = 0, peerPort = 0, electionPort = 0] = ports.slice(index * 4, index * 4 + 4)
    return { id: index + 1, host: '127.0.0.1', kafkaPort, clientPort, peerPort, electionPort }
  })
}

/** An address each, and the ports everybody knows. */
export function networkNodes(addresses: readonly { host: string; namespace: string }[]): Node[] {
  const ports = { kafkaPort: 9092, clientPort: 2181, peerPort: 2888, electionPort: 3888 }
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

export function zookeeperServer(directory: string, node: Node): Server {
  return server(node, node.clientPort, [join(logsOf(directory, `zk${node.id}`), 'zookeeper.log')])
}

function server(node: Node, port: number, logFiles: readonly string[]): Server {
  const place = node.namespace === undefined ? {} : { namespace: node.namespace }
  return { id: node.id, host: node.host, port, logFiles, ...place }
}
