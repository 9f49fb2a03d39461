import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCluster } from '../testbed/cluster.ts'
import { freePorts } from '../testbed/ports.ts'
import { createTestTopic } from '../testbed/user-topic.ts'

const help = `CPU that the exporter takes on three real brokers, at alert pace (the first minute) and when all is calm.

  npm run bench:idle -- [--kafka VERSION] [--seconds N] [--peer PATH] [--logs N]

  --kafka VERSION   default 3.9.1
  --seconds N       length of each measurement, default 60
  --peer PATH       a kafka_exporter binary to measure beside it, scraped every 15 s as ours is
  --logs N          a second exporter beside it that follows N quiet logs by two globs, with positions, and the ratio`

const following = 'the same, following logs'
const alertLastsMs = 60_000
const scrapeEveryMs = 15_000

const { values } = parseArgs({
  options: {
    kafka: { type: 'string', default: '3.9.1' },
    seconds: { type: 'string', default: '60' },
    peer: { type: 'string' },
    logs: { type: 'string', default: '0' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) console.log(help)
else await bench(values.kafka, Number(values.seconds), values.peer, Number(values.logs))
process.exit()

async function bench(kafka: string, seconds: number, peer: string | undefined, logs: number): Promise<void> {
  const cluster = await startCluster({ kafka })
  const directory = mkdtempSync(join(tmpdir(), 'idle-'))
  const children: { readonly name: string; readonly child: ChildProcess; readonly url: string }[] = []
  try {
    await createTestTopic(cluster)
    const servers = cluster.bootstrap.map((address) => `--kafka.server=${address}`)
    const [ourPort = 0, peerPort = 0, followingPort = 0] = await freePorts(3)
    const start = (name: string, command: string, args: readonly string[], port: number): void => {
      const child = spawn(command, [...args, ...servers, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' })
      children.push({ name, child, url: `http://127.0.0.1:${port}/metrics` })
    }
    start('kafka-ha-exporter', process.execPath, ['dist/main.js'], ourPort)
    if (logs > 0) start(following, process.execPath, ['dist/main.js', ...quietLogs(directory, logs)], followingPort)
    if (peer !== undefined) start('kafka_exporter', peer, [], peerPort)
    await sleep(5_000)
    await measure('alert pace', children, seconds)
    await sleep(Math.max(0, alertLastsMs - seconds * 1_000) + 5_000)
    await measure('calm pace', children, seconds)
  } finally {
    for (const { child } of children) child.kill('SIGTERM')
    await cluster.destroy()
    rmSync(directory, { recursive: true })
  }
}

/** Flags that follow so many logs, half of them of brokers. */
function quietLogs(directory: string, count: number): readonly string[] {
  for (const kind of ['kafka', 'zookeeper']) mkdirSync(join(directory, kind))
  for (let i = 0; i < count; i++) {
    const path = join(directory, i % 2 === 0 ? 'kafka' : 'zookeeper', `${i}.log`)
    writeFileSync(
      path,
      '[2024-02-23 07:47:50,149] INFO [KafkaServer id=1] started (kafka.server.KafkaServer)\n'.repeat(1_000),
    )
  }
  return [
    `--logs.kafka=${directory}/kafka/*.log`,
    `--logs.zookeeper=${directory}/zookeeper/*.log`,
    `--logs.positions=${directory}/positions.json`,
  ]
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
  const shares = new Map<string, number>()
  children.forEach(({ name, child }, i) => {
    const used = cpuSeconds(child.pid) - (before[i] ?? 0)
    shares.set(name, (used / took) * 100)
    const share = ((used / took) * 100).toFixed(2)
    console.log(
      `${phase.padEnd(10)}  ${name.padEnd(24)} ${used.toFixed(2)} s CPU in ${took.toFixed(1)} s = ${share} % of a core`,
    )
  })
  const [without = NaN, followingShare = NaN] = [shares.get('kafka-ha-exporter'), shares.get(following)]
  if (!Number.isNaN(followingShare)) {
    const [ratio, more] = [(followingShare / without).toFixed(2), (followingShare - without).toFixed(2)]
    console.log(
      `${phase.padEnd(10)}  following takes ${more} % of a core, ${ratio} times as much in all; load ${loadavg()[0]?.toFixed(1) ?? ''}`,
    )
  }
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
