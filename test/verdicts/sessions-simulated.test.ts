import { describe, expect, it } from 'vitest'
import type { Ensemble, EnsembleServer } from '../../src/model/ensemble.ts'
import { noConfigs } from '../../src/model/configs.ts'
import { emptyView, type FactName, type View } from '../../src/model/view.ts'
import type { BrokerVerdict, BrokerVerdicts } from '../../src/verdicts/brokers.ts'
import { nextSessions, noSessions, type SessionHistory } from '../../src/verdicts/sessions.ts'
import { Prng, seeds } from '../support/prng.ts'
import { server } from '../support/synced-server.ts'
import { instant, SessionTracker } from '../support/session-tracker.ts'

const stepMs = 100
const brokers = [1, 2, 3]
const servers = ['zk1:2181', 'zk2:2181'] as const

interface Rig {
  /** Whether the exporter reads `/brokers/ids`, and whether `dump` is allowed. */
  readonly znodes: boolean
  readonly dump: boolean
  readonly timeoutMs: number
}

/** Two minutes of deaths, clean stops and changes of the leader, watched by looks at random moments. */
function simulate(seed: number, rig: Rig) {
  const random = new Prng(seed)
  const tracker = new SessionTracker(random, rig.timeoutMs, 3_000)
  let history: SessionHistory = noSessions(0)
  const settings = { values: new Map([['zookeeper.session.timeout.ms', `${rig.timeoutMs}`]]), observedAt: 0 }
  const configs = { ...noConfigs, brokers: new Map(brokers.map((id) => [id, settings])) }
  let view: View = { ...emptyView, configs: { value: configs, at: instant(0) } }
  let verdicts: BrokerVerdicts = new Map()
  let quietUntil = 10_000
  const due = { liveness: 0, zookeeper: 0, sessions: 0, znodes: 0 }
  const lastChange = { at: 0, text: '' }

  const arrives = (name: FactName, value: unknown, now: number): void => {
    view = { ...view, [name]: { value, at: instant(now) } }
    const before = verdicts
    if (name === 'liveness') {
      verdicts = new Map(
        brokers.map((id): [number, BrokerVerdict] => [
          id,
          tracker.isAlive(id) ? { state: 'up' } : { state: 'down', reason: 'refused' },
        ]),
      )
    }
    const context = { view, brokers: verdicts, brokersBefore: before, now: instant(now) }
    history = nextSessions(history, name, context)
  }
  const ensemble = (now: number): Ensemble => {
    const lies = tracker.liar !== undefined && now >= tracker.liar.from && now < tracker.liar.to
    const of = (name: string): EnsembleServer => {
      if (lies && tracker.liar?.server === name && tracker.leader !== name) {
        return server('leader', { zxid: BigInt(tracker.liar.epoch) << 32n })
      }
      if (!tracker.leads(now)) return server('not_serving', { zxid: undefined })
      return server(name === tracker.leader ? 'leader' : 'follower', { zxid: (BigInt(tracker.epoch) << 32n) + 5n })
    }
    return { given: servers, servers: new Map(servers.map((name) => [name, of(name)])), memberships: new Map() }
  }

  for (const id of brokers) tracker.opens(id, 0)
  for (let now = 0; now < 180_000; now += stepMs) {
    tracker.passes(now)
    // Acts, far enough apart for each to be told from the next; none in the last half minute.
    if (now >= quietUntil && now < 120_000) {
      quietUntil = now + rig.timeoutMs + 8_000 + random.below(6_000)
      const broker = 1 + random.below(3)
      const act = random.below(5)
      if (!tracker.isAlive(broker) && tracker.of(broker) === undefined) tracker.opens(broker, now)
      else if (act === 0 && tracker.isAlive(broker)) tracker.closes(broker)
      else if (act === 1) tracker.dies(broker)
      else if (act === 2) tracker.changesLeader(now, 500 + random.below(7_000), random.chance(0.7))
      else if (act === 3) {
        tracker.dies(broker)
        tracker.changesLeader(now + random.below(3_000), 500 + random.below(7_000), random.chance(0.7))
      }
    }
    const text = [...tracker.sessions.keys(), tracker.leads(now), ...brokers.map((id) => tracker.isAlive(id))].join()
    if (text !== lastChange.text) Object.assign(lastChange, { at: now, text })
    const alert = now - lastChange.at < 60_000
    if (now >= due.liveness) {
      due.liveness = now + 500
      arrives('liveness', { targets: new Map() }, now)
    }
    if (now >= due.zookeeper) {
      due.zookeeper = now + (alert ? 1_000 : 5_000)
      arrives('zookeeper', ensemble(now), now)
    }
    if (rig.dump && now >= due.sessions) {
      due.sessions = now + 800 + random.below(alert ? 600 : 9_000)
      const liar = tracker.liar
      const asksLiar = liar !== undefined && now >= liar.from && now < liar.to && random.chance(0.6)
      const dump = asksLiar ? tracker.dump(now, true) : tracker.leads(now) ? tracker.dump(now) : undefined
      arrives('sessions', { dump, servers: new Map() }, now)
    }
    // A watch tells of a change within a moment.
    if (rig.znodes && tracker.leads(now) && (now >= due.znodes || text !== lastChange.text || lastChange.at === now)) {
      due.znodes = now + 1_000
      const registered = [...tracker.sessions].map(([session, { broker }]) => {
        return [broker, { session, czxid: BigInt(Number.parseInt(session.slice(-3), 16)) }] as const
      })
      const session = { id: '0xffff', timeoutMs: 9_000 }
      arrives('znodes', { server: tracker.leader, brokers: new Map(registered), session }, now)
    }
  }
  return { tracker, history }
}

const rigs: readonly (readonly [string, Rig])[] = [6_000, 18_000].flatMap((timeoutMs) => [
  [`dump and znodes, ${timeoutMs} ms`, { dump: true, znodes: true, timeoutMs }] as const,
  [`dump alone, ${timeoutMs} ms`, { dump: true, znodes: false, timeoutMs }] as const,
  [`znodes alone, ${timeoutMs} ms`, { dump: false, znodes: true, timeoutMs }] as const,
])

describe.each(rigs)('a simulated ensemble, %s', (_, rig) => {
  it('every end of a session is counted once, as what it was, and no other', () => {
    let ends = 0
    for (const seed of seeds.slice(0, 20)) {
      const { tracker, history } = simulate(seed, rig)
      const expected = brokers.map((id) => {
        const mine = tracker.ends.filter(({ broker }) => broker === id)
        const of = (kind: string): number => mine.filter((each) => each.kind === kind).length
        return [id, { closed: of('closed'), expired: of('expired') }]
      })
      const counted = brokers.map((id) => [id, history.ends.counts.get(id) ?? { closed: 0, expired: 0 }])
      expect(counted, `seed ${seed}`).toEqual(expected)
      ends += tracker.ends.length
    }
    expect(ends).toBeGreaterThan(30)
  })
})
