import { describe, expect, it } from 'vitest'
import type { Registration, Znodes } from '../../src/model/znodes.ts'
import type { DisagreementKind } from '../../src/verdicts/disagreements.ts'
import { liveness, textOf, topology, up, type TopologySpec } from '../support/facts.ts'
import { TestStore } from '../support/state.ts'

interface Said {
  readonly znodes: Partial<Znodes>
  readonly topology?: TopologySpec
  /** What each of brokers 1, 2, 3 answers; undefined = does not. */
  readonly brokers?: readonly ({ readonly controllerId?: number; readonly brokerIds?: readonly number[]; readonly kraft?: boolean } | undefined)[] // prettier-ignore
}

const partition = [{ leader: 1, replicas: [1, 2] }]
const topics = { a: partition, b: partition }

function znodesOf(over: Partial<Znodes>): Znodes {
  return {
    server: 'zk1:2181',
    brokers: registered(1, 2, 3),
    controller: { id: 1, session: '0x1' },
    controllerEpoch: 1,
    topics: new Set(['a', 'b']),
    membership: undefined,
    session: { id: '0x9', timeoutMs: 9_000 },
    ...over,
  }
}

function registered(...ids: readonly number[]): ReadonlyMap<number, Registration> {
  return new Map(ids.map((id) => [id, { session: `0x${id}`, czxid: BigInt(id) }]))
}

/** All of it said again and again for so long, a round a second. */
function after(seconds: number, { znodes, topology: spec = {}, brokers = [{}, {}, {}] }: Said): TestStore {
  const store = new TestStore()
  const targets = brokers.flatMap((view, i) => (view ? [[textOf(i + 1), up(view)] as const] : []))
  for (let second = 0; second <= seconds; second++) {
    store.brings('liveness', liveness(Object.fromEntries(targets)))
    store.brings('topology', topology({ topics, ...spec }))
    store.brings('znodes', znodesOf(znodes)).tick(1_000)
  }
  return store
}

function counts(store: TestStore): Partial<Record<DisagreementKind, number>> {
  const { disagreements } = store.state.judgement
  return Object.fromEntries([...disagreements].filter(([, count]) => count > 0))
}

describe('ZooKeeper and Kafka differ', () => {
  it.each<[why: string, Said, Partial<Record<DisagreementKind, number>>]>([
    ['on nothing', { znodes: {} }, {}],
    ['on a controller', { znodes: { controller: { id: 2, session: '0x2' } } }, { controller: 1 }],
    [
      'on whether there is a controller',
      { znodes: { controller: { id: undefined, session: undefined } } },
      { controller: 1 },
    ],
    [
      'on nothing: nobody is the controller',
      {
        znodes: { controller: { id: undefined, session: undefined } },
        brokers: [{ controllerId: -1 }, { controllerId: -1 }, { controllerId: -1 }],
      },
      {},
    ],
    ['not: the controller could not be read', { znodes: { controller: undefined } }, {}],
    ['on a broker that ZooKeeper has no more', { znodes: { brokers: registered(1, 2) } }, { registration: 1 }],
    ['on a broker that no broker names', { znodes: { brokers: registered(1, 2, 3, 4) } }, { registration: 1 }],
    ['not: the registrations could not be read', { znodes: { brokers: undefined } }, {}],
    [
      'not: one broker alone names another, which is a difference between brokers',
      { znodes: {}, brokers: [{}, {}, { brokerIds: [1, 2, 3, 4] }] },
      { registration: 1 },
    ],
    [
      'not: no broker answers',
      {
        znodes: { brokers: registered(), controller: { id: 3, session: '0x3' } },
        brokers: [undefined, undefined, undefined],
      },
      {},
    ],
    ['on a topic that Kafka does not list', { znodes: { topics: new Set(['a', 'b', 'c']) } }, { topics: 1 }],
    ['on topics that ZooKeeper does not have', { znodes: { topics: new Set<string>() } }, { topics: 2 }],
    [
      'not: the topic is being deleted',
      { znodes: { topics: new Set(['a', 'b', 'c']), deletions: new Set(['c']) } },
      {},
    ],
    [
      'not: Kafka hides topics from this exporter',
      { znodes: { topics: new Set(['a', 'b', 'c']) }, topology: { refusedTopics: ['x'] } },
      {},
    ],
    [
      'on a topic that only Kafka has, though some are hidden',
      { znodes: { topics: new Set(['a']) }, topology: { refusedTopics: ['x'] } },
      { topics: 1 },
    ],
    ['not: the topics could not be read', { znodes: { topics: undefined } }, {}],
    [
      'not: in KRaft mode what ZooKeeper holds is a memory',
      {
        znodes: { brokers: registered(), topics: new Set<string>() },
        brokers: [{ kraft: true }, { kraft: true }, { kraft: true }],
      },
      {},
    ],
  ])('%s', (_, said, expected) => {
    expect(counts(after(12, said))).toEqual(expected)
  })

  it('only once it has lasted: brokers learn after ZooKeeper', () => {
    const znodes = { controller: { id: 2, session: '0x2' }, topics: new Set(['a']) }
    expect(counts(after(1, { znodes }))).toEqual({})
    expect(counts(after(4, { znodes }))).toEqual({ controller: 1 })
    expect(counts(after(8, { znodes }))).toEqual({ controller: 1 })
    expect(counts(after(11, { znodes }))).toEqual({ controller: 1, topics: 1 })
  })

  it('no more when ZooKeeper was not heard of for too long', () => {
    const store = after(12, { znodes: { controller: { id: 2, session: '0x2' } } })
    for (let second = 0; second < 16; second++) {
      store.brings('liveness', liveness(Object.fromEntries([1, 2, 3].map((id) => [textOf(id), up()])))).tick(1_000)
    }
    expect(store.state.view.znodes).toBeUndefined()
    expect(counts(store)).toEqual({})
  })

  it('adds to what brokers differ on among themselves', () => {
    const said: Said = { znodes: { controller: { id: 2, session: '0x2' } }, brokers: [{}, {}, { controllerId: 2 }] }
    expect(counts(after(12, said))).toEqual({ controller: 2 })
  })
})
