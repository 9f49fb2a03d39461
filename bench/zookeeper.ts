import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCluster } from '../testbed/cluster.ts'
import { atEnd } from '../testbed/ending.ts'
import { freePorts } from '../testbed/ports.ts'
import type { Cluster, Server, Unit } from '../testbed/types.ts'
import { askWord } from '../src/sources/zookeeper/word.ts'
import { differences, scrape, type Page } from './zookeeper/pages.ts'
import { loads, totals } from './zookeeper/requests.ts'

const help = `The exporter beside zookeeper-exporter on one real ensemble: what it asks of each server, what that costs the
server, whether the zk_* series agree, and what each says when two servers are stopped (D) and killed (E).

  npm run bench:zookeeper -- --peer PATH [--kafka VERSION]

  --peer PATH       a zookeeper-exporter binary
  --kafka VERSION   default 3.9.1`

const { values } = parseArgs({
  options: { kafka: { type: 'string', default: '3.9.1' }, peer: { type: 'string' }, help: { type: 'boolean' } },
})
const alertLastsMs = 62_000
const loadMs = 15_000
/** `cons` is asked once a minute. */
const calmMs = 60_000
let topics = 0

if (values.help === true || values.peer === undefined) console.log(help)
else await bench(values.kafka, values.peer)
process.exit()

async function bench(kafka: string, peer: string): Promise<void> {
  const cluster = await startCluster({ kafka, sessionTimeoutMs: 6_000 })
  const children: ChildProcess[] = []
  try {
    await load(cluster, 'warm-up, not counted')
    await load(cluster, 'without the exporter')
    const [ourPort = 0, peerPort = 0] = await freePorts(2)
    const hosts = cluster.zookeepers.map(({ host, port }) => `${host}:${port}`)
    const flags = [
      ...cluster.bootstrap.map((each) => `--kafka.server=${each}`),
      `--web.listen-address=127.0.0.1:${ourPort}`,
    ]
    const servers = `--zookeeper.server=${hosts.join(',')}`
    children.push(started(process.execPath, ['dist/main.js', ...flags, servers]))
    const ours = `http://127.0.0.1:${ourPort}/metrics`
    const theirs = `http://127.0.0.1:${peerPort}/metrics`
    await sleep(3_000)
    await load(cluster, 'with it, alert pace')
    await sleep(alertLastsMs)
    const before = await scrape(ours)
    await sleep(calmMs)
    report(before, await scrape(ours), cluster.zookeepers.length)

    const peerArgs = ['-listen', `127.0.0.1:${peerPort}`, '-zk-hosts', hosts.join(',')]
    children.push(started(peer, peerArgs))
    await sleep(1_000)
    await compare(ours, theirs)
    const last = ['zk2', 'zk3'] as const
    await outage(cluster, 'D, zk2 and zk3 stopped', 'stop', last, ours, theirs)
    for (const unit of last) await cluster.act('start', unit)
    await sleep(8_000)
    await outage(cluster, 'E, zk2 and zk3 killed', 'kill', last, ours, theirs)
  } finally {
    for (const child of children) child.kill('SIGTERM')
    await cluster.destroy()
  }
}

/** Ends with the bench, however that ends. */
function started(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' })
  const forget = atEnd(() => child.kill('SIGKILL'))
  child.once('exit', forget)
  return child
}

/** Topics are what Kafka writes to ZooKeeper for. */
async function load(cluster: Cluster, what: string): Promise<void> {
  const outstanding: number[] = []
  const end = performance.now() + loadMs
  const from = await counts(cluster.zookeepers)
  let created = 0
  while (performance.now() < end) {
    await cluster.createTopic({ name: `load-${topics++}`, partitions: 6, replicationFactor: 2 })
    created++
    outstanding.push(
      ...(await Promise.all(cluster.zookeepers.map((server) => number(server, 'zk_outstanding_requests')))),
    )
  }
  const to = await counts(cluster.zookeepers)
  const latency = await Promise.all(cluster.zookeepers.map((server) => number(server, 'zk_avg_latency')))
  const packets = to.map((count, i) => count - (from[i] ?? 0))
  console.log(
    `${what}: ${created} topics in ${loadMs / 1000} s, packets ${packets.join(' ')}, outstanding at most ${Math.max(...outstanding)}, avg latency ${latency.join(' ')} ms`,
  )
}

async function counts(servers: readonly Server[]): Promise<number[]> {
  return Promise.all(servers.map((server) => number(server, 'zk_packets_received')))
}

async function number(address: Server, key: string): Promise<number> {
  const reply = await askWord({ address, word: 'mntr', tls: undefined, deadlineMs: 5_000 })
  const value = reply.ok ? new RegExp(`^${key}\\t(.*)$`, 'm').exec(reply.value)?.[1] : undefined
  return Number(value)
}

function report(before: Page | undefined, after: Page | undefined, servers: number): void {
  if (before === undefined || after === undefined) throw new Error('the exporter does not answer')
  const all = loads(before, after, calmMs, servers)
  for (const { source, api, asked, perMinute } of all) {
    console.log(`calm pace, ${source} ${api}: ${perMinute.toFixed(1)} a minute to ${asked}`)
  }
  const { leader, follower, session } = totals(all)
  console.log(
    `calm pace, all: ${leader.toFixed(1)} a minute to the leader, ${follower.toFixed(1)} to a follower, ${session.toFixed(1)} more to the server of the session`,
  )
}

async function compare(ours: string, theirs: string): Promise<void> {
  const [us, them] = await Promise.all([scrape(ours), scrape(theirs)])
  if (us === undefined || them === undefined) throw new Error('an exporter does not answer')
  const found = differences(us, them)
  console.log(`healthy: ${found.equal} zk_ series equal`)
  console.log(`  different: ${found.others.join(' ')}`)
  console.log(`  only ours: ${found.onlyOurs.join(' ')}\n  only theirs: ${found.onlyTheirs.join(' ')}`)
}

async function outage(
  cluster: Cluster,
  what: string,
  verb: 'stop' | 'kill',
  units: readonly Unit[],
  ours: string,
  theirs: string,
): Promise<void> {
  const startedAt = performance.now()
  await Promise.all(units.map((unit) => cluster.act(verb, unit)))
  for (const wait of [1_000, 9_000]) {
    await sleep(wait)
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1)
    for (const [name, page] of [['ours', await scrape(ours)] as const, ['theirs', await scrape(theirs)] as const]) {
      console.log(`${what}, +${seconds} s, ${name}: ${page === undefined ? 'no answer' : says(page, cluster)}`)
    }
  }
}

function says(page: Page, cluster: Cluster): string {
  const of = (name: string): string =>
    cluster.zookeepers.map(({ host, port }) => page.get(`${name}{zk_host="${host}:${port}"}`) ?? '-').join(' ')
  const states = [...page]
    .filter(([series, value]) => series.startsWith('kafka_ha_zookeeper_server_state{') && value === 1)
    .map(([series]) => /state="([^"]*)"/.exec(series)?.[1])
  return `zk_up ${of('zk_up')}, zk_server_leader ${of('zk_server_leader')}, zk_ruok ${of('zk_ruok')}, states ${states.join(' ')}`
}
