import { Acts } from './acts.ts'
import { createTopic, produce, waitForBrokers } from './client.ts'
import { getDistribution } from './distribution.ts'
import { atEnd } from './ending.ts'
import { brokerServer, loopbackNodes, networkNodes, zookeeperServer, type Node } from './layout.ts'
import { clearLeftovers, createDirectory, recordedProcesses, releaseDirectory } from './ledger.ts'
import { Network } from './network.ts'
import { clearLeftoverNamespaces, requireObserver } from './observer.ts'
import { zookeeperServes } from './probes.ts'
import { killAndWait, killNow } from './process-identity.ts'
import { prepareServers } from './servers.ts'
import { Tools } from './tools.ts'
import type { Cluster, ClusterOptions } from './types.ts'
import { waitUntil } from './wait.ts'

const ENSEMBLE_DEADLINE_MS = 60_000

/**
 * Starts ZooKeeper and Kafka on every node and resolves when all brokers are registered. What a killed predecessor left
 * behind is removed first; what this process starts ends with it, however it ends.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { kafka, nodes: count = 3, plan = 'loopback', sessionTimeoutMs = 18_000 } = options
  const { brokerConfig = {}, zookeeperConfig = {} } = options
  if (plan === 'namespaces') requireObserver()
  const distribution = await getDistribution(kafka)
  clearLeftovers()
  clearLeftoverNamespaces()

  const network = plan === 'namespaces' ? await createNetwork(count) : undefined
  const nodes = network === undefined ? await loopbackNodes(count) : networkNodes(addressesOf(network, count))
  const directory = createDirectory()
  const processes = prepareServers({ distribution, directory, nodes, sessionTimeoutMs, brokerConfig, zookeeperConfig })
  const acts = new Acts({ nodes: count, processes, network, sessionTimeoutMs })
  const tools = new Tools(distribution, directory)
  const bootstrap = nodes.map((node) => `${node.host}:${node.kafkaPort}`)

  const forget = atEnd(() => {
    killNow(recordedProcesses(directory))
    releaseDirectory(directory)
  })
  const destroy = async (): Promise<void> => {
    acts.end()
    await Promise.all([...processes.values()].filter((one) => one.isRunning).map((one) => one.kill()))
    await killAndWait(recordedProcesses(directory))
    network?.remove()
    releaseDirectory(directory)
    forget()
  }
  const answering = (): string[] => {
    const servers = nodes.filter((node) => acts.canAnswer(`kafka${node.id}`))
    if (servers.length === 0) throw new Error('no broker runs that could be asked')
    return servers.map((node) => `${node.host}:${node.kafkaPort}`)
  }
  const needNetwork = (): Network => {
    if (network === undefined) throw new Error('split and rejoin need the namespaces plan, not loopback')
    return network
  }

  try {
    await startServers(acts, nodes)
    await waitForBrokers(bootstrap)
  } catch (error) {
    await destroy()
    throw error
  }
  return {
    kafka,
    plan,
    directory,
    bootstrap,
    brokers: nodes.map((node) => brokerServer(directory, node)),
    zookeepers: nodes.map((node) => zookeeperServer(directory, node)),
    act: (verb, unit) => acts.act(verb, unit),
    split: async (oneSide, otherSide) => needNetwork().split(oneSide, otherSide),
    rejoin: async () => needNetwork().rejoin(),
    isRunning: (unit) => acts.isRunning(unit),
    pidOf: (unit) => acts.pidOf(unit),
    createTopic: async (topic) => createTopic(answering(), topic),
    produce: async (topic, partition, records) => produce(answering(), topic, partition, records),
    describeTopics: async () => tools.describeTopics(answering().join(',')),
    getOffsets: async (topic, time) => tools.getOffsets(answering().join(','), topic, time),
    tool: (mainClass, args, deadlineMs) => tools.run(mainClass, args, deadlineMs),
    destroy,
  }
}

/** All at once: two cores start six JVMs faster side by side than one after the other. Brokers need the ensemble. */
async function startServers(acts: Acts, nodes: readonly Node[]): Promise<void> {
  await Promise.all(nodes.map((node) => acts.act('start', `zk${node.id}`)))
  const serving = nodes.map((node) =>
    waitUntil(`zk${node.id} to serve`, () => zookeeperServes(node.host, node.clientPort), ENSEMBLE_DEADLINE_MS),
  )
  await Promise.all(serving)
  await Promise.all(nodes.map((node) => acts.act('start', `kafka${node.id}`)))
}

async function createNetwork(nodes: number): Promise<Network> {
  const network = new Network(nodes)
  await network.create()
  return network
}

function addressesOf(network: Network, nodes: number): { host: string; namespace: string }[] {
  return Array.from({ length: nodes }, (_, index) => {
    return { host: network.addressOf(index + 1), namespace: network.namespaceOf(index + 1) }
  })
}
