import { afterEach, describe, expect, it } from 'vitest'
import type { EnsembleServer } from '../../../src/model/ensemble.ts'
import { failed, success, type Result } from '../../../src/model/result.ts'
import { connectionOf, type Sessions } from '../../../src/model/sessions.ts'
import { emptyView, type View } from '../../../src/model/view.ts'
import { paces } from '../../../src/paces.ts'
import { SessionsSource } from '../../../src/sources/zookeeper/sessions.ts'
import { server } from '../../support/synced-server.ts'

const begin = Date.UTC(2026, 10, 22, 14, 13, 20)
const servers = [1, 2, 3].map((id) => ({ host: `zk${id}`, port: 2181 }))
const refusal = (word: string): string => `${word} is not executed because it is not in the whitelist.\n`

/** A source whose servers answer what the test says, on a clock that only the test moves. */
class Rig {
  now = 0
  asked: string[] = []
  failures: string[] = []
  looks = 0
  answer: (word: string, host: string) => Result<string> = (word) =>
    success(word === 'dump' ? this.dump() : this.cons())
  /** The leader's elapsed time is this much ahead of this test's. */
  elapsedMs = 28_000_000
  answerAdmin: (command: string, host: string) => Result<string> = (command) =>
    success(command === 'dump' ? this.adminDump() : this.adminConnections())
  view: View
  readonly source: SessionsSource

  constructor(adminServers: readonly string[] = []) {
    this.view = { ...emptyView }
    this.ensemble({ zk1: server('follower'), zk2: server('leader'), zk3: server('follower') })
    this.source = new SessionsSource({
      servers,
      adminServers,
      chroot: '/',
      tls: undefined,
      clock: () => ({ mono: this.now, wall: begin + this.now }),
      notes: {
        sent: () => undefined,
        failed: (target, { reason }) => this.failures.push(`${target} ${reason}`),
        busy: () => undefined,
      },
      pace: paces.sessions,
      look: () => this.looks++,
      ask: ({ address, word }) => {
        this.asked.push(`${word} ${address.host}`)
        return Promise.resolve(this.answer(word, address.host))
      },
      askAdmin: ({ server, command }) => {
        const { hostname } = new URL(server)
        this.asked.push(`/commands/${command} ${hostname}`)
        return Promise.resolve(this.answerAdmin(command, hostname))
      },
    })
    open.push(this)
  }

  ensemble(states: Readonly<Record<string, EnsembleServer>>): this {
    const named = Object.entries(states).map(([name, state]) => [`${name}:2181`, state] as const)
    const value = { given: named.map(([name]) => name), servers: new Map(named), memberships: new Map() }
    this.view = { ...this.view, zookeeper: { value, at: { mono: this.now, wall: begin + this.now } } }
    return this
  }

  /** Broker 1 hangs on 0xa, whose time is `leftMs` from now. */
  dump(leftMs = 14_000): string {
    const date = new Date(begin + this.now + leftMs).toUTCString()
    const [, , day = '', month = '', year = '', time = ''] = /^(\w+), (\d+) (\w+) (\d+) ([\d:]+)/.exec(date) ?? []
    return `SessionTracker dump:\nSession Sets (1)/(1):\n1 expire at Sun ${month} ${day} ${time} UTC ${year}:\n\t0xa\nephemeral nodes dump:\nSessions with Ephemerals (1):\n0xa:\n\t/brokers/ids/1\nConnections dump:\n`
  }

  cons(): string {
    return ' /127.0.0.1:41316[1](queued=0,recved=3,sent=3,sid=0xa,lop=PING,to=18000)\n'
  }

  /** The same as `dump` by the AdminServer, of a client that gave its last sign `agoMs` ago. */
  adminDump(agoMs = 1_000): string {
    const expiresAt = (Math.floor((this.now - agoMs + 18_000 + this.elapsedMs) / 3_000) + 1) * 3_000
    return JSON.stringify({
      expiry_time_to_session_ids: { [expiresAt - 3_000]: [], [expiresAt]: [10] },
      session_id_to_ephemeral_paths: { 10: ['/brokers/ids/1'] },
      command: 'dump',
      error: null,
    })
  }

  adminConnections(): string {
    return JSON.stringify({ connections: [{ session_id: 10, session_timeout: 18_000 }], secure_connections: [] })
  }

  async lookAt(ms: number): Promise<Sessions | undefined> {
    this.now = ms
    this.asked = []
    return this.source.observe({ view: this.view, signal: new AbortController().signal })
  }
}

const open: Rig[] = []
afterEach(() => {
  for (const rig of open.splice(0)) rig.source.close()
})

