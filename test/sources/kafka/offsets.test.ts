import { describe, expect, it, onTestFinished } from 'vitest'
import type { Offsets } from '../../../src/model/offsets.ts'
import type { View } from '../../../src/model/view.ts'
import { OffsetsSource } from '../../../src/sources/kafka/offsets.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { allBut, allUp, livenessOf, rosterOf } from '../../support/clusters.ts'
import { plain, timed } from '../../support/connections.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { close, says, silent } from '../../support/fake-behaviours.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import { frameOf, listOffsetsBody } from '../../support/replies.ts'
import { seen, topologyOf, upWith, viewOf } from '../../support/views.ts'

const startBroker = brokersOfEachTest()
const unknown = Number.NaN

/** Each leader answers with 100 x its id + the partition, and log starts that are 50 lower. */
async function leaders(): Promise<readonly [FakeBroker, FakeBroker, FakeBroker]> {
  const brokers = await Promise.all([startBroker(), startBroker(), startBroker()])
  brokers.forEach((broker, i) => {
    broker.offsetOf = ({ partition, timestamp }) => ({
      offset: BigInt((i + 1) * 100 + partition - (timestamp === -2 ? 50 : 0)),
    })
  })
  return brokers
}

class Setup {
  now = 1_000
  stale = 0
  readonly notes = new Noted()
  readonly source: OffsetsSource
  readonly #brokers: readonly FakeBroker[]

  constructor(brokers: readonly FakeBroker[], deadlineMs = 5_000) {
    this.#brokers = brokers
    this.source = new OffsetsSource({
      connection: plain,
      clock: () => ({ mono: this.now, wall: this.now }),
      notes: this.notes,
      topologyIsStale: () => this.stale++,
      pace: paceOf({ deadlineMs }),
    })
    onTestFinished(() => this.source.close())
  }

