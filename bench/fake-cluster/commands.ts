import { z } from 'zod'
import type { FakeCluster } from './cluster.ts'
import { changePartitions, changeTopics, elect } from './changes.ts'

const broker = z.number().int().positive()
const ids = z.array(z.number().int())

/** Which partitions: all that every given condition is true of. `share` spreads over them evenly, the same every time. */
const where = z.strictObject({
  topic: z.string().optional(),
  partition: z.number().int().optional(),
  ledBy: z.number().int().optional(),
  share: z.number().min(0).max(1).optional(),
})

const partitionChange = z.strictObject({
  /** `next`: the next in the ISR after the leader, -1 if there is none. */
  leader: z.union([z.number().int(), z.literal('next')]).optional(),
  isr: z.union([ids, z.literal('leader'), z.literal('replicas')]).optional(),
  replicas: ids.optional(),
  offline: ids.optional(),
  adding: ids.optional(),
  removing: ids.optional(),
  error: z.number().int().optional(),
  offsetError: z.number().int().optional(),
  /** Added to the leader epoch. */
  epochs: z.number().int().optional(),
})

const command = z.discriminatedUnion('do', [
  z.strictObject({ do: z.literal('partitions'), where: where.default({}), set: partitionChange }),
  z.strictObject({
    do: z.literal('topics'),
    topic: z.string().optional(),
    set: z.strictObject({ minIsr: z.number().int().optional(), uncleanElection: z.boolean().optional() }),
  }),
  z.strictObject({ do: z.literal('kill'), broker, elect: z.boolean().default(false) }),
  z.strictObject({ do: z.literal('revive'), broker }),
  z.strictObject({ do: z.literal('hang'), broker }),
  z.strictObject({ do: z.literal('release'), broker }),
  z.strictObject({ do: z.literal('latency'), broker: broker.optional(), ms: z.number().min(0) }),
  z.strictObject({ do: z.literal('freeze'), broker }),
  z.strictObject({ do: z.literal('thaw'), broker }),
  z.strictObject({ do: z.literal('controller'), broker: z.number().int() }),
  z.strictObject({ do: z.literal('advance'), by: z.number().int() }),
  z.strictObject({ do: z.literal('counts') }),
])

export type Where = z.infer<typeof where>
export type PartitionChange = z.infer<typeof partitionChange>
export type Command = z.input<typeof command>

/** Does what a line of JSON says. Rejects what is no command with a sentence. */
export async function run(cluster: FakeCluster, line: string): Promise<Readonly<Record<string, unknown>>> {
  const parsed = command.safeParse(parseJson(line))
  if (!parsed.success) throw new Error(z.prettifyError(parsed.error))
  const asked = parsed.data
  const { state } = cluster
  switch (asked.do) {
    case 'partitions':
      return { changed: changePartitions(state, asked.where, asked.set) }
    case 'topics':
      return { changed: changeTopics(state, asked.topic, asked.set) }
    case 'kill':
      find(cluster, asked.broker).listener.kill()
      return asked.elect ? { changed: elect(cluster) } : {}
    case 'revive':
      await find(cluster, asked.broker).listener.revive()
      state.brokers = cluster.brokers.flatMap(({ id, listener }) =>
        id === asked.broker || state.brokers.some((one) => one.id === id)
          ? [{ id, host: '127.0.0.1', port: listener.port }]
          : [],
      )
      return {}
    case 'hang':
    case 'release':
      find(cluster, asked.broker).listener[asked.do]()
      return {}
    case 'latency': {
      const slow = asked.broker === undefined ? cluster.brokers : [find(cluster, asked.broker)]
      for (const { listener } of slow) listener.latencyMs = asked.ms
      return {}
    }
    case 'freeze':
      find(cluster, asked.broker).state = state.copy()
      return {}
    case 'thaw':
      find(cluster, asked.broker).state = state
      return {}
    case 'controller':
      state.controllerId = asked.broker
      return {}
    case 'advance':
      state.advanced += asked.by
      state.clock++
      return {}
    case 'counts':
      return { counts: cluster.takeCounts() }
  }
}

function find(cluster: FakeCluster, id: number): FakeCluster['brokers'][number] {
  const broker = cluster.brokers.find((one) => one.id === id)
  if (broker === undefined) throw new Error(`no broker ${id}`)
  return broker
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    throw new Error('not a line of JSON')
  }
}
