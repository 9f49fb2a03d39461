import { execFile } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import { sum } from './statistics.ts'

const everyMs = 50

/** Connection -> packets with data that it has sent. */
export type Sent = ReadonlyMap<string, number>

/**
 * What `ss --tcp --info --oneline` tells of the connections of one process to the brokers. A Kafka request is small and
 * written at once, so each is one packet on loopback: that counts the requests of a process that does not count them itself.
 */
export function parseSegments(output: string, pid: number, ports: ReadonlySet<number>): Sent {
  const connections = output.split('\n').flatMap((line): [string, number][] => {
    const [, , , local = '', remote = ''] = line.trim().split(/\s+/)
    const sent = /\bdata_segs_out:(\d+)/.exec(line)?.[1]
    const port = Number(remote.slice(remote.lastIndexOf(':') + 1))
    if (!line.includes(`,pid=${pid},`) || !ports.has(port)) return []
    return [[`${local} ${remote}`, Number(sent ?? 0)]]
  })
  return new Map(connections)
}

/** Adds what a later look saw; what a connection sent last before it closed stays unseen. */
export function mergeSent(seen: Map<string, number>, now: Sent): void {
  for (const [connection, sent] of now) seen.set(connection, Math.max(sent, seen.get(connection) ?? 0))
}

/** Sent since `before`, at least. */
export function segmentsSince(before: Sent, seen: Sent): number {
  return sum([...seen].map(([connection, sent]) => sent - (before.get(connection) ?? 0)))
}

/**
 * Requests of a process while some work is under way, at least: it may close its connections in the end, so that they are
 * looked at all the time. That costs the process time, so nothing else is measured then. undefined without iproute2's `ss`.
 */
export async function requestsDuring(
  pid: number,
  ports: ReadonlySet<number>,
  work: Promise<unknown>,
): Promise<number | undefined> {
  const before = await segmentsOf(pid, ports)
  const seen = new Map(before)
  const end = work.then(() => true)
  do {
    const now = await segmentsOf(pid, ports)
    if (before === undefined || now === undefined) return undefined
    mergeSent(seen, now)
  } while (!(await Promise.race([end, sleep(everyMs, false)])))
  return segmentsSince(before, seen)
}

async function segmentsOf(pid: number, ports: ReadonlySet<number>): Promise<Sent | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ss', ['-tinpHO'], { timeout: 10_000, maxBuffer: 16 * 1024 * 1024 })
    return parseSegments(stdout, pid, ports)
  } catch {
    return undefined
  }
}
