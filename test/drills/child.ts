import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Report } from '../../testbed/drills/report.ts'

const MAIN = fileURLToPath(new URL('../../testbed/drills/main.ts', import.meta.url))
const STOP_MS = 30_000
const KEPT_LINES = 300

interface Waiting {
  readonly promise: Promise<void>
  readonly done: () => void
  readonly failed: (error: Error) => void
}

function waiting(): Waiting {
  let done: Waiting['done'] = () => undefined
  let failed: Waiting['failed'] = () => undefined
  const promise = new Promise<void>((resolve, reject) => {
    done = resolve
    failed = reject
  })
  // Whoever awaits it hears of it; a drill nobody waits for yet must not end the test run.
  promise.catch(() => undefined)
  return { promise, done, failed }
}

/** The drill CLI as a child: several drills on one cluster, each awaited by a test of its own. */
export class DrillChild {
  readonly #directory = mkdtempSync(join(tmpdir(), 'drills-'))
  readonly #json = join(this.#directory, 'report.json')
  readonly #child: ChildProcess
  readonly #drills: ReadonlyMap<string, Waiting>
  readonly #lines: string[] = []
  readonly #deadline: NodeJS.Timeout

  constructor(names: readonly string[], kafka: string, deadlineMs: number, options: readonly string[] = []) {
    this.#drills = new Map(names.map((name) => [name, waiting()]))
    const args = ['--import', 'tsx', MAIN, ...names, '--kafka', kafka, ...options, '--json', this.#json]
    this.#child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] })
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      if (stream !== null) createInterface({ input: stream }).on('line', (line) => this.#hear(line))
    }
    this.#child.once('close', (code) => this.#failAll(`the drills ended with ${code ?? 'a signal'}`))
    this.#deadline = setTimeout(() => {
      this.#failAll(`the drills were not done after ${deadlineMs / 1000} s`)
      this.#child.kill('SIGTERM')
    }, deadlineMs)
  }

  #hear(line: string): void {
    this.#lines.push(line)
    this.#lines.splice(0, this.#lines.length - KEPT_LINES)
    const [, name = '', why] = /^drill (\S+) on \S+: (?:PASSED|FAILED) \((.*)\)$/.exec(line) ?? []
    if (why?.startsWith('could not be run') === true) this.#drills.get(name)?.failed(new Error(line))
    else this.#drills.get(name)?.done()
  }

  #failAll(why: string): void {
    for (const drill of this.#drills.values()) drill.failed(new Error(`${why}\n${this.#lines.join('\n')}`))
  }

  async report(name: string): Promise<Report> {
    await this.#drills.get(name)?.promise
    const { reports } = JSON.parse(readFileSync(this.#json, 'utf8')) as { readonly reports: readonly Report[] }
    const found = reports.find(({ scenario }) => scenario === name)
    if (found === undefined) throw new Error(`no report of ${name}`)
    return found
  }

  /** Ends it if it still runs; it then takes its cluster with it. */
  async stop(): Promise<void> {
    clearTimeout(this.#deadline)
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      const gone = once(this.#child, 'close')
      this.#child.kill('SIGTERM')
      const lastResort = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
      await gone
      clearTimeout(lastResort)
    }
    rmSync(this.#directory, { recursive: true, force: true })
  }
}

/** What a test asserts of a report: every check that failed, with its reason. */
export function failures({ checks }: Report): readonly string[] {
  return checks
    .filter(({ ok }) => !ok)
    .map(({ name, seconds, withinS, detail }) => {
      const measured =
        seconds === undefined ? '' : ` ${seconds.toFixed(2)} s${withinS === undefined ? '' : ` (< ${withinS} s)`}`
      return `${name}:${measured} ${detail ?? ''}`.trimEnd()
    })
}
