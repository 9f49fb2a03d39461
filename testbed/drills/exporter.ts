import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'
import { atEnd } from '../ending.ts'
import type { Cluster, Server } from '../types.ts'
import { withDeadline } from '../wait.ts'
import { logPatternsOf, type LogPatterns } from '../log-files.ts'

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url))
const STOP_DEADLINE_MS = 15_000
const KEPT_LINES = 200

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  server.close()
  await once(server, 'close')
  return address.port
}

/** Without KAFKA_HA_*: each would be a setting of the exporter, or, unknown to it, its end. */
function ownEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('KAFKA_HA_')))
}

/** `host:port` of the servers it is to watch. */
export interface Targets {
  readonly kafka: readonly string[]
  readonly zookeeper: readonly string[]
  readonly controllers: readonly string[]
  /** Paths and globs. */
  readonly logs: LogPatterns
}

/** `knows` brokers: of nobody else. */
export function targetsOf(cluster: Cluster, knows?: 'brokers'): Targets {
  const { bootstrap, zookeepers, controllers } = cluster
  const given = (servers: readonly Server[]): string[] =>
    knows === 'brokers' ? [] : servers.map(({ host, port }) => `${host}:${port}`)
  const logs = logPatternsOf(cluster)
  return { kafka: bootstrap, zookeeper: given(zookeepers), controllers: given(controllers), logs }
}

/** The built exporter as a child process, as an operator would run it. */
export class Exporter {
  readonly url: string
  readonly #child: ChildProcess
  readonly #lines: string[] = []
  readonly #forget: () => void

  private constructor(child: ChildProcess, url: string) {
    this.#child = child
    this.url = url
    this.#forget = atEnd(() => child.kill('SIGKILL'))
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#lines.push(...text.trimEnd().split('\n'))
        this.#lines.splice(0, this.#lines.length - KEPT_LINES)
      })
    }
  }

  /** `namespace`: inside that network, where its URL can then be reached only. */
  static async start(targets: Targets, namespace?: string): Promise<Exporter> {
    if (!existsSync(MAIN)) throw new Error('dist/main.js is missing: run `npm run build` first')
    const port = await freePort()
    const servers = [
      ...targets.kafka.map((address) => `--kafka.server=${address}`),
      ...targets.zookeeper.map((address) => `--zookeeper.server=${address}`),
      ...targets.controllers.map((address) => `--kafka.controller=${address}`),
      ...targets.logs.kafka.map((pattern) => `--logs.kafka=${pattern}`),
      ...targets.logs.zookeeper.map((pattern) => `--logs.zookeeper=${pattern}`),
    ]
    const node = [process.execPath, MAIN, ...servers, `--web.listen-address=127.0.0.1:${port}`]
    // `ip netns exec` becomes the program it runs, so the pid is the exporter's.
    const [command = '', ...args] = namespace === undefined ? node : ['ip', 'netns', 'exec', namespace, ...node]
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env: ownEnvironment() })
    await withDeadline('exporter: spawn', once(child, 'spawn'), STOP_DEADLINE_MS)
    return new Exporter(child, `http://127.0.0.1:${port}/metrics`)
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** The end of what it wrote on both streams. */
  get lastLines(): readonly string[] {
    return this.#lines
  }

  /** How it ended: 0 for an orderly end on SIGTERM. */
  async stop(): Promise<number | string> {
    if (this.isRunning) {
      const gone = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      try {
        await withDeadline('exporter: SIGTERM', gone, STOP_DEADLINE_MS)
      } catch {
        this.#child.kill('SIGKILL')
        await gone
      }
    }
    this.#forget()
    return this.#child.exitCode ?? this.#child.signalCode ?? 'unknown'
  }
}
