import { spawn, spawnSync } from 'node:child_process'
import { atEnd } from './ending.ts'

export interface Finished {
  /** -1 when a signal ended it. */
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly deadlineMs: number
  readonly cwd?: string
}

/** Runs a program to its end. Rejects when it cannot be started or is not done by the deadline (it is killed then). */
export function run(command: string, args: readonly string[], options: RunOptions): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, stdio: ['ignore', 'pipe', 'pipe'] })
    const keep = atEnd(() => child.kill('SIGKILL'))
    let stdout = ''
    let stderr = ''
    let late = false
    const deadline = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, options.deadlineMs)
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    child.on('error', (error) => {
      clearTimeout(deadline)
      keep()
      reject(error)
    })
    child.on('close', (code) => {
      clearTimeout(deadline)
      keep()
      if (late) {
        reject(
          new Error(`${command} ${args.join(' ')}: not done after ${options.deadlineMs / 1000} s\n${stdout}${stderr}`),
        )
      } else resolve({ code: code ?? -1, stdout, stderr })
    })
  })
}

/** For what must succeed. */
export async function runOrThrow(command: string, args: readonly string[], deadlineMs: number): Promise<string> {
  const { code, stdout, stderr } = await run(command, args, { deadlineMs })
  if (code !== 0) throw new Error(`${command} ${args.join(' ')}: exit code ${code}: ${stderr.trim()}`)
  return stdout
}

/** For clean-up while the process exits, where nothing asynchronous runs any more. Failure is of no interest there. */
export function runNow(command: string, args: readonly string[]): string {
  const stdio = ['ignore', 'pipe', 'ignore'] as const
  const { error, stdout } = spawnSync(command, args, { timeout: 5_000, encoding: 'utf8', stdio: [...stdio] })
  return error === undefined ? stdout : ''
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}
