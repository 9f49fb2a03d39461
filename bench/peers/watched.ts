import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { atEnd } from '../../testbed/ending.ts'
import { withDeadline } from '../../testbed/wait.ts'

const stopDeadlineMs = 5_000

/** An exporter under measurement. It ends with this process, however that ends. */
export class Watched {
  readonly name: string
  readonly url: string
  readonly pid: number
  readonly #child: ChildProcess
  readonly #forget: () => void

  private constructor(name: string, child: ChildProcess, pid: number, url: string) {
    this.name = name
    this.url = url
    this.pid = pid
    this.#child = child
    this.#forget = atEnd(() => child.kill('SIGKILL'))
  }

  /** Rejects when the command cannot be run. */
  static async start(name: string, command: string, args: readonly string[], port: number): Promise<Watched> {
    // Each KAFKA_HA_* would be a setting of ours.
    const env = Object.fromEntries(Object.entries(process.env).filter(([key]) => !key.startsWith('KAFKA_HA_')))
    const listen = `--web.listen-address=127.0.0.1:${port}`
    const child = spawn(command, [...args, listen], { stdio: 'ignore', env })
    await withDeadline(`${name}: spawn`, once(child, 'spawn'), stopDeadlineMs)
    return new Watched(name, child, child.pid ?? 0, `http://127.0.0.1:${port}/metrics`)
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  async stop(): Promise<void> {
    if (this.isRunning) {
      const gone = once(this.#child, 'exit')
      this.#child.kill('SIGTERM')
      const killer = setTimeout(() => this.#child.kill('SIGKILL'), stopDeadlineMs)
      await gone
      clearTimeout(killer)
    }
    this.#forget()
  }
}
