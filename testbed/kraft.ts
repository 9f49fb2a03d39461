/** What a cluster without ZooKeeper needs besides: a quorum of controllers, and storage that carries the cluster's id. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokerSettings, listenersOf, propertiesOf, type Settings } from './config-files.ts'
import { controllerId, homeOf, logsOf, type Node } from './layout.ts'
import type { Tools } from './tools.ts'

const FORMAT_DEADLINE_MS = 60_000

export interface KraftOptions {
  readonly nodes: readonly Node[]
  /** Each controller a process of its own, or a part of its node's broker. */
  readonly isSeparate: boolean
  /** `broker.session.timeout.ms`; undefined: Kafka's own default, 9 s. */
  readonly sessionTimeoutMs: number | undefined
  readonly brokerConfig: Settings
}

function quorum({ nodes, isSeparate, sessionTimeoutMs }: KraftOptions): Settings {
  const voters = nodes.map((node) => `${controllerId(node, isSeparate)}@${node.host}:${node.controllerPort}`)
  return {
    'controller.quorum.voters': voters.join(','),
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map':
      'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL',
    ...(sessionTimeoutMs === undefined ? {} : { 'broker.session.timeout.ms': `${sessionTimeoutMs}` }),
  }
}

const controllerListener = (node: Node): string => `CONTROLLER://${node.host}:${node.controllerPort}`

/** Of a broker, which is a controller as well unless those are separate. */
export function kraftProperties(options: KraftOptions, node: Node, dataDir: string): string {
  const { isSeparate, brokerConfig } = options
  const { listeners, ...extra } = brokerConfig
  return propertiesOf({
    'process.roles': isSeparate ? 'broker' : 'broker,controller',
    'node.id': `${node.id}`,
    listeners: listenersOf(node, listeners, ...(isSeparate ? [] : [controllerListener(node)])),
    'log.dirs': dataDir,
    ...quorum(options),
    ...brokerSettings,
    ...extra,
  })
}

/** Of a separate controller. What a test sets for brokers holds here, too: the controller applies it to topics. */
export function controllerProperties(options: KraftOptions, node: Node, dataDir: string): string {
  return propertiesOf({
    'process.roles': 'controller',
    'node.id': `${controllerId(node, true)}`,
    'log.dirs': dataDir,
    ...quorum(options),
    ...brokerSettings,
    ...options.brokerConfig,
    listeners: controllerListener(node),
  })
}

export function writeKraftConfig(
  directory: string,
  unit: 'kafka' | 'controller',
  options: KraftOptions,
  node: Node,
): string {
  const home = homeOf(directory, `${unit}${node.id}`)
  const data = join(home, 'data')
  mkdirSync(logsOf(directory, `${unit}${node.id}`), { recursive: true })
  const file = join(home, 'server.properties')
  const properties = unit === 'kafka' ? kraftProperties : controllerProperties
  writeFileSync(file, properties(options, node, data))
  return file
}

/** `kafka-storage format`, for each of these configurations; all get the same cluster id. */
export async function formatStorage(
  tools: Tools,
  files: readonly string[],
  features: Readonly<Record<string, number>>,
): Promise<void> {
  const clusterId = Buffer.from(`testbed-${process.pid}`.padEnd(16, '.').slice(0, 16)).toString('base64url')
  const levels = Object.entries(features).flatMap(([name, level]) => ['--feature', `${name}=${level}`])
  const format = async (file: string): Promise<void> => {
    const args = ['format', '-t', clusterId, '-c', file, ...levels]
    const { code, stdout, stderr } = await tools.run('kafka.tools.StorageTool', args, FORMAT_DEADLINE_MS)
    if (code !== 0) throw new Error(`kafka-storage format -c ${file}: exit code ${code}\n${stdout}${stderr}`)
  }
  await Promise.all(files.map(format))
}
