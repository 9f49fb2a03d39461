/** A broker's own threads as witnesses: which of its request handlers wait for ZooKeeper. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { homeOf } from '../layout.ts'
import type { Cluster } from '../types.ts'
import { waitUntil } from '../wait.ts'
import type { Finding } from './scenario.ts'

const DUMP_DEADLINE_MS = 5000

export interface Handlers {
  readonly all: number
  readonly waiting: number
}

/** From the text of a thread dump. */
export function parseHandlers(dump: string): Handlers {
  const stacks = dump.split(/\n(?=")/).filter((stack) => /^"(data-plane-)?kafka-request-handler-\d+"/.test(stack))
  return { all: stacks.length, waiting: stacks.filter((stack) => stack.includes('waitUntilConnected')).length }
}

/** SIGQUIT: the JVM writes its threads to its output and goes on. */
async function dump(cluster: Cluster, id: number): Promise<string> {
  const file = join(homeOf(cluster.directory, `kafka${id}`), 'output.txt')
  const before = statSync(file, { throwIfNoEntry: false })?.size ?? 0
  const pid = cluster.pidOf(`kafka${id}`)
  if (pid === undefined) throw new Error(`broker ${id} does not run`)
  process.kill(pid, 'SIGQUIT')
  const written = (): string => readFileSync(file).subarray(before).toString()
  await waitUntil(`threads of broker ${id}`, () => written().includes('JNI global ref'), DUMP_DEADLINE_MS, 50)
  return written()
}

/** The running brokers together have all their handlers but `most` at the disposal of their clients. */
export async function handlersFree(cluster: Cluster, most: number): Promise<Finding> {
  const running = cluster.brokers.filter(({ id }) => cluster.isRunning(`kafka${id}`))
  const counts = await Promise.all(running.map(async ({ id }) => ({ id, ...parseHandlers(await dump(cluster, id)) })))
  return {
    ok: counts.every(({ all }) => all > 0) && counts.reduce((sum, { waiting }) => sum + waiting, 0) <= most,
    detail: counts.map(({ id, all, waiting }) => `broker ${id} ${waiting} of ${all}`).join(', '),
  }
}
