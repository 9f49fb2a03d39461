import { readFileSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { systemClock as clock } from '../../../../src/model/instant.ts'
import { exists, getChildren, getData } from '../../../../src/sources/zookeeper/client/protocol.ts'
import { Session, type SessionSetup } from '../../../../src/sources/zookeeper/client/session.ts'
import { waitUntil } from '../../../../testbed/wait.ts'
import { openHandles, patient, timed } from '../../../support/connections.ts'
import { FakeEnsemble, zookeepersOfEachTest, type FakeZookeeper } from '../../../support/fake-zookeeper-session.ts'
import { Noted } from '../../../support/notes.ts'
import { failureOf, valueOf } from '../../../support/results.ts'
import { makeTlsMaterial } from '../../../web/tls-material.ts'

const startServers = zookeepersOfEachTest()
const material = makeTlsMaterial()
afterAll(() => material.remove())

class Told {
  readonly notes = new Noted()
  readonly fired: string[] = []
  connects = 0
}

const sessions: Session[] = []
afterEach(async () => {
  await Promise.all(sessions.splice(0).map((session) => session.close()))
})

function sessionWith(servers: readonly FakeZookeeper[], told = new Told(), setup: Partial<SessionSetup> = {}): Session {
  const session = new Session({
    servers: servers.map(({ address }) => address),
    tls: undefined,
    timeoutMs: 6_000,
    clock,
    notes: told.notes,
    fired: (path) => void told.fired.push(path),
    connected: () => {
      told.connects++
    },
    // In the order given.
    random: () => 0.5,
    ...setup,
  })
  sessions.push(session)
  return session
}

async function one(): Promise<FakeZookeeper> {
  const [server] = await startServers(1)
  if (server === undefined) throw new Error('no server')
  return server
}

async function two(ensemble = new FakeEnsemble()): Promise<[FakeZookeeper, FakeZookeeper]> {
  const [first, second] = await startServers(2, { ensemble })
  if (first === undefined || second === undefined) throw new Error('no servers')
  return [first, second]
}

async function connectedTo(session: Session, { text }: FakeZookeeper): Promise<void> {
  await waitUntil(`connected to ${text}`, () => session.seat?.server === text, patient, 5)
}

describe('a session', () => {
  it('is granted with the time-out that the ensemble settles, and named as its tools name it', async () => {
    const server = await one()
    server.ensemble.timeoutMs = 4_000
    const session = sessionWith([server])
    expect(session.id).toBe('0x0')
    const seat = await session.ready(patient)
    expect(seat).toMatchObject({ server: server.text, timeoutMs: 4_000 })
    expect(session.id).toBe('0x1000a0000000001')
    expect(server.connects).toEqual([{ session: 0n, zxid: 0n, timeoutMs: 6_000 }])
  })

  it('with the highest bit in its id is written without a sign', async () => {
    const server = await one()
    server.ensemble.newSession = () => {
      server.ensemble.sessions.set(-2n, Buffer.alloc(16))
      return -2n
    }
    const session = sessionWith([server])
    await session.ready(patient)
    expect(session.id).toBe('0xfffffffffffffffe')
  })

  it('is granted by servers whose answer has no read-only flag', async () => {
    const server = await one()
    server.isOld = true
    expect(await sessionWith([server]).ready(patient)).toBeDefined()
  })

  it('reads: a node, its data, its children, and that there is none', async () => {
    const server = await one()
    server.ensemble.set('/a', 'x y', 7n)
    server.ensemble.set('/a/b')
    server.ensemble.set('/a/ä')
    const session = sessionWith([server])
    await session.ready(patient)
    expect(valueOf(await session.ask(exists('/a'), patient))).toMatchObject({ ephemeralOwner: 7n, dataLength: 3 })
    expect(valueOf(await session.ask(getData('/a'), patient))?.data.toString()).toBe('x y')
    expect(valueOf(await session.ask(getChildren('/a'), patient))).toEqual(['b', 'ä'])
    expect(valueOf(await session.ask(exists('/z'), patient))).toBeUndefined()
    expect(valueOf(await session.ask(getData('/z'), patient))).toBeUndefined()
    expect(valueOf(await session.ask(getChildren('/z'), patient))).toBeUndefined()
  })

  it('gives each of many questions at once its own answer', async () => {
    const server = await one()
    const paths = Array.from({ length: 500 }, (_, i) => `/n${i}`)
    for (const path of paths) server.ensemble.set(path, path)
    const session = sessionWith([server])
    await session.ready(patient)
    const answers = await Promise.all(paths.map((path) => session.ask(getData(path), patient)))
    expect(answers.map((answer) => valueOf(answer)?.data.toString())).toEqual(paths)
  })

  it('reads 30,000 names of 50 characters', async () => {
    const server = await one()
    const names = Array.from({ length: 30_000 }, (_, i) => `${'t'.repeat(45)}${String(i).padStart(5, '0')}`)
    server.ensemble.children = () => names
    const session = sessionWith([server])
    await session.ready(patient)
    expect(valueOf(await session.ask(getChildren('/'), patient))).toEqual(names)
  })

  it('tells which node may not be read, and goes on', async () => {
    const server = await one()
    server.ensemble.set('/a', 'x')
    server.ensemble.secret.add('/a')
    const session = sessionWith([server])
    await session.ready(patient)
    expect(failureOf(await session.ask(getData('/a'), patient))).toMatchObject({ reason: 'auth' })
    expect(valueOf(await session.ask(exists('/a'), patient))).toBeDefined()
    expect(server.connects).toHaveLength(1)
  })

  it('hears of watches, each once', async () => {
    const server = await one()
    const { ensemble } = server
    ensemble.set('/ids')
    const told = new Told()
    const session = sessionWith([server], told)
    await session.ready(patient)
    await session.ask(getChildren('/ids', true), patient)
    await session.ask(exists('/to-come', true), patient)
    ensemble.set('/ids/1')
    ensemble.set('/ids/2')
    ensemble.set('/to-come')
    await waitUntil('fired', () => told.fired.length === 2, patient, 5)
    await session.ask(exists('/'), patient)
    expect(told.fired).toEqual(['/ids', '/to-come'])
  })

  it('pings every third of its time-out, and knows when it was last re-armed', async () => {
    const server = await one()
    server.ensemble.timeoutMs = 300
    const session = sessionWith([server])
    await session.ready(patient)
    expect(session.touchedAt).toBeUndefined()
    const from = performance.now()
    await waitUntil('4 pings', () => server.asked.filter((what) => what === 'ping').length === 4, patient, 2)
    const took = performance.now() - from
    expect(took).toBeGreaterThan(350)
    expect(session.seat).toBeDefined()
    expect(Math.abs(Date.now() - (session.touchedAt ?? 0))).toBeLessThan(300)
  })

  it('is ended at the server when it is closed, and leaves nothing behind', async () => {
    const before = openHandles()
    const server = await one()
    const session = sessionWith([server])
    await session.ready(patient)
    await session.close()
    expect(server.ensemble.closed).toEqual([0x1000a0000000001n])
    expect(server.ensemble.sessions.size).toBe(0)
    await server.kill()
    expect(openHandles()).toBeLessThanOrEqual(before)
    expect(await session.ready(1)).toBeUndefined()
  })

  it('does not wait for long for a server that is silent when it is closed', async () => {
    const server = await one()
    const session = sessionWith([server])
    await session.ready(patient)
    server.silent = true
    const { ms } = await timed(session.close())
    expect(ms).toBeLessThan(2_000)
  })

  it('closed while it connects does not come back', async () => {
    const server = await one()
    server.silent = true
    const session = sessionWith([server])
    void session.ready(patient)
    await waitUntil('a client', () => server.clients.size === 1, patient, 2)
    await session.close()
    await waitUntil('gone', () => server.clients.size === 0, patient, 5)
    expect(session.seat).toBeUndefined()
  })
})

describe('a server that goes', () => {
  it('by kill: the same session on another at once, what was under way fails', async () => {
    const [first, second] = await two()
    const told = new Told()
    const session = sessionWith([first, second], told)
    await session.ready(patient)
    first.ensemble.zxid = 0x200000009n
    await session.ask(exists('/'), patient)
    first.behaviour = () => 'ignore'
    const under = session.ask(exists('/'), patient)
    await first.kill()
    const { ms } = await timed(connectedTo(session, second))
    expect(ms).toBeLessThan(1_000)
    expect(failureOf(await under).reason).toBe('closed')
    expect(second.connects).toEqual([{ session: 0x1000a0000000001n, zxid: 0x200000009n, timeoutMs: 6_000 }])
    expect(told.connects).toBe(2)
    expect(told.notes.failures).toEqual([[first.text, 'closed']])
  })

  it('silent is left after two thirds of the time-out, within the session', async () => {
    const [first, second] = await two()
    first.ensemble.timeoutMs = 600
    const session = sessionWith([first, second])
    await session.ready(patient)
    first.silent = true
    const asked = session.ask(exists('/'), 50)
    expect(failureOf(await asked).reason).toBe('hung')
    const { ms } = await timed(connectedTo(session, second))
    expect(ms).toBeGreaterThan(200)
    expect(second.connects.map((connect) => connect.session)).toEqual([0x1000a0000000001n])
  })

  it('that answers everything but one question is left after a whole time-out', async () => {
    const [first, second] = await two()
    first.ensemble.timeoutMs = 300
    first.behaviour = ({ op }) => (op === 11 ? 'answer' : 'ignore')
    const session = sessionWith([first, second])
    await session.ready(patient)
    expect(failureOf(await session.ask(exists('/'), 50)).reason).toBe('hung')
    await connectedTo(session, second)
    expect(valueOf(await session.ask(exists('/'), patient))).toBeDefined()
  })

  it('that never answers pings, only questions, is left', async () => {
    const [first, second] = await two()
    first.ensemble.timeoutMs = 300
    first.behaviour = ({ op }) => (op === 11 ? 'ignore' : 'answer')
    const session = sessionWith([first, second])
    await session.ready(patient)
    await waitUntil(
      'left',
      async () => {
        await session.ask(exists('/'), 50)
        return session.seat?.server === second.text
      },
      patient,
      10,
    )
  })

  it.each<[string, (server: FakeZookeeper) => void]>([
    ['is not serving', (server) => (server.notServing = true)],
    ['is silent from the beginning', (server) => (server.silent = true)],
    ['answers HTTP', (server) => (server.greeting = Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))],
    ['answers garbage', (server) => (server.greeting = Buffer.from('0000000400000001', 'hex'))],
  ])('that %s is passed over', async (_, spoil) => {
    const [first, second] = await two()
    spoil(first)
    const told = new Told()
    const session = sessionWith([first, second], told)
    void session.ready(patient)
    await connectedTo(session, second)
    expect(told.notes.failures.map(([target]) => target)).toEqual([first.text])
  })

  it('alone is asked again, ever more seldom, and found when it is back', async () => {
    const server = await one()
    const told = new Told()
    const session = sessionWith([server], told)
    await session.ready(patient)
    await server.kill()
    await waitUntil('five attempts', () => told.notes.failures.length >= 5, patient, 2)
    expect(failureOf(await session.ask(exists('/'), patient)).reason).toBe('closed')
    await server.restart()
    await connectedTo(session, server)
    expect(server.connects.map((connect) => connect.session)).toEqual([0n, 0x1000a0000000001n])
  })
})

