import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import type { Order, Reading, Rendering } from './measured.ts'

const startsWithinMs = 120_000
const answersWithinMs = 60_000

/** A process of its own that serves /metrics on loopback and is asked what it costs. */
export class MeasuredProcess {
  readonly #child: ChildProcess
  readonly port: number

  private constructor(child: ChildProcess, port: number) {
    this.#child = child
    this.port = port
  }

  static async start(file: 'ours.ts' | 'peer.ts', partitions: number): Promise<MeasuredProcess> {
    const child = fork(new URL(file, import.meta.url), [String(partitions)], {
      execArgv: ['--import', 'tsx', '--expose-gc', '--max-old-space-size=8192'],
    })
    const [port] = (await once(child, 'message', { signal: AbortSignal.timeout(startsWithinMs) })) as [number]
    return new MeasuredProcess(child, port)
  }

  async read(): Promise<Reading> {
    return (await this.#ask('read')) as Reading
  }

  async renders(): Promise<Rendering> {
    return (await this.#ask('render')) as Rendering
  }

  async countsSeries(): Promise<number> {
    return (await this.#ask('count-series')) as number
  }

  async tell(order: Exclude<Order, 'read' | 'render' | 'count-series'>): Promise<void> {
    await this.#ask(order)
  }

  stop(): void {
    this.#child.kill('SIGKILL')
  }

  async #ask(order: Order): Promise<unknown> {
    const answer = once(this.#child, 'message', { signal: AbortSignal.timeout(answersWithinMs) })
    this.#child.send(order)
    const [told] = (await answer) as [unknown]
    return told
  }
}
