import { describe, expect, it } from 'vitest'
import { narrow, type ElapsedClock } from '../../../src/sources/zookeeper/elapsed-clock.ts'

const begin = Date.UTC(2026, 10, 27)

interface Client {
  readonly id: string
  readonly timeoutMs: number
  /** First sign, and how often; ms by the exporter's clock. */
  readonly from: number
  readonly everyMs: number
  /** After which it gives none. */
  readonly until?: number
}

/** A leader's session tracker, as ZooKeeper's: times rounded up to its tick, buckets removed when they are over. */
class Leader {
  readonly #offsetMs: number
  readonly #tickMs: number
  readonly #clients: readonly Client[]
  /** For how long a client's sign is on its way: through a follower. */
  readonly #wayMs: number

  constructor(clients: readonly Client[], { offsetMs = 28_000_123, tickMs = 3_000, wayMs = 0 } = {}) {
    this.#offsetMs = offsetMs
    this.#tickMs = tickMs
    this.#clients = clients
    this.#wayMs = wayMs
  }

  get offsetMs(): number {
    return this.#offsetMs
  }

  buckets(now: number): { at: number; sessions: string[] }[] {
    const buckets = new Map<number, string[]>()
    for (const { id, timeoutMs, from, everyMs, until = Infinity } of this.#clients) {
      let last: number | undefined
      for (let sign = from; sign + this.#wayMs <= Math.min(now, until); sign += everyMs) {
        last = this.#roundUp(sign + this.#wayMs + timeoutMs)
        buckets.set(last, buckets.get(last) ?? [])
      }
      if (last !== undefined) buckets.get(last)?.push(id)
    }
    const isOver = (at: number): boolean => at <= now + this.#offsetMs
    return [...buckets]
      .map(([at, sessions]) => ({ at, sessions }))
      .filter(({ at }) => !isOver(at))
      .sort((a, b) => a.at - b.at)
  }

  #roundUp(at: number): number {
    return (Math.floor((at + this.#offsetMs) / this.#tickMs) + 1) * this.#tickMs
  }
}

const brokers: readonly Client[] = [
  { id: '0x1', timeoutMs: 18_000, from: 100, everyMs: 6_010 },
  { id: '0x2', timeoutMs: 18_000, from: 1_300, everyMs: 6_020 },
  { id: '0x3', timeoutMs: 18_000, from: 2_900, everyMs: 5_990 },
]
const own: Client = { id: '0xe', timeoutMs: 9_000, from: 450, everyMs: 3_005 }
const timeouts = new Map(brokers.map(({ id, timeoutMs }) => [id, timeoutMs]))

function dumped(
  leader: Leader,
  now: number,
  before?: ElapsedClock,
  mine: Client | null = own,
): ElapsedClock | undefined {
  const asked = { mono: now, wall: begin + now }
  const answered = { mono: now + 20, wall: begin + now + 20 }
  return narrow(before, {
    buckets: leader.buckets(now + 10),
    asked,
    answered,
    timeoutOf: (session) => timeouts.get(session),
    longestTimeoutMs: 60_000,
    own:
      mine === null
        ? undefined
        : {
            id: mine.id,
            timeoutMs: mine.timeoutMs,
            touchedAt: begin + now - ((now - mine.from) % mine.everyMs),
          },
  })
}

/** Dumps until the end, and what is known then. */
function settled(leader: Leader, everyMs: number, endMs: number, mine: Client | null = own): ElapsedClock[] {
  const known: ElapsedClock[] = []
  for (let now = 30_000; now <= endMs; now += everyMs) {
    const next = dumped(leader, now, known.at(-1), mine)
    if (next === undefined) throw new Error(`nothing at ${now}`)
    known.push(next)
  }
  return known
}

describe("a server's elapsed time", () => {
  it.each([
    ['of a leader that has the connections', new Leader([...brokers, own])],
    ['through followers', new Leader([...brokers, own], { wayMs: 1_500 })],
    ['with a short tick', new Leader([...brokers, own], { tickMs: 500 })],
    ['of a machine that has just been started', new Leader([...brokers, own], { offsetMs: -29_000 })],
  ])('%s is always within what is told, which narrows', (_, leader) => {
    const known = settled(leader, 10_300, 160_000)
    for (const { least, most } of known) {
      expect(least).toBeLessThanOrEqual(leader.offsetMs)
      expect(most).toBeGreaterThanOrEqual(leader.offsetMs)
    }
    const widths = known.map(({ least, most }) => most - least)
    expect(widths[0]).toBeLessThan(9_000)
    expect(widths.at(-1)).toBeLessThan(2_000)
  })

  it.each([5_000, 8_000])('is within what is told with a tick of %i ms, longer than anybody sets', (tickMs) => {
    // A server grants two ticks at least.
    const mine = { ...own, timeoutMs: 2 * tickMs }
    for (const offsetMs of [28_000_123, 28_001_900, 28_003_700]) {
      const leader = new Leader([...brokers, mine], { tickMs, offsetMs })
      for (const { least, most } of settled(leader, 10_300, 160_000, mine)) {
        expect(least).toBeLessThanOrEqual(leader.offsetMs)
        expect(most).toBeGreaterThanOrEqual(leader.offsetMs)
      }
    }
  })

  it('needs no session of its own', () => {
    const leader = new Leader(brokers)
    for (const { least, most } of settled(leader, 10_300, 160_000, null)) {
      expect(least).toBeLessThanOrEqual(leader.offsetMs)
      expect(most).toBeGreaterThanOrEqual(leader.offsetMs)
    }
  })

  it('is within what is told while a session runs out', () => {
    const dead = { ...brokers[0], until: 61_000 } as Client
    const leader = new Leader([dead, ...brokers.slice(1), own])
    const { least = Infinity, most = -Infinity } = settled(leader, 1_000, 78_000).at(-1) ?? {}
    expect(least).toBeLessThanOrEqual(leader.offsetMs)
    expect(most).toBeGreaterThanOrEqual(leader.offsetMs)
    expect(Math.abs((least + most) / 2 - leader.offsetMs)).toBeLessThan(1_000)
    expect(most - least).toBeLessThan(3_000)
  })

  it('does not fit another machine, or one that was started anew', () => {
    const before = dumped(new Leader([...brokers, own]), 60_000)
    expect(dumped(new Leader([...brokers, own], { offsetMs: 5_000_000 }), 70_000, before)).toBeUndefined()
  })

  it('drifts: what was known long ago is a little less certain', () => {
    const leader = new Leader([...brokers, own])
    const before: ElapsedClock = { least: leader.offsetMs - 1, most: leader.offsetMs + 1, at: 30_000 }
    expect(dumped(leader, 90_000, before)).toEqual({
      least: leader.offsetMs - 7,
      most: leader.offsetMs + 7,
      at: 90_000,
    })
  })

  it('is not known where no timeout bounds it, or nobody has a session', () => {
    const moment = { mono: 0, wall: begin }
    const question = { asked: moment, answered: moment, timeoutOf: () => undefined, longestTimeoutMs: 60_000 }
    expect(narrow(undefined, { ...question, buckets: [], own: undefined })).toBeUndefined()
    expect(narrow(undefined, { ...question, buckets: [{ at: 3_000, sessions: [] }], own: undefined })).toBeUndefined()
  })
})
