import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { addressText } from '../../../src/model/address.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { patient, timed } from '../../support/connections.ts'
import { startServer, telling, WatchedEnsemble } from '../../support/ensembles.ts'
import * as fake from '../../support/fake-zookeeper.ts'

describe('a look', () => {
  it('tells all that a server says', async () => {
    const server = await startServer(telling('leader'))
    const ensemble = await WatchedEnsemble.of([server]).observed()
    const name = addressText(server.address)
    expect(ensemble?.servers.get(name)).toEqual({
      state: 'leader',
      failure: undefined,
      version: '3.8.4-x, built on',
      id: 4,
      zxid: 0x1_0000_0009n,
      syncedFollowers: 2,
      peerState: undefined,
      numbers: new Map(Object.entries({ avg_latency: 1.5, synced_followers: 2, num_alive_connections: 7 })),
      omitted: 0,
      ruok: true,
      refused: new Set(),
    })
    expect(ensemble?.memberships.get(name)).toEqual({
      members: [{ id: 4, role: 'participant', host: 'a', client: { host: 'a', port: 2181 } }],
      version: 0x1fn,
    })
  })

  it('asks everything once, then one word a look, membership again after five minutes', async () => {
    const server = await startServer(telling('follower'))
    const watched = WatchedEnsemble.of([server])
    await watched.observed()
    expect([...server.asked].sort()).toEqual(['conf', 'mntr', 'ruok', 'srvr'])
    server.asked.length = 0
    for (let look = 0; look < 6; look++) await watched.observed()
    expect(server.asked).toEqual(['mntr', 'mntr', 'srvr', 'mntr', 'mntr', 'srvr'])
    watched.now = 300_000
    server.asked.length = 0
    await watched.observed()
    expect([...server.asked].sort()).toEqual(['conf', 'mntr', 'ruok'])
    expect(watched.notes.apis.filter((api) => api === 'mntr').length).toBe(6)
  })

  it('keeps between two words what only the other one tells', async () => {
    const server = await startServer(telling('leader'))
    const watched = WatchedEnsemble.of([server])
    for (let look = 0; look < 5; look++) {
      const { zxid, syncedFollowers, numbers } = (await watched.looked(server)) ?? {}
      expect([zxid, syncedFollowers, numbers?.get('avg_latency')]).toEqual([0x1_0000_0009n, 2, 1.5])
    }
  })

  it('learns of a new state with the next word, whichever that is, and asks everything anew', async () => {
    const server = await startServer(telling('follower'))
    const watched = WatchedEnsemble.of([server])
    for (const state of ['leader', 'observer', 'read-only', 'standalone', 'follower']) {
      watched.now += 10_000
      server.behaviours = telling(state)
      server.asked.length = 0
      const told = await watched.looked(server)
      expect(told?.state).toBe(state.replace('-', '_'))
      expect([...server.asked].sort()).toEqual(['conf', 'mntr', 'ruok', 'srvr'])
      expect(told?.syncedFollowers).toBe(state === 'leader' ? 2 : undefined)
    }
  })

  it('after a change asks for both words once, so that no follower is counted that has gone', async () => {
    const [server, other] = [await startServer(telling('leader')), await startServer(telling('follower'))]
    const watched = WatchedEnsemble.of([server, other])
    await watched.observed()
    other.behaviours = { every: fake.servesNobody }
    await watched.observed()
    const mntr = 'zk_version\t3.8.4-x\nzk_server_state\tleader\nzk_synced_followers\t1\n'
    server.behaviours = telling('leader', { mntr: fake.says(mntr) })
    server.asked.length = 0
    expect((await watched.looked(server))?.syncedFollowers).toBe(1)
    expect(server.asked).toEqual(['srvr', 'mntr'])
    await watched.observed()
    expect(server.asked.length).toBe(3)
  })

  it('asks a server that flaps for everything once in ten seconds and state', async () => {
    const server = await startServer(telling('follower'))
    const watched = WatchedEnsemble.of([server])
    for (let look = 0; look < 8; look++) {
      server.behaviours = telling(look % 2 === 0 ? 'follower' : 'leader')
      await watched.observed()
    }
    expect(server.asked.filter((word) => word === 'ruok').length).toBe(2)
    // What was put off is made up for, without another change.
    watched.now = 10_000
    await watched.observed()
    expect(server.asked.filter((word) => word === 'ruok').length).toBe(3)
  })

  it('that throws fails its server, and the next one asks again', async () => {
    const [server, other] = [await startServer(telling('leader')), await startServer(telling('follower'))]
    const watched = WatchedEnsemble.of([server, other])
    const sent = watched.notes.sent.bind(watched.notes)
    let isFirst = true
    watched.notes.sent = (api) => {
      sent(api)
      if (!isFirst) return
      isFirst = false
      throw new Error('says the test')
    }
    expect(await watched.looked(server)).toMatchObject({ state: 'unreachable', failure: { reason: 'protocol' } })
    const states = [...((await watched.observed())?.servers.values() ?? [])].map(({ state }) => state)
    expect(states).toEqual(['leader', 'follower'])
  })

  it('names every server given, judged or not', async () => {
    const [server, mute] = [await startServer(telling('leader')), await startServer({ every: fake.refuses })]
    const found = await WatchedEnsemble.of([server, mute]).observed()
    expect(found?.given).toEqual([addressText(server.address), addressText(mute.address)])
    expect([...(found?.servers.keys() ?? [])]).toEqual([addressText(server.address)])
  })

  it('without a quorum: not serving, and ruok says imok all the same', async () => {
    const server = await startServer(telling('follower'))
    const watched = WatchedEnsemble.of([server])
    await watched.observed()
    server.behaviours = { every: fake.servesNobody, ruok: fake.says('imok') }
    expect(await watched.looked(server)).toMatchObject({ state: 'not_serving', id: 4, ruok: true, failure: undefined })
    // What it said when it could is still the newest that anybody knows.
    expect((await watched.observed())?.memberships.size).toBe(1)
  })

  it('asks every server at once, and one that fails takes nothing from the others', async () => {
    const waiting: (() => void)[] = []
    const answers: fake.Behaviour = (socket, word) => {
      waiting.push(() => telling('follower')[word]?.(socket, word))
      if (waiting.length >= 2) for (const answer of waiting) answer()
    }
    const [one, two] = [await startServer({ every: answers }), await startServer({ every: answers })]
    const dead = await startServer({})
    await dead.die()
    const watched = WatchedEnsemble.of([one, two, dead])
    const states = [...((await watched.observed())?.servers.values() ?? [])].map(({ state }) => state)
    expect(states).toEqual(['follower', 'follower', 'unreachable'])
    await dead.listen()
  })
})

