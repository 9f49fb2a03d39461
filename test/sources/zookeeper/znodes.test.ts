import { afterEach, describe, expect, it } from 'vitest'
import type { Instant } from '../../../src/model/instant.ts'
import type { Znodes } from '../../../src/model/znodes.ts'
import { ZnodesSource, type ZnodesOptions } from '../../../src/sources/zookeeper/znodes.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { patient } from '../../support/connections.ts'
import { FakeEnsemble, zookeepersOfEachTest, type FakeZookeeper } from '../../support/fake-zookeeper-session.ts'
import { Noted, paceOf } from '../../support/notes.ts'

const startServers = zookeepersOfEachTest()
const sources: ZnodesSource[] = []
afterEach(() => {
  for (const source of sources.splice(0)) source.close()
})

const config = 'server.1=zk1:2888:3888:participant;0.0.0.0:2181\nversion=100000000'

/** As Kafka leaves it: three brokers, 2 the controller. */
function withKafka(root = ''): FakeEnsemble {
  const ensemble = new FakeEnsemble()
  ensemble.set('/zookeeper/config', config)
  if (root !== '') ensemble.set(root)
  for (const path of ['/brokers', '/brokers/ids', '/brokers/topics', '/admin', '/admin/delete_topics']) {
    ensemble.set(`${root}${path}`)
  }
  for (const id of [1, 2, 3]) ensemble.set(`${root}/brokers/ids/${id}`, '{"host":"h"}', BigInt(0x100 + id))
  for (const topic of ['a', 'b']) ensemble.set(`${root}/brokers/topics/${topic}`, '{}')
  ensemble.set(`${root}/controller`, '{"version":1,"brokerid":2,"timestamp":"1"}', 0x102n)
  ensemble.set(`${root}/controller_epoch`, '7')
  return ensemble
}

class Rig {
  readonly notes = new Noted()
  wakes = 0
  mono = 1_000
  readonly source: ZnodesSource
  readonly servers: readonly FakeZookeeper[]

  private constructor(servers: readonly FakeZookeeper[], options: Partial<ZnodesOptions>) {
    this.servers = servers
    const clock = (): Instant => ({ mono: this.mono, wall: Date.now() })
    const wake = (): void => {
      this.wakes++
    }
    const addresses = servers.map(({ address }) => address)
    const pace = paceOf({ deadlineMs: 2_000 })
    this.source = new ZnodesSource({ servers: addresses, chroot: '/', tls: undefined, clock, notes: this.notes, pace, wake, ...options }) // prettier-ignore
    sources.push(this.source)
  }

  static async on(ensemble: FakeEnsemble, count = 1, options: Partial<ZnodesOptions> = {}): Promise<Rig> {
    return new Rig(await startServers(count, { ensemble }), options)
  }

  look(): Promise<Znodes | undefined> {
    return this.source.observe()
  }

  /** Questions that the servers were asked by this look. */
  async asks(): Promise<readonly string[]> {
    for (const server of this.servers) server.asked.length = 0
    expect(await this.look()).toBeDefined()
    return this.servers.flatMap(({ asked }) => asked)
  }

  /** The server that holds the session's connection. */
  get connected(): FakeZookeeper {
    const server = this.servers.find(({ clients }) => clients.size > 0)
    if (server === undefined) throw new Error('not connected')
    return server
  }

  async woken(times: number): Promise<void> {
    await waitUntil(`woken ${times} times`, () => this.wakes >= times, patient, 2)
  }
}

