import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startExporter } from '../test/support/exporter-process.ts'
import { startCluster } from '../testbed/cluster.ts'
import { zookeeperServes, ask } from '../testbed/probes.ts'
import type { Cluster, Unit } from '../testbed/types.ts'
import { waitUntil } from '../testbed/wait.ts'
import { SessionWatch, type Shown } from './sessions/watch.ts'
import { expiredAt } from './sessions/zookeeper-log.ts'

const help = `Announced expiry of brokers' sessions against the real one, on a real cluster: kills, a clean stop, a change of the
leading server and a leader that is paused and woken. Every end must be counted once, and be the right one; exits with 1 if not.

  npm run bench:sessions -- [--kafka VERSION] [--session-timeout MS] [--kills N] [--part NAME]

  --kafka VERSION        default 3.9.1
  --session-timeout MS   default 6000
  --kills N              default 10
  --part NAME            only this: kills (and the clean stop), killed-leader, paused-leader`

const { values } = parseArgs({
  options: {
    kafka: { type: 'string', default: '3.9.1' },
    'session-timeout': { type: 'string', default: '6000' },
    kills: { type: 'string', default: '10' },
    part: { type: 'string' },
    help: { type: 'boolean' },
  },
})
const largestErrorMs = 1_000
const problems: string[] = []
async function bench(kafka: string, sessionTimeoutMs: number, kills: number): Promise<void> {
  const cluster = await startCluster({ kafka, sessionTimeoutMs })
  const servers = cluster.zookeepers.map(({ host, port }) => `--zookeeper.server=${host}:${port}`)
  const exporter = await startExporter([...cluster.bootstrap.map((one) => `--kafka.server=${one}`), ...servers])
  const watch = new SessionWatch(() => exporter.metrics())
  const watching = watch.run()
  const limitMs = sessionTimeoutMs * 2 + 30_000
  try {
    await healthy(watch, limitMs)
    for (const [name, part] of Object.entries(parts)) {
      if (values.part === undefined || values.part === name) await part({ cluster, watch, limitMs, kills })
    }
  } catch (error) {
    problems.push(String(error))
    console.log(exporter.log().split('\n').slice(-40).join('\n'))
  } finally {
    watch.end()
    await watching.catch((error: unknown) => problems.push(`the watch: ${String(error)}`))
    await exporter.stop()
    await cluster.destroy()
  }
}

interface Rig {
  readonly cluster: Cluster
  readonly watch: SessionWatch
  readonly limitMs: number
  readonly kills: number
}

const parts: Readonly<Record<string, (rig: Rig) => Promise<void>>> = {
  async kills({ cluster, watch, limitMs, kills }) {
    for (let i = 0; i < kills; i++) {
      const broker = (i % 3) + 1
      await death(cluster, watch, { name: `kill ${i + 1}`, broker, limitMs })
      await cluster.act('start', `kafka${broker}`)
      await healthy(watch, limitMs)
    }
    await death(cluster, watch, { name: 'clean stop', broker: 1, limitMs, verb: 'stop' })
    await cluster.act('start', 'kafka1')
    await healthy(watch, limitMs)
  },
  async 'killed-leader'({ cluster, watch, limitMs }) {
    const killed = await leader(cluster)
    const meanwhile = async (): Promise<void> => {
      await sleep(1_000)
      await cluster.act('kill', killed)
    }
    await death(cluster, watch, { name: 'leader killed 1 s after', broker: 1, limitMs, meanwhile })
    await cluster.act('start', killed)
    await serving(cluster)
    await cluster.act('start', 'kafka1')
    await healthy(watch, limitMs)
  },
  async 'paused-leader'({ cluster, watch, limitMs }) {
    const paused = await leader(cluster)
    const meanwhile = async (): Promise<void> => {
      await sleep(1_000)
      await cluster.act('pause', paused)
      await sleep(15_000)
      await cluster.act('resume', paused)
      await sleep(8_000)
    }
    await death(cluster, watch, { name: 'leader paused 15 s', broker: 2, limitMs, meanwhile })
    await cluster.act('start', 'kafka2')
    await healthy(watch, limitMs)
  },
}

interface Death {
  readonly name: string
  readonly broker: number
  readonly limitMs: number
  readonly verb?: 'kill' | 'stop'
  readonly meanwhile?: () => Promise<void>
}

