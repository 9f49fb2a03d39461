import { setTimeout as sleep } from 'node:timers/promises'
import { ask, zookeeperServes } from '../../testbed/probes.ts'
import type { Cluster, Unit } from '../../testbed/types.ts'
import { waitUntil } from '../../testbed/wait.ts'
import type { SessionWatch, Shown } from './watch.ts'
import { expiredAt, expiries } from './zookeeper-log.ts'

const largestErrorMs = 1_000

export interface Rig {
  readonly cluster: Cluster
  readonly watch: SessionWatch
  readonly limitMs: number
  readonly kills: number
  /** What did not hold is added here. */
  readonly problems: string[]
}

export const parts: Readonly<Record<string, (rig: Rig) => Promise<void>>> = {
  async kills(rig) {
    const { cluster, watch, limitMs, kills } = rig
    for (let i = 0; i < kills; i++) {
      const broker = (i % 3) + 1
      await death(rig, { name: `kill ${i + 1}`, broker })
      await cluster.act('start', `kafka${broker}`)
      await healthy(watch, limitMs)
    }
    await death(rig, { name: 'clean stop', broker: 1, verb: 'stop' })
    await cluster.act('start', 'kafka1')
    await healthy(watch, limitMs)
  },
  async 'killed-leader'(rig) {
    const { cluster, watch, limitMs } = rig
    const killed = await leader(cluster)
    const meanwhile = async (): Promise<void> => {
      await sleep(1_000)
      await cluster.act('kill', killed)
    }
    await death(rig, { name: 'leader killed 1 s after', broker: 1, meanwhile })
    await cluster.act('start', killed)
    await serving(cluster)
    await cluster.act('start', 'kafka1')
    await healthy(watch, limitMs)
  },
  async 'paused-leader'(rig) {
    const { cluster, watch, limitMs } = rig
    const paused = await leader(cluster)
    const meanwhile = async (): Promise<void> => {
      await sleep(1_000)
      await cluster.act('pause', paused)
      await sleep(15_000)
      await cluster.act('resume', paused)
      await sleep(8_000)
    }
    await death(rig, { name: 'leader paused 15 s', broker: 2, meanwhile })
    await cluster.act('start', 'kafka2')
    await healthy(watch, limitMs)
  },
  /** Clients whose servers do not answer for longer than any session lasts; whether a session survives that is chance. */
  async 'quorum-gone'({ cluster, watch, limitMs, problems }) {
    const before = watch.last
    if (before === undefined) throw new Error('nothing is shown')
    const paused = [1, 2].map((id) => `zk${id}` as Unit)
    await Promise.all(paused.map((unit) => cluster.act('pause', unit)))
    await sleep(goneMs)
    const backAt = Date.now()
    await Promise.all(paused.map((unit) => cluster.act('resume', unit)))
    await serving(cluster)
    await sleep(15_000)
    await healthy(watch, limitMs)
    for (const [broker, session] of before.sessions) {
      const counted = ['closed', 'expired'].map((kind) => {
        return (watch.last?.ended.get(`${kind} ${broker}`) ?? 0) - (before.ended.get(`${kind} ${broker}`) ?? 0)
      })
      const isReplaced = watch.last?.sessions.get(broker) !== session
      const lines = expiries(cluster, session).map((at) => `${((at - backAt) / 1_000).toFixed(2)} s`)
      const name = `quorum gone for ${goneMs / 1_000} s`
      console.log(
        `${name}: session of broker ${broker} ${isReplaced ? 'replaced' : 'kept'}, closed +${counted[0]}, expired +${counted[1]}; after its return ZooKeeper's logs expire it at ${lines.join(', ') || '-'}`,
      )
      const expected = isReplaced ? 1 : 0
      if (counted[1] !== expected || counted[0] !== 0)
        problems.push(`${name}: broker ${broker} not expired ${expected}`)
    }
  },
}

const goneMs = 75_000

interface Death {
  readonly name: string
  readonly broker: number
  readonly verb?: 'kill' | 'stop'
  readonly meanwhile?: () => Promise<void>
}

/** Ends a broker, waits until its end is counted, and compares what was announced, shown and counted with what happened. */
async function death({ cluster, watch, limitMs, problems }: Rig, plan: Death): Promise<void> {
  const { name, broker, verb = 'kill', meanwhile } = plan
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
  const wrong = compare(name, before, watch.last, { broker: key, kind })
  console.log(wrong.length === 0 ? `  counted once, as ${kind}` : `  ${wrong.join('; ')}`)
  problems.push(...wrong)
}

/** One end of the right kind for the broker; for the others as many as they have new sessions. */
function compare(
  name: string,
  before: Shown,
  after: Shown | undefined,
  end: { readonly broker: string; readonly kind: string },
): readonly string[] {
  const problems: string[] = []
  for (const broker of ['1', '2', '3']) {
    for (const kind of ['closed', 'expired']) {
      const count = (after?.ended.get(`${kind} ${broker}`) ?? 0) - (before.ended.get(`${kind} ${broker}`) ?? 0)
      const isRenewed = before.sessions.get(broker) !== after?.sessions.get(broker)
      const expected = broker === end.broker ? Number(kind === end.kind) : isRenewed ? undefined : 0
      if (expected === undefined) console.log(`  broker ${broker} has another session: ${kind} +${count}`)
      else if (count !== expected) problems.push(`${name}: ${kind} of broker ${broker} +${count}, not +${expected}`)
    }
  }
  return problems
}

function total({ ended }: Shown, broker: number): number {
  return (ended.get(`closed ${broker}`) ?? 0) + (ended.get(`expired ${broker}`) ?? 0)
}

/** Every broker has a session, and the time of each is announced. */
export async function healthy(watch: SessionWatch, limitMs: number): Promise<void> {
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