describe('what Kafka keeps in ZooKeeper', () => {
  it.each(['', '/kafka/one'])('is told, below the root "%s"', async (root) => {
    const rig = await Rig.on(withKafka(root), 1, { chroot: root || '/' })
    const znodes = await rig.look()
    expect(znodes).toMatchObject({
      server: rig.servers[0]?.text,
      controller: { id: 2, session: '0x102' },
      controllerEpoch: 7,
      topics: new Set(['a', 'b']),
      deletions: new Set(),
      membership: { version: 0x100000000n },
      session: { id: '0x1000a0000000001', timeoutMs: 6_000 },
    })
    expect([...(znodes?.brokers ?? [])].map(([id, { session }]) => [id, session])).toEqual([
      [1, '0x101'],
      [2, '0x102'],
      [3, '0x103'],
    ])
    expect(rig.notes.failures).toEqual([])
  })

  it('is not asked for again while no watch has fired: one small read says that the server answers', async () => {
    const rig = await Rig.on(withKafka())
    const first = await rig.look()
    expect(await rig.asks()).toEqual(['exists /'])
    const second = await rig.look()
    expect(second?.topics).toBe(first?.topics)
    expect(second?.brokers).toBe(first?.brokers)
  })

  it('is asked for with as many questions for 3,000 topics as for two', async () => {
    const ensemble = withKafka()
    for (let i = 0; i < 3_000; i++) ensemble.set(`/brokers/topics/t${i}`)
    const rig = await Rig.on(ensemble)
    expect(await rig.asks()).toHaveLength(9)
  })

  it('has no controller when the node is not there, and is told of the next', async () => {
    const ensemble = withKafka()
    ensemble.delete('/controller')
    const rig = await Rig.on(ensemble)
    expect((await rig.look())?.controller).toEqual({ id: undefined, session: undefined })
    const before = rig.wakes
    ensemble.set('/controller', '{"version":2,"brokerid":3,"kraftControllerEpoch":-1}', 0x103n)
    await rig.woken(before + 1)
    expect((await rig.look())?.controller).toEqual({ id: 3, kraft: false, session: '0x103' })
    ensemble.set('/controller', '{"version":2,"brokerid":103,"kraftControllerEpoch":3}', 0x103n)
    await rig.woken(before + 2)
    expect((await rig.look())?.controller).toEqual({ id: 103, kraft: true, session: '0x103' })
  })

  it('is undefined where the root is another, said once, and found when Kafka comes', async () => {
    const ensemble = new FakeEnsemble()
    const rig = await Rig.on(ensemble)
    expect(await rig.look()).toMatchObject({ brokers: undefined, topics: undefined, membership: undefined })
    await rig.look()
    expect(rig.notes.failures.map(([, reason]) => reason)).toEqual(['protocol'])
    ensemble.set('/brokers')
    ensemble.set('/brokers/ids')
    await rig.woken(2)
    expect((await rig.look())?.brokers).toEqual(new Map())
    ensemble.set('/brokers/ids/5', '', 0x105n)
    await rig.woken(3)
    expect([...((await rig.look())?.brokers?.keys() ?? [])]).toEqual([5])
  })
})

describe('a change', () => {
  it('of the registrations wakes at once, and only they are read', async () => {
    const ensemble = withKafka()
    const rig = await Rig.on(ensemble)
    await rig.look()
    const before = rig.wakes
    ensemble.delete('/brokers/ids/1')
    await rig.woken(before + 1)
    expect(await rig.asks()).toEqual(['getChildren /brokers/ids', 'exists /brokers/ids/2', 'exists /brokers/ids/3'])
    expect([...((await rig.look())?.brokers?.keys() ?? [])]).toEqual([2, 3])
  })

  it('of a registration that was made anew shows another czxid', async () => {
    const ensemble = withKafka()
    const rig = await Rig.on(ensemble)
    const was = (await rig.look())?.brokers?.get(1)?.czxid
    ensemble.delete('/brokers/ids/1')
    ensemble.set('/brokers/ids/1', '', 0x109n)
    await rig.woken(2)
    const is = (await rig.look())?.brokers?.get(1)
    expect(is?.session).toBe('0x109')
    expect(is?.czxid).not.toBe(was)
  })

  it('of the topics waits for the next look', async () => {
    const ensemble = withKafka()
    const rig = await Rig.on(ensemble)
    await rig.look()
    const before = rig.wakes
    ensemble.set('/brokers/topics/c')
    ensemble.set('/brokers/topics/d')
    ensemble.set('/admin/delete_topics/a')
    await waitUntil('shown', async () => (await rig.look())?.deletions?.has('a') === true, patient, 5)
    expect((await rig.look())?.topics).toEqual(new Set(['a', 'b', 'c', 'd']))
    expect(rig.wakes).toBe(before)
  })
})

