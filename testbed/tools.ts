import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { hasClass, loggingOf, type Distribution } from './distribution.ts'
import { javaCommand } from './java.ts'
import { run, type Finished } from './run.ts'
import { parseDescribe, parseOffsets } from './tool-output.ts'
import type { TruthOffset, TruthPartition } from './types.ts'

const DEFAULT_DEADLINE_MS = 60_000

/** Kafka's own command-line tools, the truth that drills compare with. */
export class Tools {
  readonly #distribution: Distribution
  readonly #directory: string

  constructor(distribution: Distribution, directory: string) {
    this.#distribution = distribution
    this.#directory = directory
  }

  run(mainClass: string, args: readonly string[], deadlineMs = DEFAULT_DEADLINE_MS): Promise<Finished> {
    // A tool lives a second: the cheap compiler and the shared class archive halve that.
    const java = [
      '-Xmx256m',
      '-XX:+UseSerialGC',
      '-XX:TieredStopAtLevel=1',
      '-Xshare:auto',
      ...loggingOf(this.#distribution, 'tools'),
    ]
    const command = [...java, '-cp', join(this.#distribution.libs, '*'), mainClass, ...args]
    return run(javaCommand(), command, { deadlineMs, cwd: this.#directory })
  }

  async describeTopics(bootstrap: string): Promise<TruthPartition[]> {
    const args = ['--bootstrap-server', bootstrap, '--describe', '--command-config', this.#clientConfig()]
    const { code, stdout, stderr } = await this.run(this.#either('TopicCommand', 'kafka.admin'), args)
    if (code !== 0) throw new Error(`kafka-topics --describe: exit code ${code}\n${stdout}${stderr}`)
    return parseDescribe(stdout)
  }

  async getOffsets(bootstrap: string, topic: string, time: -1 | -2): Promise<TruthOffset[]> {
    const isOld = this.#distribution.version.startsWith('2.')
    // 3.x retries a leaderless partition until the client's deadline, and only then prints the others.
    const servers = isOld
      ? ['--broker-list', bootstrap]
      : ['--bootstrap-server', bootstrap, '--command-config', this.#clientConfig()]
    const args = [...servers, '--topic', topic, '--time', `${time}`]
    const { code, stdout, stderr } = await this.run(this.#either('GetOffsetShell', 'kafka.tools'), args)
    if (code !== 0) throw new Error(`GetOffsetShell: exit code ${code}\n${stdout}${stderr}`)
    return parseOffsets(stdout)
  }

  #clientConfig(): string {
    const file = join(this.#directory, 'tools.properties')
    writeFileSync(file, 'request.timeout.ms=3000\ndefault.api.timeout.ms=5000\n')
    return file
  }

  #either(tool: string, oldPackage: string): string {
    const moved = `org.apache.kafka.tools.${tool}`
    return hasClass(this.#distribution, moved) ? moved : `${oldPackage}.${tool}`
  }
}
