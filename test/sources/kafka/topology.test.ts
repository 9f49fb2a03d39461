import { describe, expect, it, onTestFinished } from 'vitest'
import type { Liveness } from '../../../src/model/liveness.ts'
import type { Topology } from '../../../src/model/topology.ts'
import type { View } from '../../../src/model/view.ts'
import { TopologySource } from '../../../src/sources/kafka/topology.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { allBut, allUp, livenessOf, rosterOf } from '../../support/clusters.ts'
import { openHandles, patient, plain, timed } from '../../support/connections.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { close, silent } from '../../support/fake-behaviours.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import type { FakePartition } from '../../support/replies.ts'
import { refused, seen, upWith, viewOf } from '../../support/views.ts'

const startBroker = brokersOfEachTest()
const now = 100_000

function led(leader: number, epoch: number): FakePartition {
  return { partition: 0, leader, epoch, replicas: [1, 2, 3], isr: [leader] }
}

/** Three brokers that know one topic, led by broker 1. */
async function cluster(): Promise<readonly [FakeBroker, FakeBroker, FakeBroker]> {
  const metadata = { topics: [{ name: 't', partitions: [led(1, 5)] }] }
  return Promise.all([startBroker({ metadata }), startBroker({ metadata }), startBroker({ metadata })])
}

class Setup {
  readonly notes = new Noted()
  readonly source: TopologySource
  readonly #brokers: readonly FakeBroker[]

  constructor(brokers: readonly FakeBroker[], seeds = brokers, deadlineMs = patient) {
    this.#brokers = brokers
    this.source = new TopologySource({
      seeds: seeds.map(({ address }) => address),
      connection: plain,
      clock: () => ({ mono: now, wall: now }),
      notes: this.notes,
      pace: paceOf({ deadlineMs }),
    })
    onTestFinished(() => this.source.close())
  }