describe('what cannot be read', () => {
  it('costs nothing but itself, and is tried again after a minute', async () => {
    const ensemble = withKafka()
    ensemble.secret.add('/zookeeper/config').add('/brokers/topics')
    const rig = await Rig.on(ensemble)
    expect(await rig.look()).toMatchObject({ membership: undefined, topics: undefined, controllerEpoch: 7 })
    expect(rig.notes.failures.map(([, reason]) => reason)).toEqual(['auth', 'auth'])
    rig.mono += 59_000
    expect(await rig.asks()).toEqual(['exists /'])
    ensemble.secret.clear()
    rig.mono += 1_000
    expect((await rig.look())?.topics).toEqual(new Set(['a', 'b']))
  })

  it.each<[string, string, keyof Znodes]>([
    ['/controller', 'no JSON', 'controller'],
    ['/controller', '{"brokerid":"2"}', 'controller'],
    ['/controller', 'null', 'controller'],
    ['/controller_epoch', 'x', 'controllerEpoch'],
  ])('%s holding %j says nothing', async (path, data, field) => {
    const ensemble = withKafka()
    ensemble.set(path, data)
    const rig = await Rig.on(ensemble)
    const znodes = await rig.look()
    expect(znodes?.[field]).toBeUndefined()
    expect(znodes?.topics?.size).toBe(2)
    expect(rig.notes.failures.map(([, reason]) => reason)).toEqual(['protocol'])
  })

  it('names that are no broker ids are passed over', async () => {
    const ensemble = withKafka()
    for (const name of ['x', '-1', '99999999999', '1.5']) ensemble.set(`/brokers/ids/${name}`)
    const rig = await Rig.on(ensemble)
    expect([...((await rig.look())?.brokers?.keys() ?? [])]).toEqual([1, 2, 3])
  })

  it('because the server does not survive the question is left out; the others are told', async () => {
    const rig = await Rig.on(withKafka(), 2)
    for (const server of rig.servers) {
      server.behaviour = ({ path }, socket) => {
        if (path !== '/brokers/topics') return 'answer'
        socket.destroy()
        return 'ignore'
      }
    }
    await waitUntil('a fact', async () => (await rig.look()) !== undefined, patient, 5)
    expect(await rig.look()).toMatchObject({ topics: undefined, controllerEpoch: 7 })
    const questions = rig.servers.flatMap(({ asked }) => asked).filter((asked) => asked.endsWith('topics'))
    expect(questions.filter((asked) => asked.startsWith('getChildren /brokers'))).toHaveLength(2)
    for (const server of rig.servers) server.behaviour = () => 'answer'
    rig.mono += 60_000
    expect((await rig.look())?.topics?.size).toBe(2)
  })
})

describe('without a connection', () => {
  it('nothing is said, and all of it again within the same session when there is one', async () => {
    const rig = await Rig.on(withKafka())
    await rig.look()
    const [server] = rig.servers
    await server?.kill()
    expect(await rig.look()).toBeUndefined()
    const before = rig.wakes
    await server?.restart()
    await rig.woken(before + 1)
    expect(await rig.look()).toMatchObject({ controllerEpoch: 7, session: { id: '0x1000a0000000001' } })
  })

  it('what changed meanwhile is read on the other server: watches do not come along', async () => {
    const ensemble = withKafka()
    const rig = await Rig.on(ensemble, 2)
    await rig.look()
    const before = rig.wakes
    ensemble.set('/controller_epoch', '8')
    await rig.connected.kill()
    await rig.woken(before + 1)
    expect(await rig.look()).toMatchObject({ controllerEpoch: 8, connection: 2 })
    expect(await rig.look()).toMatchObject({ connection: 2 })
  })

  it('a server that falls silent is no answer, and no reason to leave a node out', async () => {
    const ensemble = withKafka()
    const rig = await Rig.on(ensemble, 1, { pace: paceOf({ deadlineMs: 150 }) })
    await rig.look()
    const [server] = rig.servers
    if (server === undefined) throw new Error('no server')
    server.silent = true
    expect(await rig.look()).toBeUndefined()
    ensemble.set('/controller_epoch', '9')
    for (const node of ['a', 'b', 'c']) expect([node, await rig.look()]).toEqual([node, undefined])
    expect(new Set(rig.notes.failures.map(([, reason]) => reason))).toEqual(new Set(['hung']))
    await server.kill()
    server.silent = false
    await server.restart()
    await waitUntil('back', async () => (await rig.look())?.controllerEpoch === 9, patient, 5)
  })
})
