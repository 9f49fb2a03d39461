import { readdirSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { gunzipSync } from 'node:zlib'
import type { LogComponent } from '../src/model/log-event.ts'
import { createParser } from '../src/sources/logs/line-parser.ts'
import { allRules } from '../src/sources/logs/rules/all.ts'

const help = `From lines to events: recorded logs of real brokers and ZooKeeper servers, with all rules, on one core.

  npm run bench:logs -- [--megabytes N] [--runs N] [--check]

  --megabytes N   of text a run, the recorded logs over and over, default 100
  --runs N        default 7; the first is not counted
  --check         exit code 1 below 300,000 lines a second
  --help`

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '100' },
    runs: { type: 'string', default: '7' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const budget = 300_000
/** As the follower gives it out. */
const chunkLength = 65_536
const fixtures = new URL('../test/fixtures/logs/', import.meta.url)

interface Corpus {
  readonly name: string
  readonly component: LogComponent
  readonly chunks: readonly string[]
  readonly bytes: number
  readonly lines: number
}

interface Run {
  readonly seconds: number
  readonly events: number
}

if (values.help) console.log(help)
else bench(Number(values.megabytes) * 1_000_000, Number(values.runs))

function bench(bytes: number, runs: number): void {
  console.log(
    `${allRules.length} rules; lines and MB a second of processor time, best / median of ${runs - 1} runs of ${bytes / 1e6} MB`,
  )
  let slowest = Infinity
  for (const version of ['2.6.0', '3.9.1', '4.1.1']) {
    for (const kind of ['kafka', 'zk']) {
      const corpus = read(version, kind)
      if (corpus === undefined) continue
      slowest = Math.min(slowest, report(corpus, bytes, runs))
    }
  }
  console.log(
    `budget ${budget.toLocaleString('en')} lines a second: ${slowest >= budget ? 'met' : 'missed'} by the median of the slowest`,
  )
  if (values.check && slowest < budget) process.exitCode = 1
}

function report(corpus: Corpus, bytes: number, runs: number): number {
  const times = Math.max(1, Math.round(bytes / corpus.bytes))
  const all = Array.from({ length: runs }, () => parse(corpus, times)).slice(1)
  const seconds = all.map((run) => run.seconds).sort((a, b) => a - b)
  const rate = (of: number, value: number): number => (of * times) / value
  const best = seconds[0] ?? NaN
  const median = seconds[Math.floor(seconds.length / 2)] ?? NaN
  const lines = [best, median].map((value) => Math.round(rate(corpus.lines, value) / 1000).toLocaleString('en'))
  const megabytes = [best, median].map((value) => Math.round(rate(corpus.bytes, value) / 1e6))
  const share = (100 * (all[0]?.events ?? 0)) / (corpus.lines * times)
  console.log(
    `${corpus.name.padEnd(12)} ${lines.join(' / ').padStart(15)} thousand lines/s   ${megabytes.join(' / ').padStart(9)} MB/s   ${share.toFixed(1)} % of the lines are events`,
  )
  return rate(corpus.lines, median)
}

function parse({ component, chunks }: Corpus, times: number): Run {
  let events = 0
  const sink = {
    line: (): void => undefined,
    event: (): void => {
      events++
    },
  }
  const start = process.cpuUsage()
  for (let i = 0; i < times; i++) {
    const parser = createParser({ file: 'server.log', component, timeZone: 'Europe/Berlin' })
    for (const chunk of chunks) parser.take(chunk, sink)
    parser.flush(sink)
  }
  const { user, system } = process.cpuUsage(start)
  return { seconds: (user + system) / 1e6, events }
}

function read(version: string, kind: string): Corpus | undefined {
  const texts = readdirSync(new URL(`${version}/`, fixtures)).flatMap((scenario) =>
    readdirSync(new URL(`${version}/${scenario}/`, fixtures))
      .filter((file) => file.startsWith(kind) && file.endsWith('.log.gz'))
      .map((file) => gunzipSync(readFileSync(new URL(`${version}/${scenario}/${file}`, fixtures)))),
  )
  if (texts.length === 0) return undefined
  const whole = Buffer.concat(texts)
  const chunks: string[] = []
  for (let at = 0; at < whole.length;) {
    const found = whole.indexOf(10, at + chunkLength)
    const end = found < 0 ? whole.length : found + 1
    chunks.push(whole.subarray(at, end).toString('utf8'))
    at = end
  }
  const lines = chunks.reduce((sum, chunk) => sum + chunk.split('\n').length - 1, 0)
  return {
    name: `${version} ${kind}`,
    component: kind === 'zk' ? 'zookeeper' : 'kafka',
    chunks,
    bytes: whole.length,
    lines,
  }
}
