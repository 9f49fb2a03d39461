/** Asks for what the metadata does not tell. */
import type { Cluster } from '../types.ts'
import type { Asked, TopicConfig } from './asked.ts'
import { coordinated } from './coordinators/quorums.ts'
import { RawBroker, type Configs } from './raw-metadata.ts'
import { answers, believed, type Truth } from './truth.ts'
import type { BrokerView } from './view.ts'

const DEADLINE_MS = 3000

export function zookeeperServes(truth: Truth): boolean {
  // With KRaft a broker knows its configs by itself.
  if (truth.voters !== undefined) return true
  const ensemble = [...truth.zookeepers.values()]
  return ensemble.filter((state) => state === 'up').length * 2 > ensemble.length
}

async function withBroker<Reply>(
  cluster: Cluster,
  id: number,
  work: (raw: RawBroker) => Promise<Reply>,
): Promise<Reply> {
  const broker = cluster.brokers.find((one) => one.id === id)
  if (broker === undefined) throw new Error(`${id} is none of the cluster's brokers`)
  const raw = await RawBroker.connect(broker.host, broker.port, DEADLINE_MS)
  try {
    return await work(raw)
  } finally {
    raw.close()
  }
}

function topicConfig(configs: Configs): TopicConfig {
  return {
    minIsr: Number(configs.get('min.insync.replicas')),
    unclean: configs.get('unclean.leader.election.enable') === 'true',
  }
}

async function topicConfigs(cluster: Cluster, truth: Truth, view: BrokerView): Promise<Asked['topics']> {
  const id = [...truth.addresses.keys()].find((one) => answers(truth, one) && !truth.zombies.has(one))
  if (id === undefined || !zookeeperServes(truth)) return truth.asked.topics
  const told = await withBroker(cluster, id, (raw) => raw.configs('topic', [...view.topics]))
  return new Map([...told].map(([topic, configs]) => [topic, topicConfig(configs)]))
}

async function brokerConfigs(cluster: Cluster, truth: Truth): Promise<Asked['brokers']> {
  const live = [...truth.addresses.keys()].filter((id) => answers(truth, id))
  const told = live.map(async (id): Promise<readonly [number, Configs]> => {
    const configs = await withBroker(cluster, id, (raw) => raw.configs('broker', [String(id)]))
    return [id, configs.get(String(id)) ?? new Map<string, string>()]
  })
  return new Map([...truth.asked.brokers, ...(await Promise.all(told))])
}

/** Who can tell of reassignments; with KRaft any broker that can hand the question on. */
function named(truth: Truth): readonly (number | undefined)[] {
  if (truth.voters === undefined) return [...new Set(believed(truth).map((view) => view.controller))]
  if (coordinated(truth) !== true) return []
  return [...truth.addresses.keys()].filter((id) => answers(truth, id)).slice(0, 1)
}

async function reassignments(cluster: Cluster, truth: Truth): Promise<Asked['reassignments']> {
  // A controller that waits for ZooKeeper lets the question wait, too.
  if (!zookeeperServes(truth)) return truth.asked.reassignments
  const [controller = -1, ...others] = named(truth)
  if (others.length > 0 || !answers(truth, controller)) return truth.asked.reassignments
  return withBroker(cluster, controller, (raw) => raw.reassignments())
}

/** Rejects when a broker that should answer does not. */
export async function ask(cluster: Cluster, truth: Truth, view: BrokerView): Promise<Asked> {
  const [topics, brokers, moving] = await Promise.all([
    topicConfigs(cluster, truth, view),
    brokerConfigs(cluster, truth),
    reassignments(cluster, truth),
  ])
  return { topics, brokers, reassignments: moving }
}
