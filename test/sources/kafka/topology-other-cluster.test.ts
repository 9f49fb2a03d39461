import { expect, it, onTestFinished } from 'vitest'
import type { Topology } from '../../../src/model/topology.ts'
import { TopologySource } from '../../../src/sources/kafka/topology.ts'
import { brokersOfEachTest } from '../../support/brokers.ts'
import { allUp, livenessOf, rosterOf } from '../../support/clusters.ts'
import { patient, plain } from '../../support/connections.ts'
import { answer, type FakeBroker } from '../../support/fake-broker.ts'
import { lookAt, Noted, paceOf } from '../../support/notes.ts'
import { frameOf, metadataBody } from '../../support/replies.ts'
import { topicsAsked } from '../../support/requests.ts'
import { seen, upWith, viewOf } from '../../support/views.ts'

const startBroker = brokersOfEachTest()
const now = 100_000
const topic = (name: string) => ({ name, partitions: [{ partition: 0, leader: 1, replicas: [1], isr: [1] }] })

/** Its probes are those of our cluster; asked for the topics, it tells of another one's: taken over in between. */
async function turncoat(): Promise<FakeBroker> {
  const broker = await startBroker({ metadata: { topics: [topic('ours')] } })
  broker.behaviours = {
    Metadata(asked) {
      if (topicsAsked(asked) !== undefined) {
        answer(asked)
        return
      }
      const metadata = { clusterId: 'other', controllerId: 9, brokers: [], topics: [topic('theirs')] }
      asked.socket.write(frameOf(asked.correlationId, metadataBody(asked.version, metadata), asked.flexible))
    },
  }
  return broker
}

function look(
  brokers: readonly FakeBroker[],
  notes: Noted,
  controllers: readonly number[],
): Promise<Topology | undefined> {
  const source = new TopologySource({
    seeds: brokers.map(({ address }) => address),
    connection: plain,
    clock: () => ({ mono: now, wall: now }),
    notes,
    pace: paceOf({ deadlineMs: patient }),
  })
  onTestFinished(() => source.close())
  const states = brokers.map((broker, i) => [broker, upWith({ controllerId: controllers[i] ?? 1 })] as const)
  const liveness = controllers.length > 0 ? livenessOf(states) : allUp(brokers)
  return source.observe(lookAt(viewOf({ roster: rosterOf(brokers), liveness: seen(liveness) })))
}

const names = (topology: Topology | undefined) => topology?.partitions.layout.topics.map(({ name }) => name)

it('an answer of another cluster is not ours: the next broker is asked, and the failure noted', async () => {
  const ours = { metadata: { topics: [topic('ours')] } }
  const brokers = [await turncoat(), await startBroker(ours)]
  const notes = new Noted()
  const topology = await look(brokers, notes, [])
  expect([names(topology), topology?.clusterId]).toEqual([['ours'], 'abc'])
  expect(notes.failures.map(([target]) => target)).toEqual([brokers[0]?.text])
})

it('nor is it merged with ours while the brokers differ', async () => {
  const ours = { metadata: { topics: [topic('ours')] } }
  const brokers = [await turncoat(), await startBroker(ours), await startBroker(ours)]
  const topology = await look(brokers, new Noted(), [1, 2, 2])
  expect([names(topology), topology?.topicDisagreements, topology?.askedOf.length]).toEqual([['ours'], 0, 2])
})

it('and where nobody else answers there is no topology', async () => {
  expect(await look([await turncoat()], new Noted(), [])).toBeUndefined()
})
