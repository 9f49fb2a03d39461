import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { tally, type Tally } from './lines.ts'

export interface Drill {
  readonly name: string
  /** Of `styles`. */
  readonly style: string
  readonly rotateEveryMs: number
  /** What is followed: `server.log` unless it is a glob. */
  readonly pattern?: string
  /** What happens to the reader while the writer writes. */
  readonly disturb?: 'pause' | 'terminate' | 'kill'
}

export interface Outcome extends Tally {
  readonly rotations: number
  readonly truncations: number
  /** What the reader said on stderr. */
  readonly said: string
}

export const drills: readonly Drill[] = [
  { name: 'rename', style: 'rename', rotateEveryMs: 500 },
  { name: 'rename, followed as server.log*', style: 'rename', rotateEveryMs: 500, pattern: 'server.log*' },
  { name: 'rename, gap of 200 ms', style: 'rename, gap', rotateEveryMs: 500 },
  { name: 'rename, written on for 200 ms', style: 'rename, written on', rotateEveryMs: 500 },
  { name: 'names shifted (.1 to .2 ...)', style: 'shift', rotateEveryMs: 500 },
  { name: 'daily', style: 'daily', rotateEveryMs: 500 },
  { name: '10 rotations a second', style: 'rename', rotateEveryMs: 95 },
  { name: '10 rotations a second, names shifted', style: 'shift', rotateEveryMs: 95 },
  { name: 'copytruncate', style: 'copytruncate', rotateEveryMs: 500 },
  { name: 'copytruncate, 20 ms written on', style: 'copytruncate, written on', rotateEveryMs: 500 },
  { name: 'unlink', style: 'unlink', rotateEveryMs: 500 },
  { name: 'reader paused (SIGSTOP)', style: 'rename', rotateEveryMs: 400, disturb: 'pause' },
  { name: 'reader restarted (SIGTERM)', style: 'rename', rotateEveryMs: 400, disturb: 'terminate' },
  { name: 'reader restarted (SIGKILL)', style: 'rename', rotateEveryMs: 400, disturb: 'kill' },
]

/** One writer and one reader, each in a process of its own, until everything is read or nothing more comes. */
export async function run(drill: Drill, linesPerSecond: number, seconds: number): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'rotation-'))
  const received = join(directory, 'received')
  writeFileSync(received, '')
  const logs = mkdtempSync(join(directory, 'logs-'))
  const started: Child[] = []
  const child = (script: string, ...args: readonly string[]): Child => {
    const one = new Child(script, args)
    started.push(one)
    return one
  }
  const read = (): Child =>
    child('reader', join(logs, drill.pattern ?? 'server.log'), received, join(directory, 'positions'))
  try {
    let reader = read()
    await reader.says('reading')
    const settings = [drill.style, linesPerSecond, seconds, drill.rotateEveryMs].map(String)
    const writer = child('writer', join(logs, 'server.log'), ...settings)
    await begun(received)
    await writer.ends((seconds * 1000) / 3, false)
    if (drill.disturb === 'pause') {
      reader.signal('SIGSTOP')
      await sleep((seconds * 1000) / 3)
      reader.signal('SIGCONT')
    } else if (drill.disturb !== undefined) {
      reader.signal(drill.disturb === 'kill' ? 'SIGKILL' : 'SIGTERM')
      await reader.ends(10_000, true)
      await sleep((seconds * 1000) / 4)
      reader = read()
      await reader.says('reading')
    }
    await writer.ends(seconds * 1000 + 60_000, true)
    await settled(received, Number(writer.out))
    reader.signal('SIGTERM')
    await reader.ends(10_000, true)
    const [file] = JSON.parse(reader.out.split('\n').at(-2) ?? '[]') as { rotations: number; truncations: number }[]
    const counted = { rotations: file?.rotations ?? 0, truncations: file?.truncations ?? 0 }
    const said = started.map(({ err }) => err).join('')
    return { ...tally(Number(writer.out), readFileSync(received, 'utf8')), ...counted, said }
  } finally {
    for (const one of started) one.signal('SIGKILL')
    rmSync(directory, { recursive: true, force: true })
  }
}

class Child {
  readonly #process: ChildProcess
  readonly #ended: Promise<unknown>
  out = ''
  err = ''

  constructor(script: string, args: readonly string[]) {
    const path = join(import.meta.dirname, `${script}.ts`)
    this.#process = spawn(process.execPath, ['--import', 'tsx', path, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
    this.#process.stdout?.on('data', (chunk: Buffer) => (this.out += chunk.toString()))
    this.#process.stderr?.on('data', (chunk: Buffer) => (this.err += chunk.toString()))
    this.#ended = once(this.#process, 'close')
  }

  async says(what: string): Promise<void> {
    const end = performance.now() + 30_000
    while (!this.out.includes(what)) {
      if (performance.now() > end) throw new Error(`it does not say ${what}: ${this.err}`)
      await sleep(20)
    }
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#process.exitCode === null && this.#process.signalCode === null) this.#process.kill(signal)
  }

  async ends(withinMs: number, must: boolean): Promise<void> {
    const ended = await Promise.race([this.#ended.then(() => true), sleep(withinMs, false, { ref: false })])
    if (must && !ended) throw new Error(`it does not end: ${this.err}`)
  }
}

async function begun(received: string): Promise<void> {
  const end = performance.now() + 30_000
  while (statSync(received).size === 0) {
    if (performance.now() > end) throw new Error('nothing is read')
    await sleep(20)
  }
}

/** Every line is there, or nothing came for five seconds: longer than anything in the follower waits. */
async function settled(received: string, written: number): Promise<void> {
  let [size, since] = [-1, performance.now()]
  while (performance.now() - since < 5_000) {
    const now = statSync(received).size
    if (now !== size) [size, since] = [now, performance.now()]
    if (tally(written, readFileSync(received, 'utf8')).lost === 0) return
    await sleep(300)
  }
}