describe('a whitelist', () => {
  const onlySrvr = telling('follower', { mntr: fake.refuses, conf: fake.refuses, ruok: fake.refuses })

  it('that has srvr only: the state and what srvr has of numbers', async () => {
    const server = await startServer(onlySrvr)
    const watched = WatchedEnsemble.of([server])
    const told = await watched.looked(server)
    expect(told).toMatchObject({ state: 'follower', zxid: 0x1_0000_0009n, ruok: undefined, id: undefined })
    expect([...(told?.numbers ?? [])]).toEqual([['num_alive_connections', 7]])
    expect(told?.refused).toEqual(new Set(['mntr', 'conf', 'ruok']))
  })

  it('is remembered, for five minutes or until the server was away', async () => {
    const server = await startServer(onlySrvr)
    const watched = WatchedEnsemble.of([server])
    await watched.observed()
    server.asked.length = 0
    for (let look = 0; look < 4; look++) await watched.observed()
    expect(server.asked).toEqual(['srvr', 'srvr', 'srvr', 'srvr'])
    watched.now = 300_000
    server.asked.length = 0
    await watched.observed()
    expect([...server.asked].sort()).toEqual(['conf', 'mntr', 'ruok', 'srvr'])
    await server.die()
    expect(await watched.looked(server)).toMatchObject({ state: 'unreachable', refused: new Set() })
    await server.listen()
    watched.now += 10_000
    server.behaviours = telling('follower')
    expect(await watched.looked(server)).toMatchObject({ state: 'follower', ruok: true, refused: new Set() })
  })

  it('that has nothing leaves the state unknown: no sign that the server is down', async () => {
    const server = await startServer({ every: fake.refuses })
    const watched = WatchedEnsemble.of([server])
    expect(await watched.observed()).toBeUndefined()
    expect(watched.notes.failures).toEqual([[addressText(server.address), 'auth']])
  })
})