describe('the sessions source', () => {
  it('first asks the leader for its dump and every server for its connections', async () => {
    const rig = new Rig()
    const told = await rig.lookAt(0)
    expect(rig.asked.sort()).toEqual(['cons zk1', 'cons zk2', 'cons zk3', 'dump zk2'])
    expect(told?.dump).toMatchObject({ server: 'zk2:2181', epoch: 1, errorMs: 500, at: { mono: 0 } })
    expect(told?.dump?.sessions.get('0xa')).toEqual({ broker: 1, ephemerals: 1, expiresAt: begin + 14_500 })
    expect(told && connectionOf('0xa', told)?.timeoutMs).toBe(18_000)
  })

  it('then, while all is calm, seldom: what is handed on keeps its time', async () => {
    const rig = new Rig()
    await rig.lookAt(0)
    const told = await rig.lookAt(5_000)
    expect(rig.asked).toEqual([])
    expect(told?.dump?.at.mono).toBe(0)
    const asked: string[] = []
    for (let ms = 10_000; ms <= 60_000; ms += 5_000) {
      await rig.lookAt(ms)
      asked.push(...rig.asked.map((one) => `${ms / 1_000} s: ${one}`))
    }
    const calm = [10, 20, 30, 40, 50, 60].map((second) => `${second} s: dump zk2`)
    expect(asked).toEqual([...calm, ...['zk1', 'zk2', 'zk3'].map((one) => `60 s: cons ${one}`)])
  })

  it('every second while a session runs out', async () => {
    const rig = new Rig()
    rig.answer = (word) => success(word === 'dump' ? rig.dump(11_000) : rig.cons())
    await rig.lookAt(0)
    await rig.lookAt(500)
    expect(rig.asked).toEqual([])
    await rig.lookAt(1_000)
    expect(rig.asked).toEqual(['dump zk2'])
  })

  it('at once when another server leads', async () => {
    const rig = new Rig()
    await rig.lookAt(0)
    rig.ensemble({ zk1: server('leader', { zxid: 2n << 32n }), zk2: server('hung'), zk3: server('follower') })
    const told = await rig.lookAt(1_000)
    expect(rig.asked.sort()).toEqual(['cons zk1', 'cons zk3', 'dump zk1'])
    expect(told?.dump).toMatchObject({ server: 'zk1:2181', epoch: 2 })
  })

  it('forgets the connections of a server that has died, and looks every 5 s for where they have gone', async () => {
    const rig = new Rig()
    rig.answer = (word, host) => success(word === 'dump' ? rig.dump() : host === 'zk1' ? rig.cons() : '\n')
    expect([...((await rig.lookAt(0))?.servers.keys() ?? [])].sort()).toEqual(['zk1:2181', 'zk2:2181', 'zk3:2181'])
    rig.ensemble({ zk1: server('unreachable'), zk2: server('leader'), zk3: server('follower') })
    const told = await rig.lookAt(1_000)
    expect([...(told?.servers.keys() ?? [])].sort()).toEqual(['zk2:2181', 'zk3:2181'])
    rig.answer = (word, host) => success(word === 'dump' ? rig.dump() : host === 'zk3' ? rig.cons() : '\n')
    const found = await rig.lookAt(6_000)
    expect(rig.asked.sort()).toEqual(['cons zk2', 'cons zk3'])
    expect(found && connectionOf('0xa', found)?.server).toBe('zk3:2181')
  })

  it('nobody is asked for a dump while nobody leads, and what was told ages', async () => {
    const rig = new Rig()
    await rig.lookAt(0)
    const lost = server('not_serving')
    rig.ensemble({ zk1: lost, zk2: lost, zk3: lost })
    expect((await rig.lookAt(5_000))?.dump?.at.mono).toBe(0)
    expect(rig.asked).toEqual([])
    expect((await rig.lookAt(15_001))?.dump).toBeUndefined()
  })

  it('a refusal is remembered, and no failure of the look', async () => {
    const rig = new Rig()
    rig.answer = (word) => success(refusal(word))
    expect(await rig.lookAt(0)).toEqual({ dump: undefined, servers: new Map() })
    expect(rig.failures.sort()).toEqual(['zk1:2181 auth', 'zk2:2181 auth', 'zk2:2181 auth', 'zk3:2181 auth'])
    expect(await rig.lookAt(120_000)).toEqual({ dump: undefined, servers: new Map() })
    expect(rig.asked).toEqual([])
    await rig.lookAt(600_001)
    expect(rig.asked).toHaveLength(4)
  })

  it.each<[why: string, answer: Result<string>, reason: string]>([
    ['silence', failed('hung', ''), 'hung'],
    ['no quorum', success('This ZooKeeper instance is not currently serving requests\n'), 'protocol'],
    ['half an answer', success('SessionTracker dump:\nSession Sets (1)/(1):\n'), 'protocol'],
    ['a follower', success('SessionTracker dump:\nGlobal Sessions(0):\nephemeral nodes dump:\nSessions with Ephemerals (0):\nConnections dump:\n'), 'protocol'], // prettier-ignore
  ])('%s of every server brings nothing', async (_, answer, reason) => {
    const rig = new Rig()
    rig.answer = () => answer
    expect(await rig.lookAt(0)).toBeUndefined()
    expect(new Set(rig.failures)).toEqual(
      new Set(['zk1:2181', 'zk2:2181', 'zk3:2181'].map((one) => `${one} ${reason}`)),
    )
  })

  it('one server that fails leaves the others theirs', async () => {
    const rig = new Rig()
    rig.answer = (word, host) =>
      host === 'zk3' ? failed('hung', '') : success(word === 'dump' ? rig.dump() : rig.cons())
    expect([...((await rig.lookAt(0))?.servers.keys() ?? [])].sort()).toEqual(['zk1:2181', 'zk2:2181'])
    expect(rig.failures).toEqual(['zk3:2181 hung'])
  })
})