  look(liveness: Liveness | undefined, view: Partial<View> = {}): Promise<Topology | undefined> {
    const seenLiveness = liveness && seen(liveness)
    return this.source.observe(lookAt(viewOf({ roster: rosterOf(this.#brokers), liveness: seenLiveness, ...view })))
  }
}

const asked = (brokers: readonly FakeBroker[]): readonly number[] => brokers.map((one) => one.count('Metadata', 'all'))
const leaderOf = (topology: Topology | undefined): number | undefined => topology?.partitions.leader[0]

describe('while the probes agree', () => {
  it('one broker is asked, once a look, the one that answered last time', async () => {
    const brokers = await cluster()
    const setup = new Setup(brokers)
    const first = await setup.look(allUp(brokers))
    expect(first).toMatchObject({ askedOf: [brokers[0].text], leaderDisagreements: 0, topicDisagreements: 0 })
    expect(asked(brokers)).toEqual([1, 0, 0])
    if (first === undefined) throw new Error('no topology')
    const last = { ...first, askedOf: [brokers[2].text] }
    await setup.look(allUp(brokers), { topology: seen(last) })
    await setup.look(allUp(brokers), { topology: seen(last) })
    expect(asked(brokers)).toEqual([1, 0, 2])
    expect(brokers.map(({ accepted }) => accepted)).toEqual([1, 0, 1])
    // One more: by name, for what may be hidden.
    expect(setup.notes.apis.filter((api) => api === 'Metadata')).toHaveLength(4)
  })

  it('in KRaft mode another controller each time is no difference', async () => {
    const brokers = await cluster()
    const states = brokers.map((one, i) => [one, upWith({ kraft: true, controllerId: i })] as const)
    await new Setup(brokers).look(livenessOf(states))
    expect(asked(brokers)).toEqual([1, 0, 0])
  })

  it('what is told again is the same object, until anything is told otherwise', async () => {
    const brokers = await cluster()
    const setup = new Setup(brokers)
    const again = async (last: Topology | undefined): Promise<Topology | undefined> =>
      setup.look(allUp(brokers), { topology: last && seen(last) })
    const first = await again(undefined)
    expect(await again(first)).toBe(first)
    brokers[0].metadata = { ...brokers[0].metadata, topics: [{ name: 't', partitions: [led(2, 6)] }] }
    const moved = await again(first)
    expect(leaderOf(moved)).toBe(2)
    expect(moved?.partitions.layout).toBe(first?.partitions.layout)
    expect(await again(moved)).toBe(moved)
    brokers[0].metadata = { ...brokers[0].metadata, controllerId: 3 }
    expect((await again(moved))?.controllerId).toBe(3)
  })

  it('the layout object is the same until something is created, grown or deleted', async () => {
    const [broker] = await cluster()
    const setup = new Setup([broker])
    let last = await setup.look(allUp([broker]))
    const again = async (): Promise<boolean> => {
      const next = await setup.look(allUp([broker]), { topology: last && seen(last) })
      const same = next?.partitions.layout === last?.partitions.layout
      last = next
      return same
    }
    expect(await again()).toBe(true)
    broker.metadata = { ...broker.metadata, topics: [{ name: 't', partitions: [led(2, 6)] }] }
    expect(await again()).toBe(true)
    expect(leaderOf(last)).toBe(2)
    broker.metadata = { ...broker.metadata, topics: [{ name: 't', partitions: [led(2, 6), { ...led(2, 6), partition: 1 }] }] } // prettier-ignore
    expect(await again()).toBe(false)
    broker.metadata = { ...broker.metadata, topics: [] }
    expect(await again()).toBe(false)
    expect(last?.partitions.layout.topics).toEqual([])
  })
})

describe('all are asked', () => {
  const differing: readonly (readonly [string, Parameters<typeof upWith>])[] = [
    ['one names another controller', [{ controllerId: 3 }]],
    ['one misses a broker', [{ brokerIds: [1, 3] }]],
    ['one is just back', [{}, now - 29_999]],
  ]
  it.each(differing)('while %s', async (_, state) => {
    const brokers = await cluster()
    const [a, b, c] = brokers
    const topology = await new Setup(brokers).look(livenessOf([[a, upWith()], [b, upWith()], [c, upWith(...state)]])) // prettier-ignore
    expect(asked(brokers)).toEqual([1, 1, 1])
    expect(topology?.askedOf.toSorted()).toEqual(brokers.map(({ text }) => text).toSorted())
  })

  it('no longer thirty seconds after a return', async () => {
    const brokers = await cluster()
    const [a, b, c] = brokers
    await new Setup(brokers).look(livenessOf([[a, upWith({}, now - 30_000)], [b, upWith()], [c, upWith()]])) // prettier-ignore
    expect(asked(brokers)).toEqual([1, 0, 0])
  })

  it('and of equal epochs the one believed last is believed: brokers hear of an ISR one after the other', async () => {
    const brokers = await cluster()
    const [a, b, c] = brokers
    const setup = new Setup(brokers)
    const liveness = livenessOf([[a, upWith()], [b, upWith()], [c, upWith({}, now - 1)]]) // prettier-ignore
    const first = await setup.look(liveness)
    if (first === undefined) throw new Error('no topology')
    for (const last of brokers) {
      const topology = await setup.look(liveness, { topology: seen({ ...first, askedOf: [last.text] }) })
      expect(topology?.askedOf[0]).toBe(last.text)
    }
  })

  it('and a zombie with older epochs loses', async () => {
    const brokers = await cluster()
    const [zombie, b, c] = brokers
    zombie.metadata = { ...zombie.metadata, controllerId: 3, topics: [{ name: 't', partitions: [led(3, 4)] }] }
    const states = [[zombie, upWith({ controllerId: 3 })], [b, upWith()], [c, upWith()]] as const // prettier-ignore
    const topology = await new Setup(brokers).look(livenessOf(states))
    expect([leaderOf(topology), topology?.controllerId, topology?.leaderDisagreements]).toEqual([1, 1, 1])
    expect(topology?.askedOf.at(-1)).toBe(zombie.text)
  })

  it('and those that fail are left out, within half the deadline', async () => {
    const brokers = await cluster()
    const [mute, failing, good] = brokers
    mute.behaviours = { Metadata: silent }
    failing.behaviours = { Metadata: close }
    const setup = new Setup(brokers, brokers, 2_000)
    const states = brokers.map((one, i) => [one, upWith({ controllerId: i })] as const)
    const { result, ms } = await timed(setup.look(livenessOf(states)))
    expect(result?.askedOf).toEqual([good.text])
    expect(ms).toBeGreaterThanOrEqual(998)
    expect(ms).toBeLessThan(1_900)
    expect(setup.notes.failures.toSorted()).toEqual([[mute.text, 'hung'], [failing.text, 'closed']].toSorted()) // prettier-ignore
  })
})

describe('candidates', () => {
  it('are the seeds before anything was probed', async () => {
    const brokers = await cluster()
    const [seed, other] = brokers
    const topology = await new Setup([other], [seed]).look(undefined)
    expect(topology?.askedOf).toEqual([seed.text])
  })

  it('are brokers that answer; seeds only where no broker does', async () => {
    const brokers = await cluster()
    const [a, b, seed] = brokers
    const setup = new Setup([a, b], [seed])
    expect((await setup.look(livenessOf([[a, refused], [b, upWith()], [seed, upWith()]])))?.askedOf).toEqual([b.text]) // prettier-ignore
    expect((await setup.look(livenessOf([[a, refused], [b, refused], [seed, upWith()]])))?.askedOf).toEqual([seed.text]) // prettier-ignore
    expect(await setup.look(livenessOf([[a, refused], [b, refused], [seed, refused]]))).toBeUndefined() // prettier-ignore
    expect(asked(brokers)).toEqual([0, 1, 1])
  })

  it('are of the cluster that most belong to', async () => {
    const brokers = await cluster()
    const [stranger, b, c] = brokers
    const states = [[stranger, upWith({ clusterId: 'other' })], [b, upWith()], [c, upWith()]] as const // prettier-ignore
    expect((await new Setup(brokers).look(livenessOf(states)))?.askedOf).toEqual([b.text])
    expect(stranger.accepted).toBe(0)
  })
})

describe('failures', () => {
  it('a silent broker holds the question up for three quarters of a second only', async () => {
    const brokers = await cluster()
    const [mute, next] = brokers
    mute.behaviours = { Metadata: silent }
    const { result, ms } = await timed(new Setup(brokers).look(allUp(brokers)))
    expect(result?.askedOf).toEqual([next.text])
    expect(ms).toBeGreaterThanOrEqual(748)
    expect(ms).toBeLessThan(5_000)
    expect(asked(brokers)).toEqual([1, 1, 0])
  })

  it('one that just died costs nothing', async () => {
    const brokers = await cluster()
    const setup = new Setup(brokers)
    await setup.look(allUp(brokers))
    brokers[0].kill()
    await brokers[0].abandoned()
    const { result, ms } = await timed(setup.look(allUp(brokers)))
    expect(result?.askedOf).toEqual([brokers[1].text])
    expect(ms).toBeLessThan(740)
    expect(setup.notes.failures.map(([target]) => target)).toEqual([brokers[0].text])
  })

  it('none answers: nothing, short of the deadline', async () => {
    const brokers = await cluster()
    for (const broker of brokers) broker.behaviours = { Metadata: silent }
    const setup = new Setup(brokers, brokers, 400)
    const { result, ms } = await timed(setup.look(allBut(brokers[2], brokers)))
    expect(result).toBeUndefined()
    expect(ms).toBeGreaterThanOrEqual(298)
    expect(setup.notes.failures).toContainEqual([brokers[0].text, 'hung'])
    expect(brokers[2].accepted).toBe(0)
  })

  it('closed in the middle of a look, it asks nobody else and leaves nothing behind', async () => {
    const brokers = await cluster()
    const before = openHandles()
    brokers[0].behaviours = { Metadata: silent }
    const setup = new Setup(brokers)
    const looking = setup.look(allUp(brokers))
    await brokers[0].sees('Metadata', 1)
    setup.source.close()
    expect(await looking).toBeUndefined()
    expect(brokers.map(({ accepted }) => accepted)).toEqual([1, 0, 0])
    await Promise.all(brokers.map((broker) => broker.abandoned()))
    await waitUntil('everything released', () => openHandles() <= before, patient, 2)
  })
})

describe('what this user may not see', () => {
  it('is asked for by name, and said', async () => {
    const [broker] = await cluster()
    const setup = new Setup([broker])
    const sentinel = 'kafka-ha-exporter.may-describe-any-topic'
    broker.hidden = [sentinel]
    const first = await setup.look(allUp([broker]))
    expect(first?.refusedTopics).toEqual([sentinel])
    broker.hidden = [sentinel, 't']
    broker.metadata = { ...broker.metadata, topics: [] }
    const second = await setup.look(allUp([broker]), { topology: first && seen(first) })
    expect(second?.refusedTopics).toEqual([sentinel, 't'])
  })

  it('a topic that was deleted is not hidden', async () => {
    const [broker] = await cluster()
    const setup = new Setup([broker])
    const first = await setup.look(allUp([broker]))
    broker.metadata = { ...broker.metadata, topics: [] }
    expect((await setup.look(allUp([broker]), { topology: first && seen(first) }))?.refusedTopics).toEqual([])
  })
})

describe('after a total outage', () => {
  const back = (brokers: readonly FakeBroker[], returnedAt: number) =>
    livenessOf(brokers.map((one) => [one, upWith({}, returnedAt)] as const))

  it('a broker that is just back and knows of nothing yet is not believed', async () => {
    const [broker] = await cluster()
    const setup = new Setup([broker])
    expect(leaderOf(await setup.look(allUp([broker])))).toBe(1)
    const known = broker.metadata
    broker.metadata = { ...known, topics: [] }
    expect(await setup.look(back([broker], now - 1_000))).toBeUndefined()
    broker.metadata = { ...known, brokers: [] }
    expect(await setup.look(back([broker], now - 1_000))).toBeUndefined()
    broker.metadata = { ...known, topics: [{ name: 't', partitions: [led(2, 6)] }] }
    expect(leaderOf(await setup.look(back([broker], now - 1_000)))).toBe(2)
  })

  it('it is after half a minute, and at once where another broker was there all the time', async () => {
    const [broker, witness] = await cluster()
    const setup = new Setup([broker, witness])
    await setup.look(allUp([broker, witness]))
    for (const one of [broker, witness]) one.metadata = { ...one.metadata, topics: [] }
    const states = livenessOf([[broker, upWith({}, now - 1_000)], [witness, upWith()]]) // prettier-ignore
    expect((await setup.look(states))?.partitions.layout.topics).toEqual([])
    const alone = new Setup([broker])
    broker.metadata = witness.metadata
    await alone.look(allUp([broker]))
    expect((await alone.look(back([broker], now - 30_000)))?.partitions.layout.topics).toEqual([])
  })
})