  look(topics: Parameters<typeof topologyOf>[0], view: Partial<View> = {}): Promise<Offsets | undefined> {
    const facts = { topology: seen(topologyOf(topics)), liveness: seen(allUp(this.#brokers)), ...view }
    return this.source.observe(lookAt(viewOf({ roster: rosterOf(this.#brokers), ...facts })))
  }
}

/** Rows as [log end, log start, who answered, when]. */
function rowsOf(offsets: Offsets | undefined): readonly (readonly unknown[])[] {
  if (offsets === undefined) throw new Error('no offsets')
  const { latest, earliest, answeredBy, observedAt } = offsets
  return Array.from(latest, (end, row) => [end, earliest[row], answeredBy[row], observedAt[row]])
}

const topics = { a: [{ leader: 1 }, { leader: 2 }, { leader: 3 }], b: [{ leader: 3 }, { leader: -1 }] }

describe('offsets', () => {
  it('cost two requests for each leader, whatever the number of partitions', async () => {
    const brokers = await leaders()
    const setup = new Setup(brokers)
    expect(rowsOf(await setup.look(topics))).toEqual([
      [100, 50, 1, 1_000],
      [201, 151, 2, 1_000],
      [302, 252, 3, 1_000],
      [300, 250, 3, 1_000],
      [unknown, unknown, -1, -Infinity],
    ])
    await setup.look(topics)
    expect(brokers.map((broker) => [broker.count('ListOffsets'), broker.accepted])).toEqual([[4, 1], [4, 1], [4, 1]]) // prettier-ignore
    expect(setup.notes.failures).toEqual([])
  })

  it('of a cluster without partitions are none, and no failure', async () => {
    const setup = new Setup(await leaders())
    expect(rowsOf(await setup.look({}))).toEqual([])
    expect(rowsOf(await setup.look({ a: [{ leader: -1 }] }))).toEqual([[unknown, unknown, -1, -Infinity]])
  })

  it('are unknown without a topology', async () => {
    expect(await new Setup(await leaders()).look(topics, { topology: undefined })).toBeUndefined()
  })

  it('are split into requests of 50,000 partitions', async () => {
    const brokers = await leaders()
    const many = Array.from({ length: 50_001 }, () => ({ leader: 1 }))
    const offsets = await new Setup(brokers, 30_000).look({ many })
    expect(brokers[0].count('ListOffsets')).toBe(4)
    expect([offsets?.latest[0], offsets?.latest[49_999], offsets?.latest[50_000]]).toEqual([100, 50_099, 50_100])
  }, 30_000)
})

describe('a leader that does not answer', () => {
  it.each([
    ['silent', silent, 'hung'],
    ['closing', close, 'closed'],
    ['garbage', says('garbage!'), 'protocol'],
  ] as const)('%s costs only its own partitions, within the deadline', async (_, behaviour, reason) => {
    const brokers = await leaders()
    brokers[1].behaviours = { ListOffsets: behaviour }
    const setup = new Setup(brokers, 700)
    const { result, ms } = await timed(setup.look(topics))
    expect(rowsOf(result).map(([end]) => end)).toEqual([100, unknown, 302, 300, unknown])
    expect(ms).toBeLessThan(5_000)
    if (reason === 'hung') expect(ms).toBeGreaterThanOrEqual(580)
    expect(setup.notes.failures).toContainEqual([brokers[1].text, reason])
  })

  it('dead is not asked', async () => {
    const brokers = await leaders()
    const setup = new Setup(brokers)
    await setup.look(topics, { liveness: seen(allBut(brokers[1], brokers)) })
    expect(brokers.map((broker) => broker.count('ListOffsets'))).toEqual([2, 0, 2])
    expect(setup.notes.failures).toEqual([])
  })

  it('gone from the roster, or not probed yet, is not asked', async () => {
    const brokers = await leaders()
    const setup = new Setup(brokers)
    await setup.look(topics, { roster: rosterOf(brokers.slice(0, 2)), liveness: seen(allUp(brokers.slice(1))) })
    expect(brokers.map((broker) => broker.count('ListOffsets'))).toEqual([0, 2, 0])
  })

  it("of another cluster behind a re-used address is not asked for this cluster's offsets", async () => {
    const brokers = await leaders()
    const [a, stranger, c] = brokers
    const states = [[a, upWith()], [stranger, upWith({ clusterId: 'other' })], [c, upWith()]] as const // prettier-ignore
    const offsets = await new Setup(brokers).look(topics, { liveness: seen(livenessOf(states)) })
    expect(rowsOf(offsets).map(([end]) => end)).toEqual([100, unknown, 302, 300, unknown])
    expect(stranger.accepted).toBe(0)
  })

  it('like all the others is nothing usable', async () => {
    const brokers = await leaders()
    for (const broker of brokers) broker.behaviours = { ListOffsets: close }
    expect(await new Setup(brokers).look(topics)).toBeUndefined()
  })
})

describe('what a leader does not tell', () => {
  it('stays as it was told, with its age', async () => {
    const brokers = await leaders()
    const setup = new Setup(brokers)
    const first = await setup.look(topics)
    setup.now = 6_000
    brokers[0].behaviours = { ListOffsets: close }
    const second = await setup.look(topics, { offsets: first && seen(first) })
    expect(rowsOf(second).slice(0, 2)).toEqual([[100, 50, 1, 1_000], [201, 151, 2, 6_000]]) // prettier-ignore
    expect(rowsOf(first).slice(1, 2)).toEqual([[201, 151, 2, 1_000]])
  })

  it('of the partitions asked for is left, what it was not asked for is not taken', async () => {
    const brokers = await leaders()
    brokers[0].behaviours = {
      ListOffsets: ({ socket, correlationId, version }) => {
        const partitions = [2, 9].map((partition) => ({ partition, offset: 7n }))
        const other = { topic: 'never heard of', partitions }
        socket.write(frameOf(correlationId, listOffsetsBody(version, [{ topic: 'a', partitions }, other]), true))
      },
    }
    const offsets = await new Setup(brokers).look(topics)
    expect(rowsOf(offsets).map(([end]) => end)).toEqual([unknown, 201, 302, 300, unknown])
  })

  it('because it does not lead any more is unknown at once, and the topology is out of date', async () => {
    const brokers = await leaders()
    const setup = new Setup(brokers)
    const first = await setup.look(topics)
    brokers[2].offsetOf = ({ partition }) => (partition === 2 ? { offset: -1n, error: 6 } : { offset: 9n })
    const second = await setup.look(topics, { offsets: first && seen(first) })
    expect(rowsOf(second).map(([end]) => end)).toEqual([100, 201, unknown, 9, unknown])
    expect(setup.stale).toBeGreaterThan(0)
    expect(setup.notes.failures).toEqual([])
  })

  it('for another reason is noted, and is no word on the topology', async () => {
    const brokers = await leaders()
    brokers[0].offsetOf = () => ({ offset: -1n, error: 78 })
    const setup = new Setup(brokers)
    expect(rowsOf(await setup.look(topics))[0]?.slice(0, 2)).toEqual([unknown, unknown])
    expect([setup.stale, setup.notes.failures]).toEqual([0, [[brokers[0].text, 'protocol']]])
  })
})

describe('another layout', () => {
  it('takes along what is known of the partitions that are still there', async () => {
    const brokers = await leaders()
    const setup = new Setup(brokers)
    const first = await setup.look(topics)
    for (const broker of brokers.slice(1)) broker.behaviours = { ListOffsets: close }
    setup.now = 2_000
    const next = { Z: [{ leader: 1 }], b: [{ leader: 3 }, { leader: -1 }, { leader: 3 }] }
    expect(rowsOf(await setup.look(next, { offsets: first && seen(first) }))).toEqual([
      [100, 50, 1, 2_000],
      [300, 250, 3, 1_000],
      [unknown, unknown, -1, -Infinity],
      [unknown, unknown, -1, -Infinity],
    ])
  })

  it('forgets a deleted topic, and a topic of the same name begins anew', async () => {
    const brokers = await leaders()
    const setup = new Setup(brokers)
    const first = await setup.look({ t: [{ leader: 1 }] })
    const without = await setup.look({ u: [{ leader: 2 }] }, { offsets: first && seen(first) })
    brokers[0].offsetOf = () => ({ offset: 0n })
    setup.now = 3_000
    const again = await setup.look({ t: [{ leader: 1 }] }, { offsets: without && seen(without) })
    expect(rowsOf(again)).toEqual([[0, 0, 1, 3_000]])
    brokers[0].behaviours = { ListOffsets: close }
    expect(rowsOf(await setup.look({ t: [{ leader: 1 }], u: [{ leader: 2 }] }, { offsets: without && seen(without) }))[0]).toEqual([unknown, unknown, -1, -Infinity]) // prettier-ignore
  })
})
