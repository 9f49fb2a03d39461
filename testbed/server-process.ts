import { spawn, type ChildProcess } from 'node:child_process'
import { closeSync, openSync, readFileSync, statSync } from 'node:fs'
import { recordProcess } from './ledger.ts'
import { Hopeless, waitUntil } from './wait.ts'

const START_DEADLINE_MS = 60_000
const STOP_DEADLINE_MS = 90_000
const KILL_DEADLINE_MS = 10_000

export interface ServerSpec {
  /** `kafka1`. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** The cluster's, where the process is recorded. */
  readonly directory: string
  readonly outputFile: string
  readonly isReady: () => Promise<boolean>
}

export class StartFailure extends Error {
  readonly output: string
  constructor(message: string, output: string) {
    super(message)
    this.output = output
  }
}

/** One server's process over its lives: the same data directory, a new process at every start. */
export class ServerProcess {
  readonly #spec: ServerSpec
  #child: ChildProcess | undefined
  #isPaused = false

  constructor(spec: ServerSpec) {
    this.#spec = spec
  }

  get pid(): number | undefined {
    return this.#child?.pid
  }

  get isRunning(): boolean {
    return this.#child !== undefined
  }

  get isPaused(): boolean {
    return this.#isPaused
  }

  async start(): Promise<void> {
    const { name, outputFile, isReady } = this.#spec
    if (this.isRunning) throw new Error(`${name} is running already`)
    const before = sizeOf(outputFile)
    const child = this.#spawn()
    const ready = async (): Promise<boolean> => {
      if (this.#child !== child) throw new Hopeless()
      return isReady()
    }
    try {
      await waitUntil(`${name} to accept connections`, ready, START_DEADLINE_MS)
    } catch (error) {
      const output = readFileSync(outputFile).subarray(before).toString()
      const what = error instanceof Hopeless ? `${name} ended while it started` : (error as Error).message
      throw new StartFailure(
        `${what}; the end of ${outputFile}:\n${output.trimEnd().split('\n').slice(-15).join('\n')}`,
        output,
      )
    }
  }

  async stop(): Promise<void> {
    if (this.#isPaused) throw new Error(`${this.#spec.name} is paused and would not hear SIGTERM: resume or kill it`)
    await this.#end('SIGTERM', STOP_DEADLINE_MS)
  }

  async kill(): Promise<void> {
    await this.#end('SIGKILL', KILL_DEADLINE_MS)
  }

  pause(): void {
    this.#running().kill('SIGSTOP')
    this.#isPaused = true
  }

  resume(): void {
    if (!this.#isPaused) throw new Error(`${this.#spec.name} is not paused`)
    this.#running().kill('SIGCONT')
    this.#isPaused = false
  }

  #running(): ChildProcess {
    if (this.#child === undefined) throw new Error(`${this.#spec.name} is not running`)
    return this.#child
  }

  #spawn(): ChildProcess {
    const { command, args, directory, outputFile } = this.#spec
    const output = openSync(outputFile, 'a')
    // A session of its own: Ctrl-C at a terminal goes to the owner alone, which ends the servers in its own way.
    const child = spawn(command, args, { cwd: directory, detached: true, stdio: ['ignore', output, output] })
    closeSync(output)
    if (child.pid !== undefined) recordProcess(directory, child.pid)
    this.#child = child
    this.#isPaused = false
    const gone = (): void => {
      if (this.#child === child) this.#child = undefined
    }
    child.once('exit', gone).once('error', gone)
    return child
  }

  async #end(signal: NodeJS.Signals, deadlineMs: number): Promise<void> {
    const child = this.#running()
    child.kill(signal)
    await waitUntil(`${this.#spec.name} to end after ${signal}`, () => this.#child !== child, deadlineMs, 20)
    this.#isPaused = false
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}
