import { Acts } from './acts.ts'
import { createTopic, produce, waitForBrokers } from './client.ts'
import { getDistribution, jettyJars, knowsZookeeper, type Distribution } from './distribution.ts'
import { atEnd } from './ending.ts'
import { brokerServer, controllerServer, loopbackNodes, networkNodes, zookeeperServer, type Node } from './layout.ts'
import { clearLeftovers, createDirectory, recordedProcesses, releaseDirectory } from './ledger.ts'
import { formatStorage } from './kraft.ts'
import { Network } from './network.ts'
import { clearLeftoverNamespaces, requireObserver } from './observer.ts'
import { zookeeperServes } from './probes.ts'
import { killAndWait, killNow } from './process-identity.ts'
import { prepareKraftServers, prepareServers } from './servers.ts'
import type { ServerProcess } from './server-process.ts'
import { Tools } from './tools.ts'
import type { Cluster, ClusterOptions, Mode, Role } from './types.ts'
import { rolesOf } from './units.ts'
import { waitUntil } from './wait.ts'

const ENSEMBLE_DEADLINE_MS = 60_000
/** Kafka's own `broker.session.timeout.ms`. */
const KRAFT_SESSION_MS = 9_000

/**
 * Starts ZooKeeper, or controllers, and Kafka on every node and resolves when all brokers are registered. What a killed predecessor left
 * behind is removed first; what this process starts ends with it, however it ends.
 */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const { kafka, nodes: count = 3, plan = 'loopback' } = options
  const mode = modeOf(options)
  const isSeparate = options.controllers === 'separate'
  const roles = rolesOf(mode, isSeparate)
  const sessionTimeoutMs = options.sessionTimeoutMs ?? (mode === 'kraft' ? KRAFT_SESSION_MS : 18_000)
  if (plan === 'namespaces') requireObserver()
  const distribution = await getDistribution(kafka)
  const hasAdmin = options.zookeeperConfig?.['admin.enableServer'] === 'true'
  const zookeeperJars = hasAdmin ? await jettyJars(distribution) : []
  clearLeftovers()
  clearLeftoverNamespaces()

  const network = plan === 'namespaces' ? await createNetwork(count) : undefined
  const nodes = network === undefined ? await loopbackNodes(count) : networkNodes(addressesOf(network, count))
  const directory = createDirectory()
  const tools = new Tools(distribution, directory)
  const { processes, format } = prepare(mode, options, { distribution, zookeeperJars, directory, nodes, tools })
  const acts = new Acts({ nodes: count, roles, processes, network, sessionTimeoutMs })
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
    await format()
    await startServers(acts, nodes, roles)
    await waitForBrokers(bootstrap)
  } catch (error) {
    await destroy()
    throw error
  }
  return {
    kafka,
    mode,
    plan,
    roles,
    directory,
    bootstrap,
    brokers: nodes.map((node) => brokerServer(directory, node)),
    zookeepers: mode === 'zookeeper' ? nodes.map((node) => zookeeperServer(directory, node)) : [],
    controllers: mode === 'kraft' ? nodes.map((node) => controllerServer(directory, node, isSeparate)) : [],
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

/** Throws where a version does not know the mode. */
export function modeOf({ kafka, mode, controllers }: ClusterOptions): Mode {
  const chosen = mode ?? (knowsZookeeper(kafka) ? 'zookeeper' : 'kraft')
  if (chosen === 'zookeeper' && !knowsZookeeper(kafka)) throw new Error(`Kafka ${kafka} knows no ZooKeeper: mode kraft`)
  if (chosen === 'kraft' && kafka.startsWith('2.')) throw new Error(`Kafka ${kafka} knows no KRaft: mode zookeeper`)
  if (chosen === 'zookeeper' && controllers !== undefined)
    throw new Error(`controllers ${controllers}: only in mode kraft`)
  return chosen
}

interface Ground {
  readonly distribution: Distribution
  readonly zookeeperJars: readonly string[]
  readonly directory: string
  readonly nodes: readonly Node[]
  readonly tools: Tools
}

interface Prepared {
  readonly processes: ReadonlyMap<string, ServerProcess>
  /** What has to be done once before anything starts. */
  readonly format: () => Promise<void>
}

function prepare(mode: Mode, options: ClusterOptions, { tools, ...ground }: Ground): Prepared {
  const { sessionTimeoutMs, brokerConfig = {}, zookeeperConfig = {}, features = {}, logsBySize } = options
  if (mode === 'zookeeper') {
    const settings = { sessionTimeoutMs: sessionTimeoutMs ?? 18_000, brokerConfig, zookeeperConfig, logsBySize }
    return { processes: prepareServers({ ...ground, ...settings }), format: () => Promise.resolve() }
  }
  const isSeparate = options.controllers === 'separate'
  const { processes, configs } = prepareKraftServers({
    ...ground,
    isSeparate,
    sessionTimeoutMs,
    brokerConfig,
    logsBySize,
  })
  return { processes, format: () => formatStorage(tools, configs, features) }
}

/** All at once: two cores start six JVMs faster side by side than one after the other. Brokers need their coordinator. */
async function startServers(acts: Acts, nodes: readonly Node[], roles: readonly Role[]): Promise<void> {
  for (const role of roles) {
    await Promise.all(nodes.map((node) => acts.act('start', `${role}${node.id}`)))
    if (role === 'zk') await ensembleServes(nodes)
  }
}

async function ensembleServes(nodes: readonly Node[]): Promise<void> {
  const serving = nodes.map((node) =>
    waitUntil(`zk${node.id} to serve`, () => zookeeperServes(node.host, node.clientPort), ENSEMBLE_DEADLINE_MS),
  )
  await Promise.all(serving)
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
