import { describe, expect, it, onTestFinished } from 'vitest'
import type { Address } from '../../../src/model/address.ts'
import type { Liveness } from '../../../src/model/liveness.ts'
import type { Roster } from '../../../src/model/roster.ts'
import type { View } from '../../../src/model/view.ts'
import { LivenessSource } from '../../../src/sources/kafka/liveness.ts'
import { waitUntil } from '../../../testbed/wait.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { openHandles, patient, plain, timed } from '../../support/connections.ts'
import { znodes } from '../../support/coordinators.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { silent } from '../../support/fake-behaviours.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import { seen, viewOf } from '../../support/views.ts'

const startBroker = brokersOfEachTest()

/** A source on a clock that stands still unless moved. */
class Setup {
  now = 0
  wakes = 0
  znodes: View['znodes']
  readonly notes = new Noted()
  readonly source: LivenessSource

  constructor(seeds: readonly FakeBroker[], pace: Parameters<typeof paceOf>[0] = {}) {
    this.source = new LivenessSource({
      seeds: seeds.map(({ address }) => address),
      connection: plain,
      clock: () => ({ mono: this.now, wall: this.now }),
      wake: () => this.wakes++,
      look: () => this.wakes++,
      notes: this.notes,
      pace: paceOf({ alertMs: patient, deadlineMs: patient, ...pace }),
    })
    onTestFinished(() => this.source.close())
  }

  look(addresses: readonly (Address | undefined)[] = []): Promise<Liveness> {
    const roster: Roster = new Map(addresses.map((address, id) => [id, { address, namedAt: 0 }]))
    return this.source.observe(lookAt(viewOf({ roster, znodes: this.znodes })))
  }

  /** Looks until every one of these brokers has been judged as told. */
  async settles(expected: readonly (readonly [FakeBroker, string])[], roster: readonly Address[] = []): Promise<void> {
    const judged = async (): Promise<boolean> => {
      const verdicts = verdictsOf(await this.look(roster))
      return expected.every(([{ text }, verdict]) => verdicts[text] === verdict)
    }
    await waitUntil(expected.map(([, verdict]) => verdict).join(), judged, patient, 2)
  }
}

function verdictsOf({ targets }: Liveness): Readonly<Record<string, string>> {
  return Object.fromEntries([...targets].map(([text, state]) => [text, state.up ? 'up' : state.failure.reason]))
}

describe('the targets', () => {
  it('are the seeds and the brokers of the roster, each address once', async () => {
    const [a, b, c] = await Promise.all([startBroker(), startBroker(), startBroker()])
    const setup = new Setup([a, b])
    await setup.settles([[a, 'up'], [b, 'up'], [c, 'up']], [b.address, c.address]) // prettier-ignore
    expect([a.accepted, b.accepted, c.accepted]).toEqual([1, 1, 1])
    expect(setup.notes.apis).toContain('Metadata')
  })

  it('come and go with the roster; a broker without an address is none', async () => {
    const [seed, old, moved] = await Promise.all([startBroker(), startBroker(), startBroker()])
    const setup = new Setup([seed])
    await setup.settles([[seed, 'up'], [old, 'up']], [old.address]) // prettier-ignore
    await setup.settles([[moved, 'up']], [moved.address])
    await old.abandoned()
    expect(Object.keys(verdictsOf(await setup.look([moved.address, undefined])))).toEqual([seed.text, moved.text])
    expect(Object.keys(verdictsOf(await setup.look()))).toEqual([seed.text])
    await moved.abandoned()
  })

  it('of another cluster are told with its id', async () => {
    const [a, b] = await Promise.all([startBroker(), startBroker({ metadata: { clusterId: 'other' } })])
    const setup = new Setup([a, b])
    await setup.settles([[a, 'up'], [b, 'up']]) // prettier-ignore
    const { targets } = await setup.look()
    expect(targets.get(a.text)).toMatchObject({ view: { clusterId: 'abc' } })
    expect(targets.get(b.text)).toMatchObject({ view: { clusterId: 'other' } })
  })

  it('without any a look is over at once', async () => {
    expect((await new Setup([]).look()).targets.size).toBe(0)
  })

  it('that answer are probed in turns, every second look', async () => {
    const brokers = await Promise.all([startBroker(), startBroker(), startBroker()])
    const setup = new Setup(brokers)
    await setup.settles(brokers.map((broker) => [broker, 'up']))
    const before = brokers.map((broker) => broker.count('Metadata'))
    for (let i = 0; i < 4; i++) await setup.look()
    expect(brokers.map((broker, i) => broker.count('Metadata') - (before[i] ?? 0))).toEqual([2, 2, 2])
  })
})

