import { setTimeout as sleep } from 'node:timers/promises'
import { RawBroker } from '../../testbed/drills/raw-metadata.ts'
import type { Cluster } from '../../testbed/types.ts'
import { waitUntil } from '../../testbed/wait.ts'
import { scrape, type Scrape } from './scrape.ts'
import type { Watched } from './watched.ts'

/** What was known one full second after another. undefined: no answer. */
export interface Second {
  readonly second: number
  /** Partitions without a leader by the metadata of the surviving broker. */
  readonly kafkaLeaderless: number | undefined
  readonly ours: OurWord | undefined
  readonly peer: string
}

export interface OurWord {
  readonly brokersUp: number
  readonly unavailable: number | undefined
  readonly leaderless: number | undefined
}

export const killed = [1, 2] as const
const survivor = 3
/** Every second is written down up to here, and then until Kafka has elected whom it could, but not for ever. */
const watchedSeconds = 10
const longestSeconds = 60
const ourDeadlineMs = 900
const rawDeadlineMs = 5_000

/** Kills two brokers with -9 and writes down what both say in the next seconds; the peer's last scrape may take longer. */
export async function killAndWatch(
  { cluster, ours, peer }: { readonly cluster: Cluster; readonly ours: Watched; readonly peer: Watched },
  lost: number,
): Promise<readonly Second[]> {
  await Promise.all(killed.map((id) => cluster.act('kill', `kafka${id}`)))
  const startedAt = performance.now()
  const peerWords = new Words(peer, startedAt)
  const asking = peerWords.askUntil(startedAt + watchedSeconds * 1_000)
  const seconds: Second[] = []
  const settled = (): boolean => seconds.at(-1)?.kafkaLeaderless === lost && seconds.at(-1)?.ours?.leaderless === lost
  for (let second = 0; second <= watchedSeconds || (second <= longestSeconds && !settled()); second++) {
    await sleep(Math.max(0, startedAt + second * 1_000 - performance.now()))
    const [word, kafkaLeaderless] = await Promise.all([scrape(ours.url, ourDeadlineMs), leaderlessOf(cluster)])
    seconds.push({ second, kafkaLeaderless, ours: ourWord(word), peer: peerWords.now })
  }
  await asking
  return seconds
}

/** Until Kafka names no leader for that many partitions. */
export async function untilLeaderless(cluster: Cluster, partitions: number, deadlineMs: number): Promise<void> {
  const seen = async (): Promise<boolean> => (await leaderlessOf(cluster)) === partitions
  await waitUntil(`${partitions} leaderless partitions`, seen, deadlineMs, 250)
}

/** Until Kafka names a leader for each of at least so many partitions. */
export async function untilLed(cluster: Cluster, partitions: number, deadlineMs: number): Promise<void> {
  const led = async (): Promise<boolean> => {
    const leaders = await leadersOf(cluster)
    return leaders !== undefined && leaders.length >= partitions && !leaders.includes(-1)
  }
  await waitUntil(`${partitions} partitions with a leader`, led, deadlineMs, 250)
}

async function leaderlessOf(cluster: Cluster): Promise<number | undefined> {
  return (await leadersOf(cluster))?.filter((leader) => leader < 0).length
}

/** Leaders as the broker says that survives the bench; undefined when it does not answer. */
async function leadersOf(cluster: Cluster): Promise<readonly number[] | undefined> {
  const broker = cluster.brokers.find(({ id }) => id === survivor)
  if (broker === undefined) throw new Error(`no broker ${survivor}`)
  try {
    const raw = await RawBroker.connect(broker.host, broker.port, rawDeadlineMs)
    try {
      const { partitions } = await raw.metadata()
      return [...partitions.values()].map(({ leader }) => leader)
    } finally {
      raw.close()
    }
  } catch {
    return undefined
  }
}

function ourWord({ answer }: Scrape): OurWord | undefined {
  return (
    answer && {
      brokersUp: answer.metrics.all('kafka_ha_broker_up').filter(({ value }) => value === 1).length,
      unavailable: answer.metrics.value('kafka_ha_unavailable_partitions'),
      leaderless: answer.metrics.value('kafka_ha_leaderless_partitions'),
    }
  )
}

/** Scrapes again and again, never overlapping, and keeps in words what came of it. */
class Words {
  now = 'not asked yet'
  readonly #watched: Watched
  readonly #zero: number

  constructor(watched: Watched, zero: number) {
    this.#watched = watched
    this.#zero = zero
  }

  async askUntil(end: number): Promise<void> {
    while (performance.now() < end) {
      const asked = `${((performance.now() - this.#zero) / 1_000).toFixed(1)} s`
      this.now = `asked at ${asked}, no answer yet`
      const { tookMs, answer, error } = await scrape(this.#watched.url)
      const said = answer === undefined ? (error ?? '') : describe(answer)
      this.now = `asked at ${asked}, after ${(tookMs / 1_000).toFixed(1)} s: ${said}`
      await sleep(1_000)
    }
  }
}

function describe({ metrics, namedLeaders }: NonNullable<Scrape['answer']>): string {
  return `${metrics.value('kafka_brokers') ?? 'no'} brokers, ${namedLeaders} leaders`
}