describe('a server that cannot be understood', () => {
  it.each<[string, fake.Behaviour]>([
    ['a web server', fake.says('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['garbage', fake.says('\0\xff\t\n'.repeat(1_000))],
    ['more than is taken', fake.says('z'.repeat(2 << 20))],
  ])('%s: unreachable, protocol', async (_, behaviour) => {
    const server = await startServer({ every: behaviour })
    const watched = WatchedEnsemble.of([server])
    expect(await watched.looked(server)).toMatchObject({ state: 'unreachable', failure: { reason: 'protocol' } })
    expect(watched.notes.failures).toEqual([[addressText(server.address), 'protocol']])
  })

  it('is asked srvr where its mntr is too long', async () => {
    const server = await startServer(telling('leader', { mntr: fake.says('z'.repeat(2 << 20)) }))
    const watched = WatchedEnsemble.of([server])
    await watched.observed()
    expect(await watched.looked(server)).toMatchObject({ state: 'leader', syncedFollowers: undefined })
    expect(server.asked.filter((word) => word === 'mntr').length).toBe(1)
  })
})

describe('silence', () => {
  /** Two servers that answered; then the first does not any more. */
  async function silentServer(behaviour: fake.Behaviour = fake.silence) {
    const [server, other] = [await startServer(telling('leader')), await startServer(telling('follower'))]
    const watched = WatchedEnsemble.of([server, other])
    await watched.observed()
    server.behaviours = { every: behaviour }
    server.asked.length = 0
    watched.patience.lookMs = 300
    return { server, other, watched }
  }

  it.each([
    ['nothing at all', fake.silence],
    ['a byte now and then', fake.trickles],
  ])('%s: once is a doubt that asks for another look, twice is hung', async (_, behaviour) => {
    const { server, watched } = await silentServer(behaviour)
    const first = await timed(watched.looked(server))
    expect(first.result?.state).toBe('leader')
    // A timer may come a few milliseconds early by another clock.
    expect(first.ms).toBeGreaterThanOrEqual(290)
    expect(watched.wakes).toBe(1)
    expect(await watched.looked(server)).toMatchObject({ state: 'hung', id: 4, failure: { reason: 'hung' } })
    expect(server.asked.length).toBe(1)
  })

  it('is listened to on the one connection, and does not keep the others waiting', async () => {
    const { server, other, watched } = await silentServer()
    for (let look = 0; look < 2; look++) await watched.observed()
    watched.patience.lookMs = patient
    const held = other.asked.length
    const { ms } = await timed(watched.observed())
    expect(ms).toBeLessThan(patient / 2)
    // Both words, for the first one's state has just changed.
    expect([server.asked.length, other.asked.length]).toEqual([1, held + 2])
  })

  it('ends with an answer, however late: that asks for a look at once', async () => {
    const held: (() => void)[] = []
    const { server, watched } = await silentServer((socket, word) => {
      held.push(() => telling('leader')[word]?.(socket, word))
    })
    for (let look = 0; look < 2; look++) await watched.observed()
    expect((await watched.looked(server))?.state).toBe('hung')
    const wakes = watched.wakes
    server.behaviours = telling('leader')
    for (const answer of held) answer()
    await watched.woken(wakes + 1)
    watched.patience.lookMs = patient
    expect((await watched.looked(server))?.state).toBe('leader')
  })

  it('ends with a reset: the server was killed while it hung', async () => {
    const { server, watched } = await silentServer()
    for (let look = 0; look < 2; look++) await watched.observed()
    const wakes = watched.wakes
    await server.die()
    await watched.woken(wakes + 1)
    watched.patience.lookMs = patient
    expect(await watched.looked(server)).toMatchObject({ state: 'unreachable', failure: { reason: 'refused' } })
    await server.listen()
  })
})

describe('the idle connection', () => {
  it('tells at once that a server died', async () => {
    const server = await startServer(telling('follower'))
    const watched = WatchedEnsemble.of([server])
    await watched.observed()
    await waitUntil('it stands', () => server.open.size === 1, patient, 2)
    await server.die()
    await watched.woken(1)
    expect(await watched.looked(server)).toMatchObject({ state: 'unreachable', failure: { reason: 'refused' } })
    await server.listen()
  })

  it('is had anew when the server closes it, once if that goes on', async () => {
    const server = await startServer(telling('follower'))
    const watched = WatchedEnsemble.of([server])
    await watched.observed()
    await waitUntil('it stands', () => server.open.size === 1, patient, 2)
    const accepted = server.accepted
    server.closeConnections()
    await waitUntil('the second one', () => server.accepted === accepted + 1 && server.open.size === 1, patient, 2)
    server.closeConnections()
    await watched.observed()
    expect(watched.wakes).toBe(0)
  })

  it('that something closes asks for looks, and never for alert pace, postponed or not', async () => {
    const servers = [await startServer(telling('leader')), await startServer(telling('follower'))]
    const watched = WatchedEnsemble.of(servers)
    await watched.observed()
    await waitUntil('they stand', () => servers.every(({ open }) => open.size === 1), patient, 2)
    // Both have lived for longer than a connection that is closed at once.
    const real = performance.now.bind(performance)
    const spy = vi.spyOn(performance, 'now').mockImplementation(() => real() + 2_000)
    onTestFinished(() => {
      spy.mockRestore()
    })
    for (const server of servers) server.closeConnections()
    await waitUntil('two looks', () => watched.looks + watched.wakes >= 2, patient, 2)
    expect([watched.looks, watched.wakes]).toEqual([2, 0])
  })

  it('is gone when the source ends', async () => {
    const server = await startServer(telling('follower'))
    const watched = WatchedEnsemble.of([server])
    await watched.observed()
    await waitUntil('it stands', () => server.open.size === 1, patient, 2)
    watched.source.close()
    await waitUntil('it is closed', () => server.open.size === 0, patient, 2)
  })
})