describe('a look', () => {
  it('ends as soon as one target has been judged, though another is silent', async () => {
    const [good, mute] = await Promise.all([startBroker(), startBroker()])
    mute.behaviours = { every: silent }
    const { result, ms } = await timed(new Setup([good, mute]).look())
    expect(ms).toBeLessThan(patient / 2)
    expect(verdictsOf(result)).toEqual({ [good.text]: 'up' })
  })

  it('ends as soon as one target has died, though another is silent', async () => {
    const alertMs = 1_000
    const [dying, other, mute] = await Promise.all([startBroker(), startBroker(), startBroker()])
    const setup = new Setup([dying, other, mute], { alertMs })
    await setup.settles([[dying, 'up'], [other, 'up'], [mute, 'up']]) // prettier-ignore
    mute.behaviours = { every: silent }
    // The first and the third have the same turn; a look that waits for the silent one lasts to its end.
    const waits = async (): Promise<boolean> => (await timed(setup.look())).ms >= alertMs - 2
    await waitUntil('a look that waits', waits, patient, 2)
    await setup.look()
    setup.now = 5_000
    dying.kill()
    await waitUntil('woken', () => setup.wakes > 0, patient, 2)
    const { result, ms } = await timed(setup.look())
    expect(verdictsOf(result)).toEqual({ [dying.text]: 'refused', [other.text]: 'up', [mute.text]: 'up' })
    expect(ms).toBeLessThan(alertMs - 100)
  })

  it('does not heed in a migration whom brokers name, which is another one each time', async () => {
    const broker = await startBroker()
    const setup = new Setup([broker])
    setup.znodes = seen(znodes({ controller: { id: 101, session: '0x1', kraft: true } }))
    await setup.settles([[broker, 'up']])
    const wakes = setup.wakes
    const named = new Set<number | undefined>()
    for (const controllerId of [2, 3, 1]) {
      broker.metadata = { ...broker.metadata, controllerId }
      for (let turn = 0; turn < 2; turn++) {
        const state = (await setup.look()).targets.get(broker.text)
        named.add(state?.up === true ? state.view.controllerId : undefined)
      }
    }
    expect([...named]).toEqual([-1])
    expect(setup.wakes).toBe(wakes)
  })

  it('ends after alertMs at the latest, and the silent one is judged by a later look', async () => {
    const [good, mute] = await Promise.all([startBroker(), startBroker()])
    const setup = new Setup([good, mute], { alertMs: 100, deadlineMs: 400 })
    await setup.settles([[good, 'up'], [mute, 'up']]) // prettier-ignore
    mute.behaviours = { every: silent }
    const looks = [await timed(setup.look()), await timed(setup.look())]
    for (const { result, ms } of looks) {
      expect(ms).toBeLessThan(4_000)
      expect(verdictsOf(result)).toEqual({ [good.text]: 'up', [mute.text]: 'up' })
    }
    expect(Math.max(...looks.map(({ ms }) => ms))).toBeGreaterThanOrEqual(98)
    await setup.settles([[good, 'up'], [mute, 'hung']]) // prettier-ignore
  })

  it('ends when it is aborted', async () => {
    const mute = await startBroker()
    mute.behaviours = { every: silent }
    const setup = new Setup([mute])
    const abort = new AbortController()
    const looking = setup.source.observe({ signal: abort.signal, view: viewOf({}) })
    await mute.sees('ApiVersions', 1)
    abort.abort()
    expect((await looking).targets.size).toBe(0)
  })

  it('is asked for when a change falls between looks', async () => {
    const mute = await startBroker()
    mute.behaviours = { every: silent }
    const setup = new Setup([mute], { alertMs: 20, deadlineMs: 300 })
    expect((await setup.look()).targets.size).toBe(0)
    await waitUntil('woken', () => setup.wakes > 0, patient, 2)
    expect(verdictsOf(await setup.look())).toEqual({ [mute.text]: 'hung' })
  })
})

it('leaves nothing behind when closed', async () => {
  const [good, mute] = await Promise.all([startBroker(), startBroker()])
  const before = openHandles()
  mute.behaviours = { every: silent }
  const setup = new Setup([good, mute], { alertMs: 50 })
  await setup.settles([[good, 'up']])
  setup.source.close()
  await Promise.all([good.abandoned(), mute.abandoned()])
  await waitUntil('everything released', () => openHandles() <= before, patient, 2)
})
