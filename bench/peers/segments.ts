import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { sum } from './statistics.ts'

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

/** What was sent between two looks; on connections that closed in between it is not known, so this is the least. */
export function segmentsBetween(before: Sent, after: Sent): number {
  return sum([...after].map(([connection, sent]) => sent - (before.get(connection) ?? 0)))
}

/** undefined where `ss` of iproute2 is missing. */
export async function segmentsOf(pid: number, ports: ReadonlySet<number>): Promise<Sent | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ss', ['-tinpHO'], { timeout: 10_000, maxBuffer: 16 * 1024 * 1024 })
    return parseSegments(stdout, pid, ports)
  } catch {
    return undefined
  }
}
