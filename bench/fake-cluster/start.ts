import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { withDeadline } from '../../testbed/wait.ts'
import type { Command } from './commands.ts'

const main = new URL('main.ts', import.meta.url).pathname
const answerWithinMs = 60_000

/** A fake cluster in a process of its own, which ends with this one. */
export interface RunningFake {
  readonly pid: number
  readonly ports: readonly number[]
  /** Resolves once it is done. */
  tell(command: Command): Promise<Readonly<Record<string, unknown>>>
  stop(): Promise<void>
}

/** Flags as `npm run bench:cluster -- --help` tells them. Rejects when it ends before it is ready. */
export async function startFakeCluster(flags: Readonly<Record<string, string | number>>): Promise<RunningFake> {
  const args = Object.entries(flags).map(([name, value]) => `--${name}=${value}`)
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...args], { stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const ended = once(child, 'exit')
  const answer = async (what: string): Promise<Readonly<Record<string, unknown>>> => {
    const line = await withDeadline(what, lines.next(), answerWithinMs)
    if (line.done === true) throw new Error(`${what}: the fake cluster has ended`)
    return JSON.parse(line.value) as Readonly<Record<string, unknown>>
  }
  const ready = await answer('the fake cluster')
  return {
    pid: child.pid ?? 0,
    ports: ready['ports'] as readonly number[],
    async tell(command) {
      child.stdin.write(`${JSON.stringify(command)}\n`)
      const told = await answer(command.do)
      if (told['ok'] !== true) throw new Error(`${command.do}: ${String(told['error'])}`)
      return told
    },
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}
