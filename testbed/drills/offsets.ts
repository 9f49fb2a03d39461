import type { Cluster } from '../types.ts'
import { partitionKey } from './view.ts'
import { RawBroker } from './raw-metadata.ts'
import type { Offsets } from './picture.ts'
import { usability, type Truth } from './truth.ts'
import type { BrokerView } from './view.ts'

const DEADLINE_MS = 2000

type Wanted = Map<string, number[]>

function byLiveLeader(truth: Truth, view: BrokerView): ReadonlyMap<number, Wanted> {
  const leaders = new Map<number, Wanted>()
  for (const { topic, partition, leader } of view.partitions.values()) {
    if (usability(truth, leader) !== 'live') continue
    const wanted = leaders.get(leader) ?? new Map<string, number[]>()
    wanted.set(topic, [...(wanted.get(topic) ?? []), partition])
    leaders.set(leader, wanted)
  }
  return leaders
}

async function ask(host: string, port: number, wanted: Wanted): Promise<readonly ReadonlyMap<string, number>[]> {
  const raw = await RawBroker.connect(host, port, DEADLINE_MS)
  try {
    return [await raw.offsets(wanted, -1), await raw.offsets(wanted, -2)]
  } finally {
    raw.close()
  }
}

/** High watermark and log start of every partition whose leader answers, from that leader. */
export async function readOffsets(cluster: Cluster, truth: Truth, view: BrokerView): Promise<Offsets> {
  const asked = [...byLiveLeader(truth, view)].map(([leader, wanted]) => {
    const broker = cluster.brokers.find(({ id }) => id === leader)
    if (broker === undefined) throw new Error(`leader ${leader} is none of the cluster's brokers`)
    return ask(broker.host, broker.port, wanted)
  })
  const answers = await Promise.all(asked)
  return {
    current: new Map(answers.flatMap(([current]) => [...(current ?? [])])),
    oldest: new Map(answers.flatMap(([, oldest]) => [...(oldest ?? [])])),
  }
}

/** Where Kafka's own GetOffsetShell says otherwise; it leaves leaderless partitions out. */
export async function compareWithShell(cluster: Cluster, topic: string, offsets: Offsets): Promise<string[]> {
  const ours = (which: ReadonlyMap<string, number>): ReadonlyMap<string, number> =>
    new Map([...which].filter(([key]) => key.startsWith(`${topic}/`)))
  const compare = async (time: -1 | -2, raw: ReadonlyMap<string, number>): Promise<string[]> => {
    const printed = await cluster.getOffsets(topic, time)
    const shell = new Map(printed.map(({ partition, offset }) => [partitionKey(topic, partition), offset]))
    const keys = [...new Set([...raw.keys(), ...shell.keys()])].filter((key) => raw.get(key) !== shell.get(key))
    return keys.map(
      (key) =>
        `offset ${time} of ${key}: GetOffsetShell ${shell.get(key) ?? 'none'}, ListOffsets ${raw.get(key) ?? 'none'}`,
    )
  }
  const [latest, earliest] = await Promise.all([compare(-1, ours(offsets.current)), compare(-2, ours(offsets.oldest))])
  return [...latest, ...earliest]
}
