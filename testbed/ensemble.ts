import { writeZookeeperConfig, type Settings } from './config-files.ts'
import { getDistribution, jettyJars } from './distribution.ts'
import { atEnd } from './ending.ts'
import { loopbackNodes, type Node } from './layout.ts'
import { clearLeftovers, createDirectory, recordedProcesses, releaseDirectory } from './ledger.ts'
import { zookeeperServes } from './probes.ts'
import { killAndWait, killNow } from './process-identity.ts'
import { zookeeperOf } from './servers.ts'
import type { ServerProcess } from './server-process.ts'
import { waitUntil } from './wait.ts'

export interface EnsembleOptions {
  /** The Kafka version whose ZooKeeper is wanted. */
  readonly kafka: string
  readonly servers: number
  /** Extra or overriding lines of one server's zoo.cfg. */
  readonly configOf: (node: Node, all: readonly Node[]) => Settings
}

export interface Ensemble {
  readonly nodes: readonly Node[]
  /** By id. */
  readonly processes: ReadonlyMap<number, ServerProcess>
  destroy(): Promise<void>
}

/**
 * ZooKeeper servers without Kafka, of any kind, on 127.0.0.1; resolves when every one serves on its plain port. Each node's
 * ports for Kafka are free for whatever else its server is to listen on.
 */
export async function startEnsemble({ kafka, servers, configOf }: EnsembleOptions): Promise<Ensemble> {
  const distribution = await getDistribution(kafka)
  const zookeeperJars = await jettyJars(distribution)
  clearLeftovers()
  const nodes = await loopbackNodes(servers)
  const directory = createDirectory()
  const place = { distribution, zookeeperJars, directory, logsBySize: undefined }
  const processes = new Map<number, ServerProcess>()
  for (const node of nodes) {
    const zooCfg = writeZookeeperConfig(directory, nodes, node, configOf(node, nodes))
    processes.set(node.id, zookeeperOf(place, node, zooCfg))
  }
  const forget = atEnd(() => {
    killNow(recordedProcesses(directory))
    releaseDirectory(directory)
  })
  const destroy = async (): Promise<void> => {
    await Promise.all([...processes.values()].filter((one) => one.isRunning).map((one) => one.kill()))
    await killAndWait(recordedProcesses(directory))
    releaseDirectory(directory)
    forget()
  }
  try {
    await Promise.all([...processes.values()].map((one) => one.start()))
    const serving = nodes.map(({ id, host, clientPort }) =>
      waitUntil(`server ${id} to serve`, () => zookeeperServes(host, clientPort), 60_000),
    )
    await Promise.all(serving)
  } catch (error) {
    await destroy()
    throw error
  }
  return { nodes, processes, destroy }
}
