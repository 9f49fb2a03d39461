import net from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { patient, plain, timed } from '../../support/connections.ts'
import { answer, type FakeBroker } from '../../support/fake-broker.ts'
import { Held, silent } from '../../support/fake-behaviours.ts'
import { FullBacklog } from '../../support/full-backlog.ts'
import { Watched } from '../../support/probers.ts'

const startBroker = brokersOfEachTest()
/** Of one probe; short, because these tests wait for it. */
const deadlineMs = 150

/** Hung after having been up. What it should have answered is held. */
async function hungBroker(): Promise<{ broker: FakeBroker; watched: Watched; held: Held }> {
  const broker = await startBroker()
  const watched = new Watched(broker.address, deadlineMs)
  const held = new Held()
  // A probe that is late on a busy machine would spoil what follows.
  await waitUntil('up', async () => (await watched.probed()) === 'up', patient, 2)
  broker.behaviours = { every: held.behaviour }
  expect(await watched.probed()).toBe('hung')
  return { broker, watched, held }
}

describe('silence', () => {
  it('once is a doubt that a new connection settles: nothing has changed', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address, 500)
    expect(await watched.probed()).toBe('up')
    broker.behaviours = { Metadata: (asked) => (asked.connection === 1 ? undefined : answer(asked)) }
    expect(await watched.probed()).toBe('up')
    expect([watched.changes, broker.accepted]).toEqual([1, 2])
    expect(watched.failures.map(({ reason }) => reason)).toEqual(['hung'])
    await waitUntil('the silent connection is closed', () => broker.open.size === 1, patient, 2)
  })

  it('twice is hung: not before the second deadline, and not long after', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address, deadlineMs)
    await waitUntil('up', async () => (await watched.probed()) === 'up', patient, 2)
    const changes = watched.changes
    broker.behaviours = { every: silent }
    const probe = timed(watched.probed())
    await waitUntil('a second connection', () => broker.asked.at(-1)?.api === 'ApiVersions', patient, 2)
    expect(watched.verdict).toBe('up')
    const { result, ms } = await probe
    expect(result).toBe('hung')
    // Timers count from the beginning of their turn, which on a busy machine is a while ago: more than one deadline it is.
    expect(ms).toBeGreaterThan(1.5 * deadlineMs)
    expect(ms).toBeLessThan(5_000)
    expect(watched.changes).toBe(changes + 1)
  })

  it('at the first contact is hung at once', async () => {
    const broker = await startBroker()
    broker.behaviours = { every: silent }
    const watched = new Watched(broker.address, deadlineMs)
    expect(await watched.probed()).toBe('hung')
    expect([watched.changes, broker.accepted]).toEqual([1, 1])
  })
})

describe('a hung broker', () => {
  it('gets a new connection every ten seconds only, however often it is probed', async () => {
    const { broker, watched } = await hungBroker()
    const accepted = broker.accepted
    watched.now += 9_999
    for (let i = 0; i < 50; i++) expect(await watched.probed()).toBe('hung')
    expect(broker.accepted).toBe(accepted)
    watched.now += 1
    for (let i = 0; i < 50; i++) expect(await watched.probed()).toBe('hung')
    expect(broker.accepted).toBe(accepted + 1)
    expect(watched.wakes).toBe(0)
    await waitUntil('one silent connection', () => broker.open.size === 1, patient, 2)
  })

  it('that answers late asks for a probe, and is up', async () => {
    const { broker, watched, held } = await hungBroker()
    const { changes } = watched
    watched.now += 1_000
    broker.behaviours = {}
    held.release()
    await watched.woken()
    expect(watched.prober.urgent).toBe(true)
    await waitUntil('up', async () => (await watched.probed()) === 'up', patient, 2)
    expect(watched.changes).toBe(changes + 1)
    expect(watched.prober.state).toMatchObject({ returnedAt: 1_000 })
    await waitUntil('one connection', () => broker.open.size === 1, patient, 2)
  })

  it('that is killed asks for a probe, and is refused', async () => {
    const { broker, watched } = await hungBroker()
    watched.now += 1_000
    broker.refuse()
    broker.resetAll()
    await watched.woken()
    expect(await watched.probed()).toBe('refused')
    expect(watched.wakes).toBe(1)
  })

  it('that is reset and takes new connections is up', async () => {
    const { broker, watched } = await hungBroker()
    broker.behaviours = {}
    broker.resetAll()
    await watched.woken()
    await waitUntil('up', async () => (await watched.probed()) === 'up', patient, 2)
  })
})

describe.each([
  ['plain', plain],
  ['TLS', { ...plain, tls: {} }],
])('a paused process, %s', (_, options) => {
  it('is hung from the first contact on, and stays hung when its backlog is full', async () => {
    const paused = new FullBacklog()
    onTestFinished(() => paused.end())
    await paused.start()
    const watched = new Watched(paused.address, deadlineMs, options)
    expect(await watched.probed()).toBe('hung')
    await paused.fill()
    for (let round = 1; round <= 3; round++) {
      watched.now += 10_000
      expect(await watched.probed()).toBe('hung')
    }
    expect(watched.failures.map(({ reason }) => reason)).toEqual(['hung', 'timeout', 'timeout', 'timeout'])
    expect([watched.changes, watched.wakes]).toEqual([1, 0])
    paused.end()
    // Without a connection to listen on, the next attempt finds out.
    const refused = async (): Promise<boolean> => ((watched.now += 10_000), (await watched.probed()) === 'refused')
    await waitUntil('refused', refused, patient, 2)
  })
})

it('a TLS broker that is hung at the first contact gets a new connection every ten seconds only', async () => {
  let accepted = 0
  const mute = net.createServer((socket) => (accepted++, socket.on('error', () => undefined).resume()))
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void mute.close())
  const { port } = mute.address() as net.AddressInfo
  const watched = new Watched({ host: '127.0.0.1', port }, 50, { ...plain, tls: {} })
  for (let i = 0; i < 10; i++) expect(await watched.probed()).toBe('hung')
  expect(accepted).toBe(1)
  watched.now += 10_000
  for (let i = 0; i < 10; i++) expect(await watched.probed()).toBe('hung')
  expect(accepted).toBe(2)
})

it('a reset and then nothing is no longer hung: the host may be gone', async () => {
  const paused = new FullBacklog()
  onTestFinished(() => paused.end())
  await paused.start()
  await paused.fill()
  const broker = await startBroker()
  // The address answers, falls silent, is reset, and drops SYNs: the fake cannot drop them, a second port can.
  const address = { ...broker.address }
  const watched = new Watched(address, deadlineMs)
  broker.behaviours = { every: silent }
  expect(await watched.probed()).toBe('hung')
  address.port = paused.address.port
  broker.resetAll()
  await watched.woken()
  expect(await watched.probed()).toBe('timeout')
})
