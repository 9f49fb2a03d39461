import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../ports.ts'
import { ServerProcess } from '../server-process.ts'
import { alertmanagerConfig, prometheusConfig } from './configuration.ts'
import { findPrograms, type Programs } from './programs.ts'

const RULES = fileURLToPath(new URL('../../alerts/kafka-ha.rules.yaml', import.meta.url))
const ANSWER_DEADLINE_MS = 2_000

export interface Monitoring {
  /** `http://127.0.0.1:port`. */
  readonly prometheus: string
  /** Undefined: not installed. */
  readonly alertmanager: string | undefined
  stop(): Promise<void>
}

export interface Wanted {
  /** A testbed cluster's: what is started is recorded there, and removed with it if this process is killed. */
  readonly directory: string
  /** `host:port` of each exporter. */
  readonly exporters: readonly string[]
  /** Where Alertmanager sends its notifications. */
  readonly webhook?: string
  readonly programs?: Programs
}

/**
 * Prometheus with the alert rules, and Alertmanager if it is installed, on free ports of 127.0.0.1. Resolves when both are
 * ready (the first scrape comes up to 6 s later); undefined without a Prometheus. Rejects when one ends while it starts.
 */
export async function startMonitoring(wanted: Wanted): Promise<Monitoring | undefined> {
  const { directory, exporters, webhook, programs = findPrograms() } = wanted
  if (programs.prometheus === undefined) return undefined
  const [prometheusPort = 0, alertmanagerPort = 0] = await freePorts(2)
  const started: ServerProcess[] = []
  const stop = async (): Promise<void> => {
    await Promise.all(started.filter((one) => one.isRunning).map((one) => one.stop()))
  }
  const start = async (name: string, program: string, port: number, config: string, flags: readonly string[]) => {
    const home = join(directory, name)
    mkdirSync(home, { recursive: true })
    const configFile = join(home, `${name}.yml`)
    writeFileSync(configFile, config)
    const server = new ServerProcess({
      name,
      command: program,
      args: [
        `--config.file=${configFile}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
        ...flags.map((flag) => flag.replace('DATA', join(home, 'data'))),
      ],
      directory,
      outputFile: join(home, 'output.txt'),
      isReady: () => isReady(`http://127.0.0.1:${port}/-/ready`),
    })
    started.push(server)
    await server.start()
  }
  const alertmanager = programs.alertmanager === undefined ? undefined : `127.0.0.1:${alertmanagerPort}`
  try {
    if (programs.alertmanager !== undefined) {
      // An empty address: no gossip with others, and no port for it.
      const flags = ['--storage.path=DATA', '--cluster.listen-address=']
      await start('alertmanager', programs.alertmanager, alertmanagerPort, alertmanagerConfig(webhook), flags)
    }
    const config = prometheusConfig({ exporters, ruleFile: RULES, alertmanager })
    const flags = ['--storage.tsdb.path=DATA', '--storage.tsdb.retention.time=6h']
    await start('prometheus', programs.prometheus, prometheusPort, config, flags)
  } catch (error) {
    await stop()
    throw error
  }
  return {
    prometheus: `http://127.0.0.1:${prometheusPort}`,
    alertmanager: alertmanager === undefined ? undefined : `http://${alertmanager}`,
    stop,
  }
}

async function isReady(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(ANSWER_DEADLINE_MS) })).ok
}
