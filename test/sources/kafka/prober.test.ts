import { describe, expect, it } from 'vitest'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { openHandles, patient } from '../../support/connections.ts'
import { answer, type Behaviour } from '../../support/fake-broker.ts'
import { close, http, reset, silent } from '../../support/fake-behaviours.ts'
import { Watched } from '../../support/probers.ts'

const startBroker = brokersOfEachTest()

const answerAndClose: Behaviour = (asked) => {
  answer(asked)
  close(asked)
}

describe('a broker that answers', () => {
  it('is up, with its own view, over one connection', async () => {
    const node = { host: 'h', port: 1 }
    const brokers = [{ id: 3, ...node }, { id: 1, ...node }] // prettier-ignore
    const broker = await startBroker({ metadata: { clusterId: 'x', controllerId: 3, brokers }, kraft: true })
    const watched = new Watched(broker.address)
    expect(watched.verdict).toBeUndefined()
    expect(watched.prober.urgent).toBe(true)
    for (let i = 0; i < 3; i++) expect(await watched.probed()).toBe('up')
    expect(watched.prober.state).toEqual({
      up: true,
      view: { clusterId: 'x', controllerId: 3, brokerIds: [1, 3], kraft: true },
      returnedAt: undefined,
    })
    expect([watched.changes, watched.wakes, broker.accepted, broker.count('Metadata', 'none')]).toEqual([1, 0, 1, 3])
    expect(watched.prober.urgent).toBe(false)
  })

  it('that tells another story has changed', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    await watched.probed()
    broker.metadata = { ...broker.metadata, controllerId: 2 }
    await watched.probed()
    await watched.probed()
    expect(watched.changes).toBe(2)
  })

  it('is asked once, however often a probe is asked for at the same time', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    await Promise.all([watched.probed(), watched.probed(), watched.probed()])
    expect([broker.accepted, broker.count('Metadata')]).toEqual([1, 1])
  })

  it.each([
    ['no common version', { 3: [0, 3] }, 'protocol'],
    ['a version only newer brokers have', { 3: [13, 20] }, 'protocol'],
  ] as const)('with %s is down', async (_, versions, reason) => {
    const broker = await startBroker({ versions })
    expect(await new Watched(broker.address).probed()).toBe(reason)
    await broker.abandoned()
  })
})

describe('a killed broker', () => {
  it('is down within one probe that it asked for itself, and up again when it is back', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    await watched.probed()
    watched.now = 5_000
    broker.kill()
    await watched.woken()
    expect(watched.prober.urgent).toBe(true)
    expect(await watched.probed()).toBe('refused')
    expect([watched.changes, watched.wakes]).toEqual([2, 1])
    expect(await watched.probed()).toBe('refused')
    expect(watched.changes).toBe(2)
    await broker.listen()
    watched.now = 9_000
    expect(await watched.probed()).toBe('up')
    expect(watched.prober.state).toMatchObject({ returnedAt: 9_000 })
    expect(watched.changes).toBe(3)
    watched.now = 20_000
    await watched.probed()
    expect(watched.prober.state).toMatchObject({ returnedAt: 9_000 })
  })

  it('while a probe is under way is down at the end of that probe', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    await watched.probed()
    watched.now = 5_000
    broker.behaviours = { Metadata: silent }
    const probe = watched.probed()
    await broker.sees('Metadata', 2)
    broker.kill()
    expect(await probe).toBe('refused')
    expect([watched.changes, watched.wakes]).toEqual([2, 0])
  })

  it.each([
    ['refused', (): void => undefined, 'refused'],
    ['closed at once', close, 'closed'],
    ['answered by something else', http, 'protocol'],
  ] as const)('whose port is %s says so', async (_, behaviour, reason) => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    await watched.probed()
    broker.behaviours = { every: behaviour }
    if (reason === 'refused') broker.kill()
    else broker.dropAll()
    await waitUntil(reason, async () => (await watched.probed()) === reason, patient, 2)
    expect(watched.changes).toBe(2)
  })
})

describe('a connection that goes', () => {
  it('and comes again at once is no change', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    await watched.probed()
    watched.now = 5_000
    broker.resetAll()
    await watched.woken()
    expect(await watched.probed()).toBe('up')
    expect([watched.changes, broker.accepted]).toEqual([1, 2])
    expect(watched.prober.state).toMatchObject({ returnedAt: undefined })
  })

  it('in the middle of a probe and comes again at once is no change', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    await watched.probed()
    broker.behaviours = { Metadata: (asked) => (asked.connection === 1 ? reset(asked) : answer(asked)) }
    expect(await watched.probed()).toBe('up')
    expect([watched.changes, broker.accepted]).toEqual([1, 2])
    expect(watched.failures.map(({ reason }) => reason)).toEqual(['closed'])
  })

  it('soon after it came wakes nobody: a flapping broker makes no storm', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    broker.behaviours = { Metadata: answerAndClose }
    for (let i = 1; i <= 5; i++) {
      watched.now += 500
      expect(await watched.probed()).toBe('up')
      await broker.abandoned()
      expect(broker.accepted).toBe(i)
    }
    expect([watched.changes, watched.wakes]).toEqual([1, 0])
  })
})

describe('a closed prober', () => {
  it.each([
    ['while it connects', 'ApiVersions'],
    ['while it asks', 'Metadata'],
  ] as const)('%s ends at once, and tells nobody', async (_, api) => {
    const broker = await startBroker()
    broker.behaviours = { [api]: silent }
    const before = openHandles()
    const watched = new Watched(broker.address)
    const probe = watched.probed()
    await broker.sees(api, 1)
    watched.prober.close()
    expect(await probe).toBeUndefined()
    await broker.abandoned()
    expect([watched.changes, watched.wakes, watched.failures]).toEqual([0, 0, []])
    await waitUntil('everything released', () => openHandles() <= before, patient, 2)
  })

  it('right after it was asked opens nothing that stays', async () => {
    const broker = await startBroker()
    const watched = new Watched(broker.address)
    const probe = watched.probed()
    watched.prober.close()
    expect(await probe).toBeUndefined()
    await broker.abandoned()
    expect([watched.changes, watched.wakes]).toEqual([0, 0])
  })
})
