import { parseArgs } from 'node:util'
import type { LogComponent } from '../src/model/log-event.ts'
import { startCluster } from '../testbed/cluster.ts'
import { logFilesOf } from '../testbed/log-files.ts'
import { extentsOf, type Extents } from '../testbed/drills/logs/written.ts'
import type { Cluster } from '../testbed/types.ts'
import { countAll, type Total } from './healthy-logs/count.ts'
import { Load } from './healthy-logs/load.ts'

const help = `Logs of a busy and healthy cluster, looked through by every rule: nothing in them may be called a failover, a lost session, a
lost quorum or the end of a process. Topics are made, written, read by groups and deleted until there is enough. Kafka's own levels
(INFO, the controller TRACE) give 100 MB in about ten minutes, DEBUG in three or four. Counts begin when the cluster is up. Exits
with 1 if an event of one of these classes is major or critical.

  npm run bench:healthy-logs -- [--kafka VERSION] [--level INFO|DEBUG] [--megabytes N] [--minutes N]

  --kafka VERSION   default 2.6.0
  --level LEVEL     of Kafka's and ZooKeeper's code: DEBUG (default) or INFO
  --megabytes N     default 100
  --minutes N       at most (default 15)`

const loud: ReadonlySet<string> = new Set(['failover', 'session', 'quorum', 'fatal'])

const { values } = parseArgs({
  options: {
    kafka: { type: 'string', default: '2.6.0' },
    level: { type: 'string', default: 'DEBUG' },
    megabytes: { type: 'string', default: '100' },
    minutes: { type: 'string', default: '15' },
    help: { type: 'boolean' },
  },
})
if (values.help === true) console.log(help)
else process.exitCode = (await bench(values.kafka, Number(values.megabytes), Number(values.minutes))) ? 0 : 1

async function bench(kafka: string, megabytes: number, minutes: number): Promise<boolean> {
  const level = values.level === 'INFO' ? 'INFO' : 'DEBUG'
  const cluster = await startCluster({ kafka, logsBySize: { size: '8MB', keep: 200, level } })
  try {
    const files = filesOf(cluster)
    await cluster.createTopic({ name: 'warm', partitions: 6, replicationFactor: 3 })
    const from = extentsOf(files.map(({ file }) => file))
    const seconds = await makeLogs(cluster, from, megabytes * 1e6, minutes * 60)
    const began = performance.now()
    const total = countAll(files, from)
    const tookS = (performance.now() - began) / 1000
    const parsed = `${(total.bytes / 1e6).toFixed(1)} MB, ${total.lines} lines`
    console.log(
      `${kafka}, ${level}: ${parsed}, made in ${seconds.toFixed(0)} s, looked through in ${tookS.toFixed(1)} s`,
    )
    return told(total)
  } finally {
    await cluster.destroy()
  }
}

function filesOf(cluster: Cluster): readonly { readonly file: string; readonly component: LogComponent }[] {
  const { kafka, zookeeper } = logFilesOf(cluster)
  const of = (paths: readonly string[], component: LogComponent) => paths.map((file) => ({ file, component }))
  return [...of(kafka, 'kafka'), ...of(zookeeper, 'zookeeper')]
}

async function makeLogs(cluster: Cluster, from: Extents, bytes: number, seconds: number): Promise<number> {
  const load = new Load(cluster)
  const began = performance.now()
  for (;;) {
    const grown = written(from)
    const tookS = (performance.now() - began) / 1000
    console.log(`+${tookS.toFixed(0)} s  ${(grown / 1e6).toFixed(1)} MB`)
    if (grown >= bytes) return tookS
    if (tookS >= seconds) throw new Error(`only ${(grown / 1e6).toFixed(1)} MB after ${tookS.toFixed(0)} s`)
    await load.wave()
  }
}

function written(from: Extents): number {
  const now = extentsOf([...from.keys()])
  return [...now].reduce((sum, [file, { bytes }]) => sum + bytes - (from.get(file)?.bytes ?? 0), 0)
}

function told({ events }: Total): boolean {
  for (const { component, event, class: kind, severity, count } of events)
    console.log(`${String(count).padStart(8)}  ${component}/${event} (${kind}, ${severity})`)
  const wrong = events.filter((one) => loud.has(one.class) && (one.severity === 'critical' || one.severity === 'major'))
  for (const { event, count, text } of wrong) console.log(`NOT OK  ${count} ${event}, first: ${text}`)
  if (wrong.length === 0) console.log(`ok: ${events.length} kinds of events, none of them a false alarm`)
  return wrong.length === 0
}
