import { setTimeout as sleep } from 'node:timers/promises'
import type { Address } from '../../src/model/address.ts'
import { askWord } from '../../src/sources/zookeeper/word.ts'
import { ZookeeperWriter } from '../../test/support/zookeeper-writer.ts'

/** Of all writers together. */
export interface Suffered {
  readonly writes: number
  /** Of single writes, ms. */
  readonly median: number
  readonly p99: number
  readonly worst: number
  /** The most that any server had waiting whenever it was asked. */
  readonly outstanding: number
}

const pauseMs = 5
const askEveryMs = 500
let round = 0

/**
 * One client at each server writes a small node, waits for the answer, and writes the next: nothing that Kafka looks at, so
 * that the exporter stays in calm pace. The servers themselves are asked for what they have waiting.
 */
export async function writeLoad(servers: readonly Address[], forMs: number): Promise<Suffered> {
  const end = performance.now() + forMs
  const root = `/load-${round++}`
  const latencies: number[] = []
  const outstanding: number[] = []
  const writers = await Promise.all(servers.map((server) => ZookeeperWriter.open(server)))
  await writers[0]?.create(root)
  const write = async (writer: ZookeeperWriter, id: number): Promise<void> => {
    for (let i = 0; performance.now() < end; i++) {
      const from = performance.now()
      await writer.create(`${root}/${id}-${i}`, 'x'.repeat(100))
      latencies.push(performance.now() - from)
      await sleep(pauseMs)
    }
  }
  const watch = async (): Promise<void> => {
    while (performance.now() < end) {
      outstanding.push(...(await Promise.all(servers.map(outstandingAt))))
      await sleep(askEveryMs)
    }
  }
  // A server may not see the root at once.
  await sleep(200)
  await Promise.all([...writers.map(write), watch()])
  await Promise.all(writers.map((writer) => writer.close()))
  latencies.sort((a, b) => a - b)
  const at = (share: number): number => latencies[Math.floor(share * (latencies.length - 1))] ?? Number.NaN
  const figures = { median: at(0.5), p99: at(0.99), worst: at(1) }
  return { writes: latencies.length, ...figures, outstanding: Math.max(...outstanding) }
}

async function outstandingAt(address: Address): Promise<number> {
  const reply = await askWord({ address, word: 'mntr', tls: undefined, deadlineMs: 5_000 })
  return Number(reply.ok ? /^zk_outstanding_requests\t(\d+)$/m.exec(reply.value)?.[1] : undefined)
}
