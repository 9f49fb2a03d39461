import { describe, expect, it } from 'vitest'
import type { EnsembleServer } from '../../src/model/ensemble.ts'
import type { ListedSession, SessionDump, Sessions } from '../../src/model/sessions.ts'
import { emptyView, type FactName, type Facts, type View } from '../../src/model/view.ts'
import type { BrokerVerdict, BrokerVerdicts } from '../../src/verdicts/brokers.ts'
import { nextSessions, noSessions, type SessionHistory } from '../../src/verdicts/sessions.ts'
import { shownSessions } from '../../src/verdicts/shown-sessions.ts'
import { server } from '../support/synced-server.ts'
import { instant } from '../support/session-tracker.ts'

const zk = (epoch: number, more: Partial<EnsembleServer> = {}): Partial<EnsembleServer> => ({
  zxid: BigInt(epoch) << 32n,
  ...more,
})

class Steps {
  history: SessionHistory = noSessions(0)
  view: View = emptyView
  verdicts: BrokerVerdicts = new Map<number, BrokerVerdict>([[1, { state: 'up' }]])
  now = 0

  at(ms: number): this {
    this.now = ms
    return this
  }

  arrives<Name extends FactName>(name: Name, value: Facts[Name]): this {
    this.view = { ...this.view, [name]: { value, at: instant(this.now) } }
    const context = { view: this.view, brokers: this.verdicts, brokersBefore: this.verdicts, now: instant(this.now) }
    this.history = nextSessions(this.history, name, context)
    return this
  }

  /** zk1 leads and zk2 follows, unless told otherwise. */
  ensemble(zk1 = server('leader', zk(1)), zk2 = server('follower', zk(1))): this {
    const servers = new Map(Object.entries({ zk1, zk2 }))
    return this.arrives('zookeeper', { given: [...servers.keys()], servers, memberships: new Map() })
  }

