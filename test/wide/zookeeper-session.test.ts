import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { addressText } from '../../src/model/address.ts'
import { systemClock as clock } from '../../src/model/instant.ts'
import type { Znodes } from '../../src/model/znodes.ts'
import { paces } from '../../src/paces.ts'
import { ZnodesSource } from '../../src/sources/zookeeper/znodes.ts'
import { startCluster } from '../../testbed/cluster.ts'
import type { Cluster, Unit } from '../../testbed/types.ts'
import { waitUntil } from '../../testbed/wait.ts'
import { Noted } from '../support/notes.ts'
import { ZookeeperWriter } from '../support/zookeeper-writer.ts'

/** Looks when woken, and every 200 ms: the runner's alert pace, without the exporter around it. */
class Watch {
  readonly notes = new Noted()
  newest: { readonly znodes: Znodes; readonly at: number } | undefined
  /** Looks in a row that brought nothing. */
  failures = 0
  readonly #source: ZnodesSource
  #wake: () => void = () => undefined
  #stopped = false

  constructor(cluster: Cluster, chroot = '/') {
    this.#source = new ZnodesSource({
      servers: cluster.zookeepers.map(({ host, port }) => ({ host, port })),
      chroot,
      tls: undefined,
      clock,
      notes: this.notes,
      pace: paces.znodes,
      wake: () => this.#wake(),
    })
    void this.#run()
  }

  async until(what: string, question: (znodes: Znodes) => boolean, deadlineMs = 30_000): Promise<Znodes> {
    const asked = performance.now()
    await waitUntil(what, () => this.newest !== undefined && this.newest.at >= asked && question(this.newest.znodes), deadlineMs, 5) // prettier-ignore
    if (this.newest === undefined) throw new Error('nothing')
    return this.newest.znodes
  }

  stop(): void {
    this.#stopped = true
    this.#source.close()
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      let timer: NodeJS.Timeout | undefined
      const next = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, 200)
        this.#wake = resolve
      })
      const at = performance.now()
      const znodes = await this.#source.observe()
      this.failures = znodes === undefined ? this.failures + 1 : 0
      if (znodes !== undefined) this.newest = { znodes, at }
      await next
      clearTimeout(timer)
    }
  }
}

