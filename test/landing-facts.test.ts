import { describe, expect, it } from 'vitest'
import { landingFacts } from '../src/landing-facts.ts'
import type { LandingFacts } from '../src/web/contract.ts'
import { down, liveness, topology, up } from './support/facts.ts'
import { unknownPartitions, wellPartitions } from './support/landing.ts'
import { logEvent, logFile, logsOf } from './support/logs.ts'
import {
  beforeAnything,
  healthy,
  kraft,
  leaderless,
  quorumLost,
  rightAfterTheKill,
  totalOutage,
} from './support/scenes.ts'
import { TestStore, kafkaSources } from './support/state.ts'

const facts = (store: TestStore): LandingFacts => landingFacts(store.state, '0.1.0')

describe('the landing page is told', () => {
  it('nothing, before anything was looked at', () => {
    const store = beforeAnything()
    expect(facts(store)).toEqual({
      version: '0.1.0',
      now: store.now.wall,
      cluster: { reachable: undefined, id: undefined },
      brokers: undefined,
      partitions: unknownPartitions,
      quorums: [],
      margin: undefined,
      awaited: [],
      sources: kafkaSources.map((name) => ({ name, up: undefined, lastSuccess: undefined })),
    })
  })

  it('that nobody answers, when that was tried', () => {
    const store = beforeAnything()
      .brings('liveness', liveness({ 1: down() }))
      .brings('topology', undefined)
    expect(facts(store)).toMatchObject({
      cluster: { reachable: false },
      brokers: undefined,
      partitions: unknownPartitions,
    })
  })

  it('that all is well', () => {
    expect(facts(healthy())).toMatchObject({
      cluster: { reachable: true, id: 'the-cluster' },
      brokers: { expected: 3, up: 3, down: [] },
      partitions: wellPartitions(6),
      margin: { leader: 0, acksAll: 0 },
      awaited: [],
    })
  })

  it('of a dead broker and its partitions before Kafka notices', () => {
    expect(facts(rightAfterTheKill())).toMatchObject({
      brokers: { expected: 3, up: 2, down: [{ id: 3, address: 'kafka3:9092', reason: 'refused' }] },
      partitions: { leaderless: 0, unreachableLeader: 1, unavailable: 1, underReplicated: 0, unreachableIsr: 5 },
      margin: { leader: -1, acksAll: -1 },
    })
  })

  it('of a leaderless partition', () => {
    expect(facts(leaderless())).toMatchObject({
      margin: { leader: -1, acksAll: -1 },
      awaited: [{ id: 3, partitions: 1 }],
    })
    expect(facts(leaderless()).partitions).toEqual({
      total: 6,
      leaderless: 1,
      unreachableLeader: 0,
      unavailable: 1,
      underReplicated: 5,
      underMinIsr: 0,
      unreachableIsr: 0,
    })
  })

  it('in a total outage what is judged by reach; what only Kafka could say is unknown', () => {
    expect(facts(totalOutage())).toMatchObject({
      cluster: { reachable: false, id: 'the-cluster' },
      brokers: { expected: 3, up: 0, down: [{ reason: 'hung' }, { reason: 'no_route' }, { reason: 'refused' }] },
      partitions: { ...unknownPartitions, unreachableLeader: 5, unavailable: 6, unreachableIsr: 0 },
      sources: [
        { name: 'liveness', up: true },
        { name: 'topology', up: false },
        { name: 'offsets', up: false },
        { name: 'reassignments', up: true },
        { name: 'configs', up: true },
      ],
    })
  })

  it.each([
    ['lost', quorumLost(), { kind: 'zookeeper', available: false, serving: 0, voters: 3, majority: 2, decides: true }],
    ['there', kraft(), { kind: 'kraft', available: true, serving: 3, voters: 3, majority: 2, decides: true }],
  ])('of a quorum that is %s', (_, store, quorum) => {
    expect(facts(store).quorums).toEqual([quorum])
  })

  it('of a replica that was never registered: no address', () => {
    const said = topology({ brokers: [1], topics: { t: [{ leader: 1, replicas: [1, 7] }] } })
    const store = new TestStore().brings('topology', said).brings('liveness', liveness({ 1: up() }))
    expect(facts(store).brokers?.down).toEqual([{ id: 7, address: undefined, reason: 'no address known' }])
  })

  it('no count of the unreachable while a leader was not judged', () => {
    const store = healthy().brings(
      'topology',
      topology({ brokers: [1, 2, 3, 7], topics: { t: [{ leader: 7, replicas: [7] }] } }),
    )
    expect(facts(store).partitions).toMatchObject({
      leaderless: 0,
      unreachableLeader: undefined,
      unavailable: undefined,
    })
  })
})

