import type { Cluster } from './types.ts'

/** Every file that a server of the cluster writes; a controller within a broker writes the broker's. */
export function logFilesOf({ brokers, zookeepers, controllers }: Cluster): LogPatterns {
  const files = (servers: Cluster['brokers']): string[] => [...new Set(servers.flatMap(({ logFiles }) => logFiles))]
  return { kafka: files([...brokers, ...controllers]), zookeeper: files(zookeepers) }
}

export interface LogPatterns {
  readonly kafka: readonly string[]
  readonly zookeeper: readonly string[]
}

/** As an operator names them: every unit's, by a glob that leaves out what has been rotated. */
export function logPatternsOf(cluster: Cluster): LogPatterns {
  const { kafka, zookeeper } = logFilesOf(cluster)
  const globs = (files: readonly string[]): string[] => [
    ...new Set(files.map((file) => file.replace(/\d+\/logs\/[^/]+$/, '*/logs/*.log'))),
  ]
  return { kafka: globs(kafka), zookeeper: globs(zookeeper) }
}