describe('with AdminServers, where words are refused', () => {
  const urls = ['http://zk1:8080', 'http://zk2:8080', 'http://zk3:8080']
  const commands = ['/commands/connections zk1', '/commands/connections zk2', '/commands/connections zk3', '/commands/dump zk2'] // prettier-ignore

  function refusing(): Rig {
    const rig = new Rig(urls)
    rig.answer = (word) => success(refusal(word))
    return rig
  }

  it('they tell the same, in the same look; nothing has failed', async () => {
    const rig = refusing()
    expect(rig.source.apis).toEqual(['dump', 'cons', '/commands/dump', '/commands/connections'])
    const told = await rig.lookAt(0)
    expect(rig.asked.filter((one) => one.startsWith('/')).sort()).toEqual(commands)
    expect(told?.dump).toMatchObject({ server: 'zk2:2181', epoch: 1, at: { mono: 0 } })
    expect(told?.dump?.sessions.get('0xa')).toMatchObject({ broker: 1, ephemerals: 1 })
    expect(told && connectionOf('0xa', told)?.timeoutMs).toBe(18_000)
    expect(rig.failures).toEqual([])
  })

  it('are asked as seldom as words, and without trying the words again', async () => {
    const rig = refusing()
    await rig.lookAt(0)
    // Another timeout is known now, and the time of expiry better.
    await rig.lookAt(5_000)
    const asked: string[] = []
    for (let ms = 10_000; ms <= 60_000; ms += 5_000) {
      await rig.lookAt(ms)
      asked.push(...rig.asked)
    }
    expect(asked.filter((one) => one === '/commands/dump zk2').length).toBeLessThanOrEqual(11)
    expect(asked.filter((one) => one.startsWith('/commands/connections'))).toHaveLength(3)
    expect(asked.filter((one) => !one.startsWith('/'))).toEqual([])
  })

  it('announce an expiry that is right within what is told of the error', async () => {
    const rig = refusing()
    await rig.lookAt(0)
    for (let ms = 1_000; ms <= 14_000; ms += 1_000) {
      rig.answerAdmin = (command) => success(command === 'dump' ? rig.adminDump(ms) : rig.adminConnections())
      const told = await rig.lookAt(ms)
      const { expiresAt = Number.NaN } = told?.dump?.sessions.get('0xa') ?? {}
      // It gave its last sign at 0.
      const real = begin + (Math.floor((18_000 + rig.elapsedMs) / 3_000) + 1) * 3_000 - rig.elapsedMs
      expect(Math.abs(expiresAt - real)).toBeLessThanOrEqual(told?.dump?.errorMs ?? 0)
    }
  })

  it('of a machine that was started anew: one dump is not believed, the next is', async () => {
    const rig = refusing()
    await rig.lookAt(0)
    rig.elapsedMs = 100_000
    expect((await rig.lookAt(10_000))?.dump?.at.mono).toBe(0)
    expect(rig.failures).toEqual(['zk2:2181 protocol'])
    expect((await rig.lookAt(15_000))?.dump?.at.mono).toBe(15_000)
  })

  it.each<[why: string, answer: Result<string>]>([
    ['no quorum, under HTTP 200', success('{"error":"This ZooKeeper instance is not currently serving requests"}')],
    ['a page of HTML under HTTP 500', failed('protocol', 'HTTP status 500')],
    ['silence', failed('hung', '')],
    ['a follower', success('{"expiry_time_to_session_ids":{},"session_id_to_ephemeral_paths":{"10":["/a"]}}')],
  ])('%s is a failure of that look', async (_, answer) => {
    const rig = refusing()
    rig.answerAdmin = () => answer
    expect(await rig.lookAt(0)).toBeUndefined()
    expect(rig.failures).toHaveLength(4)
    rig.answerAdmin = (command) => success(command === 'dump' ? rig.adminDump() : rig.adminConnections())
    expect((await rig.lookAt(11_000))?.dump).toBeDefined()
  })

  it('one that fails is left alone for ten seconds, then asked again', async () => {
    const rig = refusing()
    rig.answerAdmin = () => failed('refused', '')
    await rig.lookAt(0)
    await rig.lookAt(5_000)
    expect(rig.asked).toEqual([])
    await rig.lookAt(10_100)
    expect(rig.asked).toContain('/commands/dump zk2')
  })

  it('are not asked what the words tell', async () => {
    const rig = new Rig(urls)
    await rig.lookAt(0)
    expect(rig.asked.sort()).toEqual(['cons zk1', 'cons zk2', 'cons zk3', 'dump zk2'])
  })

  it('are no help where the servers themselves are silent', async () => {
    const rig = new Rig(urls)
    rig.answer = () => failed('hung', '')
    expect(await rig.lookAt(0)).toBeUndefined()
    expect(rig.asked).toHaveLength(4)
  })
})
