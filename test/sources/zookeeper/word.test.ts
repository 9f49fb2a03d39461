import net from 'node:net'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it, onTestFinished } from 'vitest'
import { askWord, type Asking } from '../../../src/sources/zookeeper/word.ts'
import { replyKind } from '../../../src/sources/zookeeper/replies.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { timed } from '../../support/connections.ts'
import * as fake from '../../support/fake-zookeeper.ts'
import { FullBacklog } from '../../support/full-backlog.ts'
import { failureOf, valueOf } from '../../support/results.ts'
import { makeTlsMaterial } from '../../web/tls-material.ts'

const deadlineMs = 200
const patient = 10_000

async function serverThat(every: fake.Behaviour, secure?: object): Promise<fake.FakeZooKeeper> {
  const server = await fake.FakeZooKeeper.start({ every }, secure)
  onTestFinished(() => server.die())
  return server
}

function ask(server: fake.FakeZooKeeper, more: Partial<Asking> = {}): ReturnType<typeof askWord> {
  return askWord({ address: server.address, word: 'mntr', tls: undefined, deadlineMs: patient, ...more })
}

/** No connection of ours is left. */
async function abandoned(server: fake.FakeZooKeeper): Promise<void> {
  await waitUntil('no connection is left', () => server.open.size === 0, patient, 2)
}

describe('askWord', () => {
  it('gives the text as it is, on a connection of its own', async () => {
    const server = await serverThat(fake.says('größe\r\n\tx'))
    expect(valueOf(await ask(server))).toBe('größe\r\n\tx')
    expect(server.asked).toEqual(['mntr'])
    await abandoned(server)
  })

  it('puts together what comes in pieces, a character cut in two among them', async () => {
    const bytes = Buffer.from('größe')
    const server = await serverThat((socket) => {
      socket.write(bytes.subarray(0, 3))
      setImmediate(() => socket.end(bytes.subarray(3)))
    })
    expect(valueOf(await ask(server))).toBe('größe')
  })

  it('takes what came before a reset', async () => {
    const server = await serverThat((socket) => {
      socket.write('imok', () => setTimeout(() => socket.resetAndDestroy(), 50))
    })
    expect(valueOf(await ask(server, { word: 'ruok' }))).toBe('imok')
  })

  it.each<[string, fake.Behaviour, string]>([
    ['says nothing', fake.silence, 'hung'],
    ['trickles', fake.trickles, 'hung'],
    ['closes', fake.closes, 'closed'],
    ['resets', fake.resets, 'closed'],
  ])('a server that %s: %s', async (_, behaviour, reason) => {
    const server = await serverThat(behaviour)
    const { result, ms } = await timed(ask(server, { deadlineMs }))
    expect(failureOf(result).reason).toBe(reason)
    expect(ms).toBeLessThan(5_000)
    if (reason === 'hung') expect(ms).toBeGreaterThanOrEqual(deadlineMs * 0.9)
    await abandoned(server)
  })

  it('reads no more of a gigabyte than it takes', async () => {
    const sent = { bytes: 0 }
    const server = await serverThat(fake.floods(sent))
    expect(failureOf(await ask(server))).toEqual({
      reason: 'protocol',
      detail: 'mntr: an answer of more than 1048576 bytes',
    })
    await abandoned(server)
    // What the kernel's buffers hold on both sides came on top.
    expect(sent.bytes).toBeLessThan(64 << 20)
  })

  it('takes a page at most where an answer is no longer', async () => {
    const server = await serverThat(fake.says('z'.repeat(65_537)))
    expect(failureOf(await ask(server, { word: 'srvr' })).reason).toBe('protocol')
    expect(valueOf(await ask(server, { word: 'dump' })).length).toBe(65_537)
  })

  it('a closed port is refused', async () => {
    const server = await fake.FakeZooKeeper.start({})
    await server.die()
    expect(failureOf(await ask(server)).reason).toBe('refused')
  })

  it('no host of that name: no_route', async () => {
    const server = await serverThat(fake.silence)
    const address = { host: 'no-such-host.invalid', port: 2181 }
    expect(failureOf(await ask(server, { address })).reason).toBe('no_route')
  })

  it('a server whose backlog is full: timeout, after what connecting may take', async () => {
    const backlog = new FullBacklog()
    onTestFinished(() => backlog.end())
    await backlog.start()
    await backlog.fill()
    const asking = { address: backlog.address, word: 'mntr', tls: undefined, deadlineMs: patient } as const
    const { result, ms } = await timed(askWord({ ...asking, connectMs: deadlineMs }))
    expect(failureOf(result).reason).toBe('timeout')
    expect(ms).toBeLessThan(5_000)
  })

  it('ends at once when nobody waits any more', async () => {
    const server = await serverThat(fake.silence)
    const end = new AbortController()
    server.heard = () => end.abort()
    const { result, ms } = await timed(ask(server, { signal: end.signal }))
    expect(failureOf(result).reason).toBe('closed')
    expect(ms).toBeLessThan(5_000)
    await abandoned(server)
    expect(failureOf(await ask(server, { signal: end.signal })).reason).toBe('closed')
    expect(server.accepted).toBe(1)
  })

  it('says when the server has accepted', async () => {
    const server = await serverThat(fake.says('x'))
    let accepted = 0
    await ask(server, { connected: () => accepted++ })
    expect(accepted).toBe(1)
  })
})

describe('over TLS', () => {
  const material = makeTlsMaterial()
  afterAll(() => material.remove())
  const pem = (path: string): string => readFileSync(path, 'utf8')
  const { cert, key } = material.issue('server')
  const pair = { cert: pem(cert), key: pem(key) }

  it('asks a server whose certificate is signed by the given authority', async () => {
    const server = await serverThat(fake.says('imok'), pair)
    expect(valueOf(await ask(server, { tls: { ca: pem(material.ca) } }))).toBe('imok')
  })

  it.each<[string, object | undefined, object, string]>([
    ['a certificate that nobody vouches for', pair, {}, 'tls'],
    ['a server that does not speak TLS', undefined, {}, 'tls'],
  ])('%s', async (_, secure, options, reason) => {
    const server = await serverThat(fake.says('plain text'), secure)
    expect(failureOf(await ask(server, { tls: options })).reason).toBe(reason)
  })

  it('a server that says nothing to our hello is hung', async () => {
    const server = net.createServer(() => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void server.close())
    const address = { host: '127.0.0.1', port: (server.address() as net.AddressInfo).port }
    expect(failureOf(await askWord({ address, word: 'ruok', tls: {}, deadlineMs })).reason).toBe('hung')
  })
})

describe('replyKind', () => {
  it.each([
    ['mntr is not executed because it is not in the whitelist.\n', 'refused'],
    ['This ZooKeeper instance is not currently serving requests\n', 'not_serving'],
    ['HTTP/1.1 400 Bad Request\r\n\r\n', 'http'],
    ['srvr is not executed because it is not in the whitelist.\n', 'text'],
    ['zk_version\t3.8.0\n', 'text'],
    ['', 'text'],
  ])('%j is %s', (text, kind) => {
    expect(replyKind('mntr', text)).toBe(kind)
  })
})
