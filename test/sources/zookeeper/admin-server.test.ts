import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { adminServerOf, askAdminServer } from '../../../src/sources/zookeeper/admin-server.ts'
import { patient } from '../../support/connections.ts'
import { startServer, telling, WatchedEnsemble } from '../../support/ensembles.ts'
import * as fake from '../../support/fake-zookeeper.ts'
import { failureOf, valueOf } from '../../support/results.ts'
import { recorded } from '../../fixtures/zookeeper/texts.ts'

async function listening(server: net.Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`
}

/** Answers a command with a recorded file, or as told. */
async function adminServer(files: Record<string, string>, asked: string[] = []): Promise<string> {
  return listening(
    http.createServer(({ url = '' }, response) => {
      asked.push(url)
      const file = files[url.replace('/commands/', '')]
      response.writeHead(file === undefined || file.endsWith('.html') ? 500 : 200)
      response.end(file === undefined ? '' : recorded(file))
    }),
  )
}

const healthy = {
  monitor: '3.8-admin-leader-monitor.json',
  configuration: '3.8-admin-leader-configuration.json',
  voting_view: '3.8-admin-leader-voting_view.json',
}
const lost = {
  monitor: '3.8-admin-lost-monitor.html',
  configuration: '3.8-admin-lost-configuration.json',
  voting_view: '3.8-admin-lost-voting_view.json',
}

describe('askAdminServer', () => {
  const ask = (server: string, deadlineMs = patient): ReturnType<typeof askAdminServer> =>
    askAdminServer({ server, command: 'monitor', tls: undefined, deadlineMs })

  it('gives the text of the command', async () => {
    const asked: string[] = []
    const server = await adminServer(healthy, asked)
    expect(valueOf(await ask(server))).toBe(recorded('3.8-admin-leader-monitor.json'))
    expect(asked).toEqual(['/commands/monitor'])
  })

  it.each<[string, http.RequestListener, string]>([
    ['status 500', (_, response) => void response.writeHead(500).end('<html>'), 'protocol'],
    [
      'a redirect',
      (_, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end(),
      'protocol',
    ],
    ['silence', () => undefined, 'hung'],
    ['a body that does not end', (_, response) => void response.writeHead(200).write('{'), 'hung'],
    ['a body that breaks off', (_, response) => void response.write('{', () => response.destroy()), 'closed'],
    [
      'more than a megabyte',
      (_, response) => void response.on('error', () => undefined).end('z'.repeat(4 << 20)),
      'protocol',
    ],
  ])('%s', async (_, behaviour, reason) => {
    const server = await listening(http.createServer(behaviour))
    expect(failureOf(await ask(server, reason === 'hung' ? 200 : patient)).reason).toBe(reason)
  })

  it('what is no HTTP', async () => {
    const server = await listening(net.createServer((socket) => void socket.end('zk_version\t3.8.0\r\n\r\n')))
    expect(failureOf(await ask(server)).reason).toBe('protocol')
  })

  it('a closed port', async () => {
    const free = net.createServer()
    const server = await listening(free)
    free.close()
    await once(free, 'close')
    expect(failureOf(await ask(server)).reason).toBe('refused')
  })
})

describe('a server whose whitelist refuses mntr and conf', () => {
  const strict = telling('leader', { mntr: fake.refuses, conf: fake.refuses, ruok: fake.refuses })

  it('is asked through its AdminServer for what is missing', async () => {
    const asked: string[] = []
    const server = await startServer(strict)
    const watched = WatchedEnsemble.of([server], [await adminServer(healthy, asked)])
    const told = await watched.looked(server)
    expect(told).toMatchObject({ state: 'leader', id: 3, syncedFollowers: 2, peerState: 'leading - broadcast' })
    // Its own word is newer.
    expect([told?.numbers.get('num_alive_connections'), told?.numbers.get('learners')]).toEqual([7, 2])
    expect([...((await watched.observed())?.memberships.values() ?? [])][0]?.members.length).toBe(3)
    const rest = ['/commands/monitor', '/commands/monitor', '/commands/voting_view']
    expect(asked.toSorted()).toEqual(['/commands/configuration', ...rest])
    expect(watched.notes.apis).toContain('/commands/monitor')
  })

  it('does without where the AdminServer fails', async () => {
    const server = await startServer(strict)
    const url = await adminServer(lost)
    const watched = WatchedEnsemble.of([server], [url])
    expect(await watched.looked(server)).toMatchObject({ state: 'leader', id: undefined, syncedFollowers: undefined })
    expect(watched.notes.failures).toEqual([[url, 'protocol']])
  })

  it('is no doubt where the AdminServer is silent, which is left alone for a minute', async () => {
    const server = await startServer(strict)
    const asked: string[] = []
    const url = await listening(http.createServer(({ url: path = '' }) => void asked.push(path)))
    const watched = WatchedEnsemble.of([server], [url])
    watched.patience.lookMs = 600
    for (let look = 0; look < 3; look++) expect((await watched.looked(server))?.state).toBe('leader')
    expect([watched.wakes, asked.length]).toEqual([0, 1])
    watched.now = 60_000
    expect((await watched.looked(server))?.state).toBe('leader')
    expect([watched.wakes, asked.length]).toEqual([0, 2])
  })

  it('that refuses every word is known by its AdminServer alone', async () => {
    const server = await startServer({ every: fake.refuses })
    const watched = WatchedEnsemble.of([server], [await adminServer(healthy)])
    expect(await watched.looked(server)).toMatchObject({ state: 'leader', syncedFollowers: 2, zxid: undefined })
  })

  it('that refuses every word and has no quorum is not serving', async () => {
    const server = await startServer({ every: fake.refuses })
    const watched = WatchedEnsemble.of([server], [await adminServer(lost)])
    expect((await watched.looked(server))?.state).toBe('not_serving')
  })
})

describe('adminServerOf', () => {
  const at = (host: string, port = 2181): { host: string; port: number } => ({ host, port })
  const [one, two, other] = [at('zk', 1), at('ZK', 2), at('fd00::1')]
  const servers = [one, other, two]
  it.each([
    ['by host, in the order of the servers', one, 'http://zk:8080'],
    ['whatever the case', two, 'https://zk:8081'],
    ['IPv6', other, 'http://[fd00::1]:8080'],
    ['none', at('zk9'), undefined],
  ])('%s', (_, server, url) => {
    const urls = ['http://zk:8080', 'http://[fd00::1]:8080', 'https://zk:8081']
    expect(adminServerOf(server, servers, urls)).toBe(url)
  })
})
