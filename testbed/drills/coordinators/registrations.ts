/** Where `dump` is refused: which session holds each broker's registration, as ZooKeeper's own shell reads it. */
import type { Cluster } from '../../types.ts'

const DEADLINE_MS = 20_000

/** From what the shell prints of a node's `stat`; undefined where it says that there is none. */
function parseOwner(printed: string): string | undefined {
  return /^ephemeralOwner = (0x[0-9a-f]+)$/m.exec(printed)?.[1]
}

async function ownerOf(cluster: Cluster, server: string, broker: number): Promise<string | undefined> {
  const args = ['-server', server, 'stat', `/brokers/ids/${broker}`]
  const { stdout, stderr } = await cluster.tool('org.apache.zookeeper.ZooKeeperMain', args, DEADLINE_MS)
  const owner = parseOwner(stdout)
  if (owner === undefined && !`${stdout}${stderr}`.includes('Node does not exist')) {
    throw new Error(`ZooKeeperMain stat /brokers/ids/${broker}: ${stderr.slice(-300)}`)
  }
  return owner
}

/** Broker -> session. Rejects when the server does not answer in time. */
export async function readRegistrations(cluster: Cluster, server: string): Promise<ReadonlyMap<number, string>> {
  const found = cluster.brokers.map(async ({ id }) => [id, await ownerOf(cluster, server, id)] as const)
  const owners = await Promise.all(found)
  return new Map(owners.flatMap(([id, owner]) => (owner === undefined ? [] : [[id, owner] as const])))
}
