import { existsSync, readFileSync } from 'node:fs'
import type { Cluster } from '../../testbed/types.ts'

const line = /^\[(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d),(\d{3})\].*Expiring session (0x[0-9a-f]+)/gm

/** When the ensemble itself says that it expired the session, wall ms: a paused leader says it once more when it wakes. undefined: no log says so. */
export function expiredAt(cluster: Cluster, session: string): number | undefined {
  const times = expiries(cluster, session)
  return times.length === 0 ? undefined : Math.min(...times)
}

/** Every time that any server says so. */
export function expiries(cluster: Cluster, session: string): readonly number[] {
  return (
    cluster.zookeepers
      .flatMap(({ logFiles }) => logFiles)
      .filter((file) => existsSync(file))
      .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(line)])
      // Logs are written in the machine's own zone, as is a date without one.
      .flatMap(([, day, time, ms, id]) => (id === session ? [Date.parse(`${day}T${time}.${ms}`)] : []))
  )
}
