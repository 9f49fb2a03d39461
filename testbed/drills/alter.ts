/** Kafka's own administration tools, as an operator uses them while a drill goes on. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Kafka, logLevel, Partitioners } from 'kafkajs'
import type { Cluster } from '../types.ts'
import { withDeadline } from '../wait.ts'

const DEADLINE_MS = 30_000
const CHUNK_BYTES = 100_000

/** Tools moved between packages: the first that exists and succeeds. */
async function runFirst(cluster: Cluster, classes: readonly string[], args: readonly string[]): Promise<string> {
  const outputs: string[] = []
  for (const name of classes) {
    const { code, stdout, stderr } = await cluster.tool(name, args, DEADLINE_MS)
    if (code === 0) return stdout
    outputs.push(`${name}: exit code ${code}\n${stdout}${stderr}`)
  }
  throw new Error(outputs.join('\n'))
}

function running(cluster: Cluster): string {
  const servers = cluster.brokers.filter(({ id }) => cluster.isRunning(`kafka${id}`))
  return servers.map(({ host, port }) => `${host}:${port}`).join(',')
}

/** `value` undefined: back to the default. */
export async function setTopicConfig(
  cluster: Cluster,
  topic: string,
  key: string,
  value: string | undefined,
): Promise<void> {
  const change = value === undefined ? ['--delete-config', key] : ['--add-config', `${key}=${value}`]
  const entity = ['--entity-type', 'topics', '--entity-name', topic, '--alter']
  const server = ['--bootstrap-server', running(cluster)]
  await runFirst(cluster, ['kafka.admin.ConfigCommand'], [...server, ...entity, ...change])
}

const ELECTION_TOOLS = ['org.apache.kafka.tools.LeaderElectionCommand', 'kafka.admin.LeaderElectionCommand']

export async function electPreferredLeaders(cluster: Cluster): Promise<void> {
  const what = ['--election-type', 'preferred', '--all-topic-partitions']
  await runFirst(cluster, ELECTION_TOOLS, ['--bootstrap-server', running(cluster), ...what])
}

const REASSIGN_TOOLS = [
  'org.apache.kafka.tools.reassign.ReassignPartitionsCommand',
  'kafka.admin.ReassignPartitionsCommand',
]

function planOf(cluster: Cluster, topic: string, replicas: readonly (readonly number[])[]): string {
  const file = join(cluster.directory, 'reassignment.json')
  const partitions = replicas.map((ids, partition) => ({ topic, partition, replicas: ids }))
  writeFileSync(file, JSON.stringify({ version: 1, partitions }))
  return file
}

/** Begins it; replication to the new replicas is held to that many bytes a second, on each broker. */
export async function reassign(
  cluster: Cluster,
  topic: string,
  replicas: readonly (readonly number[])[],
  throttle: number,
): Promise<void> {
  const plan = ['--reassignment-json-file', planOf(cluster, topic, replicas)]
  const args = ['--bootstrap-server', running(cluster), ...plan, '--execute', '--throttle', `${throttle}`]
  await runFirst(cluster, REASSIGN_TOOLS, args)
}

/** Takes the throttle away, as Kafka asks one to do at the end. */
export async function verifyReassignment(
  cluster: Cluster,
  topic: string,
  replicas: readonly (readonly number[])[],
): Promise<void> {
  const plan = ['--reassignment-json-file', planOf(cluster, topic, replicas)]
  await runFirst(cluster, REASSIGN_TOOLS, ['--bootstrap-server', running(cluster), ...plan, '--verify'])
}

/** Writes that many bytes to one partition, acks=all. */
export async function fill(cluster: Cluster, topic: string, partition: number, bytes: number): Promise<void> {
  const client = new Kafka({ clientId: 'drill', brokers: [...cluster.bootstrap], logLevel: logLevel.NOTHING })
  const producer = client.producer({ createPartitioner: Partitioners.DefaultPartitioner })
  try {
    await withDeadline('fill: connect', producer.connect(), DEADLINE_MS)
    const value = Buffer.alloc(CHUNK_BYTES, 'x')
    for (let sent = 0; sent < bytes; sent += CHUNK_BYTES * 5) {
      const messages = Array.from({ length: 5 }, () => ({ partition, value }))
      await withDeadline(`fill ${topic}-${partition}`, producer.send({ topic, acks: -1, messages }), DEADLINE_MS)
    }
  } finally {
    await producer.disconnect()
  }
}