/** Ends a broker, waits until its end is counted, and compares what was announced, shown and counted with what happened. */
async function death(cluster: Cluster, watch: SessionWatch, plan: Death): Promise<void> {
  const { name, broker, limitMs, verb = 'kill', meanwhile } = plan
  const kind = verb === 'kill' ? 'expired' : 'closed'
  const key = String(broker)
  const before = watch.last
  const session = before?.sessions.get(key)
  if (before === undefined || session === undefined) throw new Error(`${name}: no session of broker ${broker} is shown`)
  const killedAt = Date.now()
  await cluster.act(verb, `kafka${broker}`)
  await meanwhile?.()
  await watch.until(`${name}: an end`, (shown) => total(shown, broker) > total(before, broker), limitMs)
  await sleep(5_500)
  const seen = watch.since(killedAt)
  const gone = seen.find(({ sessions }) => sessions.get(key) !== session)
  const counted = seen.find((shown) => total(shown, broker) > total(before, broker))
  const announced = seen.filter(({ at }) => at <= (gone?.at ?? 0)).flatMap(({ expiry }) => expiry.get(key) ?? [])
  const real = kind === 'expired' ? expiredAt(cluster, session) : undefined
  const last = announced.at(-1)
  const errorMs = last === undefined || real === undefined ? undefined : last - real
  const text = (ms: number | undefined): string => (ms === undefined ? '-' : `${(ms / 1_000).toFixed(2)} s`).padStart(8)
  const after = (at: number | undefined): string => text(at === undefined ? undefined : at - killedAt)
  const rest = real === undefined ? undefined : (gone?.at ?? Number.NaN) - real
  console.log(
    `${name.padEnd(24)} broker ${broker}  ended ${after(real)}  announced ${after(last)}  error ${text(errorMs)}  gone from the page ${text(rest)} later  counted ${after(counted?.at)}  announcements ${new Set(announced).size}`,
  )
  if (kind === 'expired' && meanwhile === undefined && (errorMs === undefined || Math.abs(errorMs) > largestErrorMs)) {
    problems.push(`${name}: announced with an error of ${text(errorMs)}`)
  }
  if (rest !== undefined && rest > 2_000) problems.push(`${name}: gone from the page only ${text(rest)} later`)
  compare(name, before, watch.last, { broker: key, kind })
}

/** One end of the right kind for the broker; for the others as many as they have new sessions. */
function compare(name: string, before: Shown, after: Shown | undefined, end: { broker: string; kind: string }): void {
  for (const broker of ['1', '2', '3']) {
    for (const kind of ['closed', 'expired']) {
      const count = (after?.ended.get(`${kind} ${broker}`) ?? 0) - (before.ended.get(`${kind} ${broker}`) ?? 0)
      const isRenewed = before.sessions.get(broker) !== after?.sessions.get(broker)
      const expected = broker === end.broker ? Number(kind === end.kind) : isRenewed ? undefined : 0
      if (expected === undefined) console.log(`  broker ${broker} has another session: ${kind} +${count}`)
      else if (count !== expected) problems.push(`${name}: ${kind} of broker ${broker} +${count}, not +${expected}`)
    }
  }
}

function total({ ended }: Shown, broker: number): number {
  return (ended.get(`closed ${broker}`) ?? 0) + (ended.get(`expired ${broker}`) ?? 0)
}

/** Every broker has a session, and the time of each is announced. */
async function healthy(watch: SessionWatch, limitMs: number): Promise<void> {
  await watch.until('three sessions', ({ sessions, expiry }) => sessions.size === 3 && expiry.size === 3, limitMs)
  await sleep(2_000)
}

async function leader(cluster: Cluster): Promise<Unit> {
  for (const [index, { host, port }] of cluster.zookeepers.entries()) {
    const answer = await ask(host, port, Buffer.from('srvr'), Infinity).catch(() => Buffer.alloc(0))
    if (answer.toString().includes('Mode: leader')) return `zk${index + 1}` as Unit
  }
  throw new Error('no server leads')
}

async function serving(cluster: Cluster): Promise<void> {
  const all = async (): Promise<boolean> =>
    (await Promise.all(cluster.zookeepers.map(({ host, port }) => zookeeperServes(host, port)))).every(Boolean)
  await waitUntil('every server to serve', all, 30_000)
}

if (values.help === true) console.log(help)
else {
  await bench(values.kafka, Number(values['session-timeout']), Number(values.kills))
  for (const problem of problems) console.log(`NOT OK  ${problem}`)
  if (problems.length === 0) console.log('ok: every end was counted once, and was the right one')
}
process.exit(problems.length === 0 ? 0 : 1)
