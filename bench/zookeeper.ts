import { once } from 'node:events'
import { spawn, type ChildProcess } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startCluster } from '../testbed/cluster.ts'
import { atEnd } from '../testbed/ending.ts'
import { freePorts } from '../testbed/ports.ts'
import type { Cluster, Unit } from '../testbed/types.ts'
import { differences, scrape, type Page } from './zookeeper/pages.ts'
import { loads, totals } from './zookeeper/requests.ts'
import { writeLoad } from './zookeeper/write-load.ts'

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

if (values.help === true || values.peer === undefined) console.log(help)
else await bench(values.kafka, values.peer)
process.exit()

async function bench(kafka: string, peer: string): Promise<void> {
  const cluster = await startCluster({ kafka })
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
    const exporterArgs = ['dist/main.js', ...flags, servers]
    const exporter = started(process.execPath, exporterArgs)
    children.push(exporter)
    const ours = `http://127.0.0.1:${ourPort}/metrics`
    const theirs = `http://127.0.0.1:${peerPort}/metrics`
    await sleep(3_000)
    await load(cluster, 'with it, alert pace')
    await sleep(alertLastsMs)
    const before = await scrape(ours)
    await sleep(calmMs)
    report(before, await scrape(ours), cluster.zookeepers.length)
    await load(cluster, 'with it, calm pace')
    await load(cluster, 'with it, calm pace again')
    await stopped(exporter)
    await load(cluster, 'without it again')
    children.push(started(process.execPath, exporterArgs))
    await sleep(3_000)

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

async function stopped(child: ChildProcess): Promise<void> {
  child.kill('SIGTERM')
  if (child.exitCode === null) await once(child, 'exit')
}

/** Ends with the bench, however that ends. */
function started(program: string, args: readonly string[]): ChildProcess {
  const child = spawn(program, args, { stdio: 'ignore' })
  const forget = atEnd(() => child.kill('SIGKILL'))
  child.once('exit', forget)
  return child
}

async function load(cluster: Cluster, what: string): Promise<void> {
  const servers = cluster.zookeepers.map(({ host, port }) => ({ host, port }))
  const { writes, outstanding, ...figures } = await writeLoad(servers, loadMs)
  const [median, p99, worst] = Object.values(figures).map((ms) => ms.toFixed(1))
  const name = `${what}:`.padEnd(26)
  console.log(
    `${name} ${writes} writes in ${loadMs / 1000} s, median ${median}, p99 ${p99}, worst ${worst} ms; outstanding at most ${outstanding}`,
  )
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
