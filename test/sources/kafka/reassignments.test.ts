import { describe, expect, it, onTestFinished } from 'vitest'
import { apiKeys } from '../../../src/sources/kafka/api.ts'
import { ReassignmentsSource } from '../../../src/sources/kafka/reassignments.ts'
import type { TargetState } from '../../../src/model/liveness.ts'
import type { View } from '../../../src/model/view.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { livenessOf, rosterOf } from '../../support/clusters.ts'
import { patient, plain, timed } from '../../support/connections.ts'
import { znodes } from '../../support/coordinators.ts'
import { silent } from '../../support/fake-behaviours.ts'
import type { FakeBroker } from '../../support/fake-broker.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import { refused, seen, topologyOf, upWith, viewOf } from '../../support/views.ts'

const startBroker = brokersOfEachTest()
const listed = [{ topic: 't', partition: 0, replicas: [3, 1, 2], adding: [3], removing: [1] }]

class Setup {
  readonly notes = new Noted()
  readonly source: ReassignmentsSource
  readonly #brokers: readonly FakeBroker[]
  znodes: View['znodes']

  constructor(brokers: readonly FakeBroker[], deadlineMs = patient) {
    this.#brokers = brokers
    this.source = new ReassignmentsSource({ connection: plain, notes: this.notes, pace: paceOf({ deadlineMs }) })
    onTestFinished(() => this.source.close())
  }

  /** Ids are 1, 2, ... */
  look(controllerId: number, state: TargetState = upWith(), others = state) {
    const liveness = livenessOf(this.#brokers.map((one, i) => [one, i + 1 === controllerId ? state : others] as const))
    const topology = seen(topologyOf({}, { controllerId }))
    return this.source.observe(
      lookAt(viewOf({ roster: rosterOf(this.#brokers), liveness: seen(liveness), topology, znodes: this.znodes })),
    )
  }
}

const asked = (brokers: readonly FakeBroker[]) => brokers.map((one) => one.count('ListPartitionReassignments'))

describe('reassignments', () => {
  it('are asked of the controller, in ZooKeeper mode', async () => {
    const brokers = await Promise.all([startBroker(), startBroker()])
    brokers[1].reassignments = { listed }
    expect(await new Setup(brokers).look(2)).toEqual({
      access: 'granted',
      partitions: [{ topic: 't', partition: 0, adding: [3] }],
    })
    expect(asked(brokers)).toEqual([0, 1])
  })

  it('are asked of any broker in KRaft mode, where the controller id is a random one', async () => {
    const brokers = await Promise.all([startBroker({ kraft: true }), startBroker({ kraft: true })])
    expect(await new Setup(brokers).look(2, upWith({ kraft: true }))).toEqual({ access: 'granted', partitions: [] })
    expect(asked(brokers)).toEqual([1, 0])
  })

  it('are asked of any broker in a migration, where the controller id is a random one, too', async () => {
    const brokers = await Promise.all([startBroker(), startBroker()])
    const setup = new Setup(brokers)
    setup.znodes = seen(znodes({ controller: { id: 101, session: '0x1', kraft: true } }))
    expect(await setup.look(2, refused, upWith())).toEqual({ access: 'granted', partitions: [] })
    setup.znodes = undefined
    expect(await setup.look(2, refused, upWith())).toEqual({ access: 'granted', partitions: [] })
    expect(asked(brokers)).toEqual([2, 0])
  })

  it('are unknown while the controller does not answer', async () => {
    const brokers = await Promise.all([startBroker(), startBroker()])
    expect(await new Setup(brokers).look(2, refused, upWith())).toBeUndefined()
    expect(asked(brokers)).toEqual([0, 0])
  })

  it('may be refused, or not be offered: that is known then, and no failure', async () => {
    const [one, old] = await Promise.all([startBroker(), startBroker({ versions: { [apiKeys.Metadata]: [0, 8] } })])
    one.reassignments = { error: 31, listed: [] }
    const refusing = new Setup([one])
    expect(await refusing.look(1)).toEqual({ access: 'refused', partitions: [] })
    expect(await new Setup([old]).look(1)).toEqual({ access: 'unsupported', partitions: [] })
    expect(refusing.notes.failures).toEqual([])
  })

  it('of a broker that is not the controller any more are unknown, and a failure of it', async () => {
    const broker = await startBroker()
    broker.reassignments = { error: 41, listed: [] }
    const setup = new Setup([broker])
    expect(await setup.look(1)).toBeUndefined()
    expect(setup.notes.failures).toEqual([[broker.text, 'protocol']])
  })

  it('of a broker that is silent are unknown by the deadline', async () => {
    const broker = await startBroker()
    broker.behaviours = { ListPartitionReassignments: silent }
    const setup = new Setup([broker], 400)
    const { result, ms } = await timed(setup.look(1))
    expect(result).toBeUndefined()
    expect(ms).toBeLessThan(400)
    expect(setup.notes.failures).toEqual([[broker.text, 'hung']])
  })
})
