import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Writable } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'

/** The built exporter as a process of its own, as users run it. */
export interface ExporterProcess {
  readonly pid: number
  log(): string
  isRunning(): boolean
  metrics(): Promise<string>
  stop(): Promise<void>
  /** Without a word; resolves when it is gone. */
  kill(): Promise<void>
  /** Its standard input: at its end unless it was asked for. */
  readonly input: Writable | null
}

/** Resolves once it listens, on a free port of 127.0.0.1. */
export async function startExporter(
  flags: readonly string[],
  env: Readonly<Record<string, string>> = {},
  stdin: 'ignore' | 'pipe' = 'ignore',
  /** Of another user than this process: only root may. */
  user?: { readonly uid: number; readonly gid: number },
): Promise<ExporterProcess> {
  const child = spawn(process.execPath, ['dist/main.js', ...flags, '--web.listen-address=127.0.0.1:0'], {
    stdio: [stdin, 'ignore', 'pipe'],
    env: { ...process.env, ...env },
    ...user,
  })
  let log = ''
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()))
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null
  const port = await eventually(() => {
    if (!isRunning()) throw new Error(`the exporter ended: ${log}`)
    return /msg=listening .*port=(\d+)/.exec(log)?.[1]
  })
  return {
    pid: child.pid ?? 0,
    log: () => log,
    isRunning,
    async metrics() {
      const response = await fetch(`http://127.0.0.1:${port}/metrics`, { signal: AbortSignal.timeout(5_000) })
      if (response.status !== 200) throw new Error(`/metrics answers with ${response.status}`)
      return response.text()
    },
    async stop() {
      if (!isRunning()) return
      child.kill('SIGTERM')
      await Promise.race([once(child, 'exit'), sleep(10_000)])
      if (isRunning()) child.kill('SIGKILL')
    },
    async kill() {
      if (!isRunning()) return
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
    input: child.stdin,
  }
}

/** Asks until there is an answer other than undefined; throws past the deadline. */
export async function eventually<T>(
  ask: () => T | undefined | Promise<T | undefined>,
  deadlineMs = 10_000,
): Promise<T> {
  const until = performance.now() + deadlineMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    if (performance.now() > until) throw new Error(`nothing within ${deadlineMs} ms`)
    await sleep(50)
  }
}
