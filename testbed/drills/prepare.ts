import { setTimeout as sleep } from 'node:timers/promises'
import { startCluster } from '../cluster.ts'
import type { Cluster, Mode, Plan } from '../types.ts'
import { electPreferredLeaders } from './alter.ts'
import type { Whitelist } from './coordinators/zookeeper-sampler.ts'
import { RawBroker } from './raw-metadata.ts'
import { BROKER_CONFIG, TOPICS, type Scenario } from './scenario.ts'
import { createOffsetsTopic } from './topics.ts'
import type { BrokerView } from './view.ts'

const DEADLINE_MS = 60_000
const ANSWER_MS = 2000

/** Small enough that log4j rotates in every drill, and enough of them that nothing is deleted while drills share a cluster. */
const LOGS_BY_SIZE = { size: '64KB', keep: 500 } as const

async function ask(cluster: Cluster): Promise<BrokerView | undefined> {
  const [broker] = cluster.brokers
  if (broker === undefined) throw new Error('a cluster without brokers')
  let raw: RawBroker | undefined
  try {
    raw = await RawBroker.connect(broker.host, broker.port, ANSWER_MS)
    return await raw.metadata()
  } catch {
    return undefined
  } finally {
    raw?.close()
  }
}

async function waitFor(cluster: Cluster, what: string, met: (view: BrokerView) => boolean): Promise<void> {
  const end = performance.now() + DEADLINE_MS
  for (;;) {
    const view = await ask(cluster)
    if (view !== undefined && met(view)) return
    if (performance.now() > end) throw new Error(`${what}: not within ${DEADLINE_MS / 1000} s`)
    await sleep(200)
  }
}

function preferred(view: BrokerView): boolean {
  return [...view.partitions.values()].every((said) => said.leader === said.replicas[0])
}

interface DrillClusterOptions {
  readonly kafka: string
  readonly mode: Mode
  readonly controllers: Scenario['controllers']
  readonly plan: Plan
  readonly sessionTimeoutMs: number
  readonly whitelist: Whitelist
}

/** A cluster with the user's topic and offsets, and an internal topic. */
export async function drillCluster(options: DrillClusterOptions): Promise<Cluster> {
  const { whitelist, controllers, ...rest } = options
  const separate = controllers === undefined ? {} : { controllers }
  // ZooKeeper's own default.
  const zookeeperConfig: Record<string, string> = whitelist === 'default' ? { '4lw.commands.whitelist': 'srvr' } : {}
  const cluster = await startCluster({
    ...rest,
    ...separate,
    brokerConfig: BROKER_CONFIG,
    zookeeperConfig,
    logsBySize: LOGS_BY_SIZE,
  })
  try {
    for (const { name, replicaAssignment, records } of TOPICS) {
      await cluster.createTopic({ name, replicaAssignment })
      for (const [partition, count] of records.entries()) {
        if (count > 0) await cluster.produce(name, partition, count)
      }
    }
    await createOffsetsTopic(cluster)
    await waitFor(cluster, 'the internal topic', (view) => view.topics.size === TOPICS.length + 1)
    return cluster
  } catch (error) {
    await cluster.destroy()
    throw error
  }
}

/** Every partition back to its preferred leader: drills on a shared cluster all begin in the same state. */
export async function electPreferred(cluster: Cluster): Promise<void> {
  const view = await ask(cluster)
  if (view !== undefined && preferred(view)) return
  await electPreferredLeaders(cluster)
  await waitFor(cluster, 'preferred leaders', preferred)
}
