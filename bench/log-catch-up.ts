import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { eventually } from '../test/support/exporter-process.ts'
import { freePorts } from '../testbed/ports.ts'
import { startFakeCluster } from './fake-cluster/start.ts'
import { writeBacklog } from './log-catch-up/backlog.ts'
import type { Delay, LoopDelay } from './log-catch-up/loop-delay.ts'

const help = `Scrapes every 200 ms, and the event loop's delay, while the built exporter catches up on a backlog; the same process before it
has one; three fake brokers beside it, whose probes must not suffer.

  npm run bench:log-catch-up -- [--megabytes N] [--seconds N] [--check]

  --megabytes N   of recorded logs, default 300
  --seconds N     without a backlog, default 15
  --check         exit code 1 where the exporter itself kept the loop from turning for more than 25 ms (p99.9)
  --help`

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '300' },
    seconds: { type: 'string', default: '15' },
    check: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

const scrapeEveryMs = 200
const budgetMs = 25
const base = mkdtempSync(join(tmpdir(), 'log-catch-up-'))

if (values.help) console.log(help)
else await bench(Number(values.megabytes) * 1e6, Number(values.seconds) * 1_000)
process.exit()

async function bench(bytes: number, idleMs: number): Promise<void> {
  const [port = 0] = await freePorts(1)
  const cluster = await startFakeCluster({ brokers: 3, partitions: 300 })
  const [followed, aside] = [join(base, 'followed'), join(base, 'server.log')]
  mkdirSync(followed)
  const servers = cluster.ports.map((one) => `--kafka.server=127.0.0.1:${one}`)
  const flags = [
    ...servers,
    `--logs.kafka=${followed}/*.log`,
    `--logs.positions=${base}/positions`,
    '--logs.from-start',
  ]
  const preload = ['--import', 'tsx', '--import', new URL('log-catch-up/loop-delay.ts', import.meta.url).href]
  const args = [...preload, 'dist/main.js', ...flags, `--web.listen-address=127.0.0.1:${port}`]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  const url = `http://127.0.0.1:${port}/metrics`
  try {
    writeBacklog(aside, bytes)
    await eventually(
      async () => (sample(await scrape(url).catch(() => ''), 'kafka_ha_broker_up') === 3 ? true : undefined),
      60_000,
    )
    // Start-up is neither.
    await sleep(3_000)
    await loopDelay(child)
    console.log(`load average ${loadavg()[0]?.toFixed(1) ?? ''}; milliseconds`)
    const idleEnds = performance.now() + idleMs
    const idle = await measure('no backlog', child, url, () => performance.now() < idleEnds)
    renameSync(aside, join(followed, 'server.log'))
    const startedAt = performance.now()
    const behind = await measure(
      'catching up',
      child,
      url,
      (page) => (sample(page, 'kafka_ha_log_bytes_total') ?? 0) < bytes,
    )
    const seconds = (performance.now() - startedAt) / 1_000
    console.log(
      `${(bytes / 1e6).toFixed(0)} MB in ${seconds.toFixed(1)} s = ${(bytes / 1e6 / seconds).toFixed(0)} MB/s`,
    )
    const longest = behind.busy.p999
    console.log(
      `the loop was kept from turning for ${longest.toFixed(1)} ms by the exporter itself (p99.9), ` +
        `${idle.busy.p999.toFixed(1)} without a backlog: budget ${budgetMs} ${longest <= budgetMs ? 'met' : 'missed'}`,
    )
    if (values.check && longest > budgetMs) process.exitCode = 1
  } finally {
    child.kill('SIGTERM')
    await cluster.stop()
    rmSync(base, { recursive: true })
  }
}

async function measure(
  name: string,
  child: ChildProcess,
  url: string,
  goesOn: (page: string) => boolean,
): Promise<LoopDelay> {
  const took: number[] = []
  const pages: string[] = []
  let down = 0
  do {
    const startedAt = performance.now()
    const page = await scrape(url)
    took.push(performance.now() - startedAt)
    pages.splice(1, 1, page)
    // As many brokers as there are, all up, whatever else is read.
    if (sample(page, 'kafka_ha_broker_up') !== 3) down += 1
    await sleep(Math.max(0, scrapeEveryMs - (took.at(-1) ?? 0)))
  } while (goesOn(pages.at(-1) ?? ''))
  const delay = await loopDelay(child)
  took.sort((a, b) => a - b)
  const at = (share: number): string => (took[Math.floor((took.length - 1) * share)] ?? NaN).toFixed(0)
  const errors = (page = ''): number => sample(page, 'kafka_ha_source_errors_total') ?? 0
  console.log(
    `${name.padEnd(12)} ${took.length} scrapes: median ${at(0.5)}, p99 ${at(0.99)}, max ${at(1)}; ` +
      `event loop p99 / p99.9 / max: ${three(delay.gap)}, of it busy ${three(delay.busy)}; ` +
      `probes: ${down} scrapes without three brokers up, ${errors(pages.at(-1)) - errors(pages[0])} errors of sources`,
  )
  return delay
}

async function scrape(url: string): Promise<string> {
  return (await fetch(url, { signal: AbortSignal.timeout(10_000) })).text()
}

function three({ p99, p999, max }: Delay): string {
  return [p99, p999, max].map((ms) => ms.toFixed(1)).join(' / ')
}

async function loopDelay(child: ChildProcess): Promise<LoopDelay> {
  child.send('delay')
  const [delay] = (await once(child, 'message')) as [LoopDelay]
  return delay
}

/** The sum over a family's series. */
function sample(page: string, name: string): number | undefined {
  const found = [...page.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))].map(([, value]) => Number(value))
  return found.length === 0 ? undefined : found.reduce((sum, value) => sum + value, 0)
}
