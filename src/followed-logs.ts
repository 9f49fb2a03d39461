import type { Config } from './config/config.ts'
import { machineZone } from './model/time-zone.ts'

/** What is followed and from where it is read, in fields of one line of the exporter's own log. */
export function followedLogs({ kafka, zookeeper, positions, fromStart, timeZone }: Config['logs']) {
  const isFile = [...kafka, ...zookeeper].some((pattern) => pattern !== '-')
  const unknown = fromStart ? 'beginning' : 'end'
  return {
    ...(kafka.length > 0 && { kafka: kafka.join(',') }),
    ...(zookeeper.length > 0 && { zookeeper: zookeeper.join(',') }),
    ...(isFile && { from: positions === undefined ? unknown : `positions, else ${unknown}` }),
    ...(positions !== undefined && { positions }),
    time_zone: timeZone ?? machineZone(),
  }
}