  /** Sessions by broker; what expires does so 12 s from now. */
  dumps(sessions: Readonly<Record<number, string>>, more: Partial<SessionDump> = {}): this {
    const listed = Object.entries(sessions).map(([broker, session]) => {
      return [session, { broker: Number(broker), ephemerals: 1, expiresAt: instant(this.now + 12_000).wall }] as const
    })
    const dump = { at: instant(this.now), server: 'zk1', epoch: 1, errorMs: 500, sessions: new Map(listed), ...more }
    return this.arrives('sessions', { ...this.#known, dump })
  }

  connections(timeouts: Readonly<Record<string, number>>): this {
    const told = { at: instant(this.now), timeouts: new Map(Object.entries(timeouts)) }
    return this.arrives('sessions', { dump: this.#known.dump, servers: new Map([['zk2', told]]) })
  }

  znodes(
    sessions: Readonly<Record<number, string>>,
    { own = '0xf', through = 'zk2', connection = 1, czxid = 1n } = {},
  ): this {
    const brokers = Object.entries(sessions).map(([id, session]) => [Number(id), { session, czxid }] as const)
    return this.arrives('znodes', {
      server: through,
      connection,
      brokers: new Map(brokers),
      controller: undefined,
      controllerEpoch: undefined,
      topics: undefined,
      membership: undefined,
      session: { id: own, timeoutMs: 9_000 },
    })
  }

  get #known(): Sessions {
    return this.view.sessions?.value ?? { dump: undefined, servers: new Map() }
  }

  get ends() {
    return this.history.ends.newest.map(({ broker, session, kind }) => `${broker} ${session} ${kind}`)
  }

  shown() {
    return shownSessions(this.history, this.view, this.verdicts, instant(this.now))
  }
}

const begun = (): Steps => new Steps().at(1_000).ensemble().dumps({ 1: '0xa' }).znodes({ 1: '0xa' })

describe('an end counts', () => {
  it('at once where /brokers/ids loses it in one session of the exporter', () => {
    expect(begun().at(2_000).znodes({}).ends).toEqual(['1 0xa closed'])
  })

  it('once, whoever tells of it and however often', () => {
    const steps = begun().at(2_000).znodes({}).at(2_100).dumps({}).at(9_000).ensemble().dumps({}).znodes({})
    expect(steps.ends).toHaveLength(1)
    expect(steps.history.ends.counts.get(1)).toEqual({ closed: 1, expired: 0 })
  })

  it('not once more where what was over is found again, and lost again', () => {
    const steps = begun().at(2_000).znodes({}).at(9_000).znodes({ 1: '0xa' })
    expect(steps.shown().get(1)?.session).toBe('0xa')
    expect(steps.at(10_000).znodes({}).ends).toHaveLength(1)
  })

  it('where another session holds the registration', () => {
    const another = begun().at(2_000).znodes({ 1: '0xb' }, { czxid: 2n, own: '0xe' })
    expect(another.ends).toEqual(['1 0xa closed'])
    expect(begun().at(2_000).dumps({ 1: '0xb' }).ends).toEqual(['1 0xa closed'])
  })

  it('as expired where its client left it behind: Kafka takes the registration over from its own session before', () => {
    // No moment without a registration: who closes a session removes it.
    expect(begun().at(2_000).znodes({ 1: '0xb' }, { czxid: 2n }).ends).toEqual(['1 0xa expired'])
    const left = new Map<string, ListedSession>([
      ['0xa', { broker: undefined, ephemerals: 0, expiresAt: instant(9_000).wall }],
      ['0xb', { broker: 1, ephemerals: 1, expiresAt: instant(18_000).wall }],
    ])
    const steps = begun().at(2_000).dumps({}, { sessions: left })
    expect(steps.ends).toEqual(['1 0xa expired'])
    expect(steps.shown().get(1)?.session).toBe('0xb')
  })

  it('as closed where the exporter was not connected meanwhile: a broker that is quick to restart looks the same', () => {
    expect(begun().at(2_000).znodes({ 1: '0xb' }, { connection: 2, czxid: 2n }).ends).toEqual(['1 0xa closed'])
    // Seen again on the new connection first.
    const seen = begun().at(2_000).znodes({ 1: '0xa' }, { connection: 2 }).at(3_000)
    expect(seen.znodes({ 1: '0xb' }, { connection: 2, czxid: 2n }).ends).toEqual(['1 0xa expired'])
  })

  it('as expired where nobody led for longer than its time: the brokers answer, and register anew', () => {
    const lost = begun().at(5_000).ensemble(server('not_serving'), server('not_serving'))
    const dead = server('unreachable')
    const kinds = (steps: Steps): string[] => steps.znodes({ 1: '0xb' }, { czxid: 2n, own: '0xe' }).ends
    const back = (ms: number): Steps => Object.assign(new Steps(), lost).at(ms).ensemble()
    expect(kinds(back(80_000).at(82_000))).toEqual(['1 0xa expired'])
    expect(kinds(back(20_000).at(22_000))).toEqual(['1 0xa closed'])
    // Servers out of reach may lead and follow: brokers restarted meanwhile were not expired.
    for (const [zk1, zk2] of [
      [dead, dead],
      [dead, server('follower', zk(1))],
    ] as const) {
      const unseen = begun().at(5_000).ensemble(zk1, zk2).at(80_000).ensemble().at(82_000)
      expect(kinds(unseen)).toEqual(['1 0xa closed'])
    }
    // Somebody has led for long enough to be told the truth by the session's own time.
    expect(kinds(back(80_000).at(90_000))).toEqual(['1 0xa closed'])
  })

  it('as expired where the broker never answered: Kafka was down before the exporter began', () => {
    const steps = new Steps()
    steps.verdicts = new Map()
    steps.at(1_000).ensemble().dumps({ 1: '0xa' }).znodes({ 1: '0xa' })
    expect(steps.at(13_100).znodes({}).ends).toEqual(['1 0xa expired'])
  })

  it('by dump alone with a second one, after a word of the ensemble, of the same leader', () => {
    const steps = new Steps().at(1_000).ensemble().dumps({ 1: '0xa' }).at(2_000).dumps({})
    expect(steps.ends).toEqual([])
    expect(steps.at(6_500).dumps({}).ends).toEqual([])
    expect(steps.at(7_000).ensemble().dumps({}).ends).toEqual(['1 0xa closed'])
  })

  it('with what dump and /brokers/ids both lack', () => {
    const other = begun().at(2_000).dumps({})
    expect(other.ends).toEqual([])
    expect(other.at(2_200).znodes({}, { own: '0xe' }).ends).toEqual(['1 0xa closed'])
  })
})

describe('no end counts', () => {
  it.each<[why: string, steps: (steps: Steps) => Steps]>([
    [
      'an empty dump of a leader that others say is over',
      (s) => s.ensemble(server('leader', zk(1)), server('leader', zk(2))).dumps({}),
    ],
    ['one without a synced follower', (s) => s.ensemble(server('leader', zk(1, { syncedFollowers: 0 }))).dumps({})],
    [
      'one that was asked while another led',
      (s) => s.ensemble(server('follower', zk(2)), server('leader', zk(2))).dumps({}),
    ],
    ['nobody leads', (s) => s.ensemble(server('not_serving'), server('not_serving')).dumps({})],
    [
      'the ensemble is not known',
      (s) => s.arrives('zookeeper', { given: ['zk1'], servers: new Map(), memberships: new Map() }).dumps({}),
    ],
    [
      'an older epoch than was believed',
      (s) =>
        s
          .dumps({ 1: '0xa' })
          .at(s.now + 100)
          .ensemble(server('leader', zk(0)), server('follower', zk(0)))
          .dumps({}, { epoch: 0 }),
    ],
  ])('%s: nor is it hidden', (_, steps) => {
    const after = steps(begun().at(9_000))
    const later = steps(after.at(20_000).znodes({ 1: '0xa' }))
    expect(later.ends).toEqual([])
    expect(later.shown().get(1)?.session).toBe('0xa')
  })

  it('/brokers/ids without it, of a server that takes no part', () => {
    const cut = begun()
      .at(2_000)
      .ensemble(server('leader', zk(1)), server('not_serving'))
    expect(cut.znodes({}).at(4_000).znodes({}).ends).toEqual([])
  })

  it('another session of the exporter, on a server that lags: it takes a second look', () => {
    const steps = begun().at(2_000).znodes({}, { own: '0xe' })
    expect(steps.ends).toEqual([])
    expect(steps.shown().size).toBe(0)
    expect(steps.at(2_500).znodes({ 1: '0xa' }, { own: '0xe' }).shown().get(1)?.session).toBe('0xa')
    expect(steps.ends).toEqual([])
  })

  it('of a registration that is older than the known one', () => {
    const steps = begun().at(2_000).znodes({ 1: '0xb' }, { czxid: 5n }).at(2_100).znodes({ 1: '0xa' }, { czxid: 1n })
    expect(steps.ends).toEqual(['1 0xa expired'])
    expect(steps.shown().get(1)?.session).toBe('0xb')
  })

  it('/brokers/ids may not be read', () => {
    const steps = begun().at(2_000)
    const unread = { ...steps.view.znodes?.value, brokers: undefined } as Facts['znodes']
    expect(steps.arrives('znodes', unread).ends).toEqual([])
  })

  it('a missing session found again, by one leader after the other', () => {
    const steps = new Steps().at(1_000).ensemble().dumps({ 1: '0xa' }).at(2_000).dumps({})
    steps
      .at(8_000)
      .ensemble(server('follower', zk(2)), server('leader', zk(2)))
      .dumps({}, { server: 'zk2', epoch: 2 })
    expect(steps.ends).toEqual([])
    expect(steps.at(9_000).dumps({ 1: '0xa' }, { server: 'zk2', epoch: 2 }).shown().get(1)?.session).toBe('0xa')
  })
})

describe('what is shown of a session', () => {
  it('its server, its timeout and its time', () => {
    expect(begun().connections({ '0xa': 18_000 }).shown().get(1)).toEqual({
      session: '0xa',
      server: 'zk2',
      timeoutMs: 18_000,
      expiry: { at: instant(13_000).wall, basis: 'dump' },
      isRunningOut: false,
    })
  })

  it('runs out where less than two thirds of the timeout are left', () => {
    // 12 s are, give or take half a second.
    const isRunningOut = (ms: number) => begun().connections({ '0xa': ms }).shown().get(1)?.isRunningOut
    expect([isRunningOut(18_700), isRunningOut(18_900)]).toEqual([false, true])
  })

  it('no server that does not serve', () => {
    const steps = begun()
      .connections({ '0xa': 18_000 })
      .ensemble(server('leader', zk(1)), server('not_serving'))
    expect(steps.shown().get(1)).toMatchObject({ session: '0xa', server: undefined })
  })

  it('no time without a leader, nor an older one than the newest leader announced', () => {
    const steps = begun()
    expect(steps.ensemble(server('not_serving'), server('not_serving')).shown().get(1)?.expiry).toBeUndefined()
    steps.ensemble(server('follower', zk(2)), server('leader', zk(2)))
    expect(steps.shown().get(1)?.expiry).toBeUndefined()
    expect(steps.at(2_000).dumps({ 1: '0xa' }, { server: 'zk2', epoch: 2 }).shown().get(1)?.expiry?.basis).toBe('dump')
  })

  it('nothing that is older than 15 s', () => {
    expect(begun().at(15_900).shown().size).toBe(1)
    expect(begun().at(16_100).shown().size).toBe(0)
    expect(begun().at(16_100).znodes({ 1: '0xa' }).shown().get(1)).toMatchObject({ session: '0xa', expiry: undefined })
  })

  it('an estimate while the broker is silent and there is no dump', () => {
    const steps = new Steps().at(1_000).ensemble().arrives('liveness', { targets: new Map() }).znodes({ 1: '0xa' })
    steps.connections({ '0xa': 6_000 })
    expect(steps.shown().get(1)?.expiry).toBeUndefined()
    steps.verdicts = new Map([[1, { state: 'down', reason: 'refused' }]])
    expect(steps.at(3_000).shown().get(1)?.expiry).toEqual({ at: instant(7_000).wall, basis: 'estimate' })
  })
})