describe('a session that the ensemble has forgotten', () => {
  it('is followed by a new one, which need not have seen what the old one saw', async () => {
    const [first, second] = await two()
    const told = new Told()
    const session = sessionWith([first, second], told)
    await session.ready(patient)
    await session.ask(exists('/'), patient)
    first.ensemble.sessions.clear()
    await first.kill()
    await waitUntil('a new session', () => session.id === '0x1000a0000000002', patient, 5)
    await connectedTo(session, second)
    expect(second.connects.map((connect) => connect.session)).toEqual([0x1000a0000000001n, 0n])
    expect(second.connects.at(-1)?.zxid).toBe(0n)
  })

  it('is given up when nobody would have it for three time-outs: the data may be others', async () => {
    const server = await one()
    server.ensemble.timeoutMs = 200
    const session = sessionWith([server])
    await session.ready(patient)
    server.ensemble.zxid = 0x500000000n
    await session.ask(exists('/'), patient)
    // Set up anew: every connection of one who has seen more is refused.
    server.ensemble.zxid = 1n
    const [client] = server.clients
    client?.socket.destroy()
    await waitUntil('a new session', () => session.id === '0x1000a0000000002', patient, 5)
  })

  it('for good, by a server that grants none: a failure of that server', async () => {
    const server = await one()
    server.ensemble.timeoutMs = 0
    const told = new Told()
    const session = sessionWith([server], told)
    expect(await session.ready(300)).toBeUndefined()
    expect(told.notes.failures[0]).toEqual([server.text, 'protocol'])
    expect(told.notes.failures.length).toBeLessThan(6)
  })
})