describe('of the followed logs it is told', () => {
  it('nothing where none are', () => expect(facts(healthy()).logs).toBeUndefined())

  it('events of several files by their own times: files are read one after the other', () => {
    const newest = [logEvent('b', { at: 2_000 }), logEvent('d', { at: 4_000 }), logEvent('a', { at: 1_000 }), logEvent('c', { at: 3_000 })] // prettier-ignore
    const { logs } = facts(healthy().brings('logs', logsOf({ newest })))
    expect(logs?.events.map(({ event }) => event)).toEqual(['d', 'c', 'b', 'a'])
  })

  it('which files are not read or far behind, and the newest events of some weight', () => {
    const files = [
      logFile('/a', { lagBytes: 9_000 }),
      logFile('/b', { lagBytes: 900_000 }),
      logFile('/c', { up: false, failure: 'no such file' }),
    ]
    const newest = [
      logEvent('first', { severity: 'major', at: 5, text: 'one' }),
      logEvent('told', { severity: 'info' }),
      logEvent('second', { severity: 'critical', at: 1e300, text: 'y'.repeat(1_000) }),
      logEvent('third', { severity: 'minor' }),
      logEvent('fourth', { severity: 'major' }),
    ]
    const { logs } = facts(healthy().brings('logs', logsOf({ files, newest })))
    expect(logs).toEqual({
      total: 3,
      down: 1,
      files: [
        { path: '/c', failure: 'no such file', lagBytes: 0 },
        { path: '/b', failure: undefined, lagBytes: 900_000 },
      ],
      events: [
        { at: undefined, event: 'second', severity: 'critical', text: `${'y'.repeat(200)}...` },
        { at: undefined, event: 'fourth', severity: 'major', text: 'fourth' },
        { at: 5, event: 'first', severity: 'major', text: 'one' },
      ],
    })
  })

  it('a few of each, however many there are', () => {
    const files = Array.from({ length: 5_000 }, (_, i) => logFile(`/${i}`, { up: false }))
    const newest = Array.from({ length: 3_000 }, (_, i) => logEvent(`e${i}`))
    const { logs } = facts(healthy().brings('logs', logsOf({ files, newest })))
    expect(logs).toMatchObject({ total: 5_000, down: 5_000, files: { length: 10 }, events: { length: 10 } })
    expect(logs?.events[0]?.event).toBe('e2999')
  })

  it.each([
    [1, 3_000, ['c0', 'm2999', 'm2998', 'm2997', 'm2996', 'm2995', 'm2994', 'm2993', 'm2992', 'm2991']],
    [90, 100, ['c89', 'c88', 'c87', 'c86', 'c85', 'm99', 'm98', 'm97', 'm96', 'm95']],
    [7, 2, ['c6', 'c5', 'c4', 'c3', 'c2', 'c1', 'c0', 'm1', 'm0']],
  ])('%i critical events before %i major ones that came later, not in place of them', (criticals, majors, shown) => {
    const critical = Array.from({ length: criticals }, (_, i) => logEvent(`c${i}`, { severity: 'critical' }))
    const major = Array.from({ length: majors }, (_, i) => logEvent(`m${i}`))
    const { logs } = facts(healthy().brings('logs', logsOf({ newest: [...critical, ...major] })))
    expect(logs?.events.map(({ event }) => event)).toEqual(shown)
  })
})
