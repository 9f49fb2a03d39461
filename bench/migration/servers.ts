import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brokerSettings, propertiesOf, type Settings } from '../../testbed/config-files.ts'
import { getDistribution, loggingOf } from '../../testbed/distribution.ts'
import { javaCommand } from '../../testbed/java.ts'
import { freePorts } from '../../testbed/ports.ts'
import { brokerAnswers } from '../../testbed/probes.ts'
import { ServerProcess } from '../../testbed/server-process.ts'
import type { Cluster, Unit } from '../../testbed/types.ts'

interface Controller {
  readonly file: string
  readonly process: ServerProcess
  readonly settings: Settings
}

/** A ZooKeeper cluster on its way to KRaft, as Kafka's manual goes: controllers beside it, brokers restarted one by one, twice. */
export class Migration {
  /** `host:port` */
  readonly controllers: readonly string[]
  readonly #cluster: Cluster
  readonly #controllers: readonly Controller[]
  readonly #quorum: Settings
  readonly #migrating: Settings

  private constructor(cluster: Cluster, ports: readonly number[], java: (unit: string) => readonly string[]) {
    this.#cluster = cluster
    this.controllers = ports.map((port) => `127.0.0.1:${port}`)
    this.#quorum = {
      'controller.quorum.voters': ports.map((port, index) => `${101 + index}@127.0.0.1:${port}`).join(','),
      'controller.listener.names': 'CONTROLLER',
      'listener.security.protocol.map': 'CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT',
      ...brokerSettings,
    }
    this.#migrating = {
      'zookeeper.metadata.migration.enable': 'true',
      'zookeeper.connect': cluster.zookeepers.map(({ host, port }) => `${host}:${port}`).join(','),
      'zookeeper.session.timeout.ms': '9000',
      'zookeeper.connection.timeout.ms': '18000',
    }
    this.#controllers = ports.map((port, index) => this.#controller(port, index, java))
  }

  static async prepare(cluster: Cluster): Promise<Migration> {
    const distribution = await getDistribution(cluster.kafka)
    const java = (unit: string): readonly string[] => [
      ...[
        '-Xshare:auto',
        '-cp',
        join(distribution.libs, '*'),
        '-Xmx256m',
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
      ],
      `-Dtestbed.logs=${join(cluster.directory, unit, 'logs')}`,
      ...loggingOf(distribution, 'kafka'),
    ]
    return new Migration(cluster, await freePorts(3), java)
  }

  async startControllers(): Promise<void> {
    const meta = readFileSync(join(this.#cluster.directory, 'kafka1/data/meta.properties'), 'utf8')
    const id = /^cluster\.id=(.*)$/m.exec(meta)?.[1] ?? ''
    await Promise.all(
      this.#controllers.map(async ({ file, process, settings }) => {
        writeFileSync(file, propertiesOf({ ...settings, ...this.#migrating }))
        const formatted = await this.#cluster.tool('kafka.tools.StorageTool', ['format', '-t', id, '-c', file])
        if (formatted.code !== 0) throw new Error(`kafka-storage format: ${formatted.stdout}${formatted.stderr}`)
        await process.start()
      }),
    )
  }

  async restartBroker(broker: number, as: 'migrating' | 'kraft'): Promise<void> {
    const unit: Unit = `kafka${broker}`
    const port = this.#cluster.brokers.find(({ id }) => id === broker)?.port ?? NaN
    const shared = {
      listeners: `PLAINTEXT://127.0.0.1:${port}`,
      'log.dirs': join(this.#cluster.directory, unit, 'data'),
      ...this.#quorum,
    }
    const own =
      as === 'kraft'
        ? { 'process.roles': 'broker', 'node.id': `${broker}` }
        : { 'broker.id': `${broker}`, ...this.#migrating }
    writeFileSync(join(this.#cluster.directory, unit, 'server.properties'), propertiesOf({ ...own, ...shared }))
    await this.#cluster.act('stop', unit)
    await this.#cluster.act('start', unit)
  }

  /** Its settings name ZooKeeper no more. */
  async restartController(index: number): Promise<void> {
    const controller = this.#controllers[index]
    if (controller === undefined) throw new Error(`no controller ${index}`)
    writeFileSync(controller.file, propertiesOf(controller.settings))
    await controller.process.stop()
    await controller.process.start()
  }

  async stop(): Promise<void> {
    const running = this.#controllers.filter(({ process }) => process.isRunning)
    await Promise.all(running.map(({ process }) => process.kill()))
  }

  #controller(port: number, index: number, java: (unit: string) => readonly string[]): Controller {
    const name = `controller${index + 1}`
    const home = join(this.#cluster.directory, name)
    mkdirSync(join(home, 'logs'), { recursive: true })
    const file = join(home, 'server.properties')
    const settings = {
      'process.roles': 'controller',
      'node.id': `${101 + index}`,
      listeners: `CONTROLLER://127.0.0.1:${port}`,
      'log.dirs': join(home, 'data'),
      ...this.#quorum,
    }
    const process = new ServerProcess({
      name,
      command: javaCommand(),
      args: [...java(name), 'kafka.Kafka', file],
      directory: this.#cluster.directory,
      outputFile: join(home, 'output.txt'),
      isReady: () => brokerAnswers('127.0.0.1', port),
    })
    return { file, process, settings }
  }
}