describe('hostile answers', () => {
  const frames: readonly (readonly [string, Buffer])[] = [
    ['a negative size', Buffer.from('ffffffff', 'hex')],
    ['a frame beyond every bound', Buffer.from('7fffffff', 'hex')],
    ['an answer to what was not asked', Buffer.from(`0000001000000063${'00'.repeat(12)}`, 'hex')],
    ['half a header', Buffer.from('0000000400000001', 'hex')],
    ['an answer that ends too early', Buffer.from(`0000001400000001${'00'.repeat(12)}00000000`, 'hex')],
    ['HTTP', Buffer.from('HTTP/1.1 200 OK\r\n')],
  ]
  it.each(frames)('%s: that connection is over, with a reason', async (_, frame) => {
    const [first, second] = await two()
    first.behaviour = (_request, socket) => {
      socket.write(frame)
      return 'ignore'
    }
    const told = new Told()
    const session = sessionWith([first, second], told)
    await session.ready(patient)
    expect(failureOf(await session.ask(exists('/'), patient)).reason).toBe('protocol')
    await connectedTo(session, second)
    expect(told.notes.failures).toEqual([[first.text, 'protocol']])
  })

  it('storms of connections are not answered with storms', async () => {
    const server = await one()
    server.behaviour = (_request, socket) => {
      socket.destroy()
      return 'ignore'
    }
    const session = sessionWith([server])
    const until = performance.now() + 1_000
    while (performance.now() < until) {
      if ((await session.ready(50)) !== undefined) await session.ask(exists('/'), 50)
    }
    expect(server.connects.length).toBeLessThan(8)
  })
})

describe('over TLS', () => {
  const pem = (path: string): string => readFileSync(path, 'utf8')
  const issued = material.issue('zookeeper')
  const pair = { cert: pem(issued.cert), key: pem(issued.key) }

  it('a server whose authority is given is spoken to', async () => {
    const [server] = await startServers(1, { tls: pair })
    if (server === undefined) throw new Error('no server')
    server.ensemble.set('/a', 'x')
    const session = sessionWith([server], new Told(), { tls: { ca: pem(material.ca) } })
    await session.ready(patient)
    expect(valueOf(await session.ask(getData('/a'), patient))?.data.toString()).toBe('x')
    await session.close()
    expect(server.ensemble.closed).toHaveLength(1)
  })

  it('a server of another authority is not', async () => {
    const [server] = await startServers(1, { tls: pair })
    if (server === undefined) throw new Error('no server')
    const told = new Told()
    const session = sessionWith([server], told, { tls: { ca: pem(material.otherCa) } })
    expect(await session.ready(200)).toBeUndefined()
    expect(told.notes.failures[0]).toEqual([server.text, 'tls'])
    expect(server.connects).toEqual([])
  })
})
