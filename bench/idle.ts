import { spawn, type ChildProcess } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCluster } from '../testbed/cluster.ts'
import { freePorts } from '../testbed/ports.ts'
import { createTestTopic } from '../testbed/user-topic.ts'

const help = `CPU that the exporter takes on three real brokers, at alert pace (the first minute) and when all is calm.

  npm run bench:idle -- [--kafka VERSION] [--seconds N] [--peer PATH]

  --kafka VERSION   default 3.9.1
  --seconds N       length of each measurement, default 60
  --peer PATH       a kafka_exporter binary to measure beside it, scraped every 15 s as ours is`

const alertLastsMs = 60_000
const scrapeEveryMs = 15_000

const { values } = parseArgs({
  options: {
    kafka: { type: 'string', default: '3.9.1' },
    seconds: { type: 'string', default: '60' },
    peer: { type: 'string' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) console.log(help)
else await bench(values.kafka, Number(values.seconds), values.peer)
process.exit()

async function bench(kafka: string, seconds: number, peer: string | undefined): Promise<void> {
  const cluster = await startCluster({ kafka })
  const children: { readonly name: string; readonly child: ChildProcess; readonly url: string }[] = []
  try {
    await createTestTopic(cluster)
    const servers = cluster.bootstrap.map((address) => `--kafka.server=${address}`)
    const [ourPort = 0, peerPort = 0] = await freePorts(2)
    const start = (name: string, command: string, args: readonly string[], port: number): void => {
      const child = spawn(command, [...args, ...servers, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
      children.push({ name, child, url: `http://127.0.0.1:${port}/metrics` })
    }
    start('kafka-ha-exporter', process.execPath, ['dist/main.js'], ourPort)
    if (peer !== undefined) start('kafka_exporter', peer, [], peerPort)
    await sleep(5_000)
    await measure('alert pace', children, seconds)
    await sleep(Math.max(0, alertLastsMs - seconds * 1_000) + 5_000)
    await measure('calm pace', children, seconds)
  } finally {
    for (const { child } of children) child.kill('SIGTERM')
    await cluster.destroy()
  }
}

async function measure(
  phase: string,
  children: readonly { readonly name: string; readonly child: ChildProcess; readonly url: string }[],
  seconds: number,
): Promise<void> {
  const before = children.map(({ child }) => cpuSeconds(child.pid))
  const startedAt = performance.now()
  for (let due = 0; due < seconds * 1_000; due += scrapeEveryMs) {
    await Promise.all(children.map(({ url }) => scrape(url)))
    const next = Math.min(due + scrapeEveryMs, seconds * 1_000)
    await sleep(Math.max(0, startedAt + next - performance.now()))
  }
  const took = (performance.now() - startedAt) / 1_000
  children.forEach(({ name, child }, i) => {
    const used = cpuSeconds(child.pid) - (before[i] ?? 0)
    const share = ((used / took) * 100).toFixed(2)
    console.log(
      `${phase.padEnd(10)}  ${name.padEnd(18)} ${used.toFixed(2)} s CPU in ${took.toFixed(1)} s = ${share} % of a core`,
    )
  })
}

async function scrape(url: string): Promise<void> {
  const response = await fetch(url, { signal: AbortSignal.timeout(10_000) })
  await response.text()
}

/** Time on a processor of all threads of a process: by the scheduler's nanoseconds, as ticks miss bursts shorter than one. */
function cpuSeconds(pid: number | undefined): number {
  const tasks = `/proc/${pid ?? 0}/task`
  const nanoseconds = readdirSync(tasks).map((task) =>
    Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
  )
  return nanoseconds.reduce((sum, spent) => sum + spent, 0) / 1e9
}