/** Kafka 2.6.0 brings ZooKeeper 3.5.8, 3.9.1 brings 3.8.4. */
describe.each(['3.9.1'])('a real ensemble, of Kafka %s', (kafka) => {
  let cluster: Cluster
  let watch: Watch
  beforeAll(async () => {
    cluster = await startCluster({ kafka, sessionTimeoutMs: 6_000 })
    await cluster.createTopic({ name: 'test-topic', replicaAssignment: '2:3,3:1,1:2' })
    watch = new Watch(cluster)
  })
  const others: Watch[] = []
  afterEach(() => {
    for (const other of others.splice(0)) other.stop()
  })
  afterAll(async () => {
    watch.stop()
    await cluster.destroy()
  })

  function unitAt(server: string): Unit {
    const found = cluster.zookeepers.find(({ host, port }) => addressText({ host, port }) === server)
    if (found === undefined) throw new Error(`no server at ${server}`)
    return `zk${found.id}`
  }
  const writer = (): Promise<ZookeeperWriter> => {
    const running = cluster.zookeepers.find(({ id }) => cluster.isRunning(`zk${id}`))
    if (running === undefined) throw new Error('no ZooKeeper server runs')
    return ZookeeperWriter.open(running)
  }

  it('says what Kafka wrote', async () => {
    const znodes = await watch.until('three brokers', ({ brokers }) => brokers?.size === 3)
    expect([...(znodes.brokers?.keys() ?? [])].sort()).toEqual([1, 2, 3])
    for (const { session } of znodes.brokers?.values() ?? []) expect(session).toMatch(/^0x[1-3][0-9a-f]{14}$/)
    const { id, session } = znodes.controller ?? {}
    expect(session).toBe(znodes.brokers?.get(id ?? -1)?.session)
    expect(znodes.controllerEpoch).toBeGreaterThan(0)
    expect(znodes.topics).toContain('test-topic')
    expect(znodes.deletions?.size).toBe(0)
    expect(znodes.membership?.members.map((member) => [member.id, member.role])).toEqual([1, 2, 3].map((n) => [n, 'participant'])) // prettier-ignore
    expect(znodes.session.timeoutMs).toBe(9_000)
    expect(watch.notes.failures).toEqual([])
  })

  it('tells of a registration that comes or goes at once', async () => {
    const kafkaNodes = await writer()
    const from = performance.now()
    await kafkaNodes.create('/brokers/ids/99', '{}', true)
    await watch.until('broker 99', ({ brokers }) => brokers?.has(99) === true)
    const came = performance.now() - from
    const again = performance.now()
    await kafkaNodes.close()
    await watch.until('broker 99 gone', ({ brokers }) => brokers?.has(99) === false)
    const went = performance.now() - again
    process.stdout.write(`${kafka}: registration came after ${came.toFixed(0)} ms, went after ${went.toFixed(0)} ms\n`)
    expect(Math.max(came, went)).toBeLessThan(500)
  })

  it('lists 30,000 topics below a root of its own, where one node may not be read', async () => {
    const root = await writer()
    for (const path of ['/other', '/other/brokers', '/other/brokers/ids', '/other/brokers/topics'])
      await root.create(path)
    await root.create('/other/controller_epoch', '3')
    await root.hide('/other/controller_epoch')
    const names = Array.from({ length: 30_000 }, (_, i) => `${'t'.repeat(45)}${String(i).padStart(5, '0')}`)
    for (let i = 0; i < names.length; i += 1_000) {
      await Promise.all(names.slice(i, i + 1_000).map((name) => root.create(`/other/brokers/topics/${name}`)))
    }
    await root.close()
    const other = new Watch(cluster, '/other')
    others.push(other)
    const from = performance.now()
    const znodes = await other.until('topics', ({ topics }) => topics !== undefined)
    process.stdout.write(`${kafka}: 30,000 topics after ${(performance.now() - from).toFixed(0)} ms\n`)
    expect(znodes.topics).toEqual(new Set(names))
    expect(znodes.brokers).toEqual(new Map())
    expect(znodes.controllerEpoch).toBeUndefined()
    expect(other.notes.failures.map(([, reason]) => reason)).toEqual(['auth'])
  }, 120_000)

  it('goes on with the same session when its server is killed', async () => {
    const before = await watch.until('connected', () => true)
    const unit = unitAt(before.server)
    const from = performance.now()
    await cluster.act('kill', unit)
    const after = await watch.until('another server', ({ server }) => server !== before.server)
    const ms = performance.now() - from
    process.stdout.write(`${kafka}: another server ${ms.toFixed(0)} ms after a kill\n`)
    expect(after.session.id).toBe(before.session.id)
    // The killed one may have been the leader: then the others elect first.
    expect(ms).toBeLessThan(5_000)
    await cluster.act('start', unit)
  })

  it('goes on with the same session when its server is paused', async () => {
    const before = await watch.until('connected', () => true)
    const unit = unitAt(before.server)
    await sleep(3_000)
    const from = performance.now()
    await cluster.act('pause', unit)
    const after = await watch.until('another server', ({ server }) => server !== before.server)
    const ms = performance.now() - from
    process.stdout.write(`${kafka}: another server ${ms.toFixed(0)} ms after a pause, session ${after.session.id === before.session.id ? 'kept' : 'lost'}\n`) // prettier-ignore
    await cluster.act('resume', unit)
    expect(ms).toBeGreaterThan(2_500)
    expect(ms).toBeLessThan(15_000)
  })

  it('says nothing while there is no server, and all of it after', async () => {
    await watch.until('connected', () => true)
    await Promise.all([1, 2, 3].map((id) => cluster.act('kill', `zk${id}`)))
    await waitUntil('silence', () => watch.failures > 0, 10_000, 20)
    await sleep(10_000)
    expect(watch.failures).toBeGreaterThan(3)
    await Promise.all([1, 2, 3].map((id) => cluster.act('start', `zk${id}`)))
    const from = performance.now()
    const znodes = await watch.until('back', ({ topics }) => topics !== undefined)
    process.stdout.write(`${kafka}: back ${(performance.now() - from).toFixed(0)} ms after the ensemble's start\n`)
    expect(znodes.topics).toContain('test-topic')
  })

  it('ends its session when it is closed: the ensemble need not wait for that', async () => {
    const other = new Watch(cluster)
    const { session } = await other.until('connected', () => true)
    const dump = async (): Promise<string> => {
      const texts = await Promise.all(cluster.zookeepers.map((server) => fourLetterWord(server, 'dump')))
      return texts.join('\n')
    }
    expect(await dump()).toContain(session.id)
    other.stop()
    await waitUntil('ended', async () => !(await dump()).includes(session.id), 3_000, 50)
  })
})

async function fourLetterWord(
  { host, port }: { readonly host: string; readonly port: number },
  word: string,
): Promise<string> {
  const { connect } = await import('node:net')
  const socket = connect({ host, port })
  socket.write(word)
  const chunks: Buffer[] = []
  for await (const chunk of socket) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
