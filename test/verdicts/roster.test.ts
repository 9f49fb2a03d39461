import { describe, expect, it } from 'vitest'
import type { Roster } from '../../src/model/roster.ts'
import { nextRoster } from '../../src/verdicts/roster.ts'
import { addressOf, rosterOf, topology } from '../support/facts.ts'

const hour = 3_600_000
const nobody: Roster = new Map()

describe('nextRoster', () => {
  it('expects whoever is registered, at the advertised address', () => {
    expect(nextRoster(nobody, topology({ brokers: [2, 1] }), 5, hour)).toEqual(
      new Map([
        [1, { address: addressOf(1), namedAt: 5 }],
        [2, { address: addressOf(2), namedAt: 5 }],
      ]),
    )
  })

  it('expects whoever a replica list names, without an address if it was never registered', () => {
    const roster = nextRoster(
      nobody,
      topology({ brokers: [1], topics: { t: [{ leader: 1, replicas: [1, 7] }] } }),
      5,
      hour,
    )
    expect(roster.get(7)).toEqual({ address: undefined, namedAt: 5 })
  })

  it('remembers the last address of a replica that is not registered any more', () => {
    const dead = topology({ brokers: [1], topics: { t: [{ leader: 1, replicas: [1, 2], isr: [1] }] } })
    expect(nextRoster(rosterOf(1, 2), dead, 5, hour).get(2)).toEqual({ address: addressOf(2), namedAt: 5 })
  })

  it('does not expect whoever only an ISR or an offline list names', () => {
    const odd = topology({ brokers: [1], topics: { t: [{ leader: 1, replicas: [1], isr: [1, 8], offline: [9] }] } })
    expect([...nextRoster(nobody, odd, 5, hour).keys()]).toEqual([1])
  })

  it.each([
    ['just before the end of its retention', hour - 1, [1, 2]],
    ['at its end', hour, [1]],
    ['long after', 50 * hour, [1]],
  ])('keeps a broker that nothing names any more: %s', (_, now, expected) => {
    const roster = nextRoster(rosterOf(1, 2), topology({ brokers: [1] }), now, hour)
    expect([...roster.keys()]).toEqual(expected)
    expect(roster.get(2)?.namedAt ?? 0).toBe(0)
  })

  it('counts the retention from when it was last named', () => {
    const named = nextRoster(
      rosterOf(2),
      topology({ brokers: [], topics: { t: [{ leader: -1, replicas: [2] }] } }),
      hour,
      hour,
    )
    expect([...nextRoster(named, topology({ brokers: [] }), 2 * hour - 1, hour).keys()]).toEqual([2])
    expect([...nextRoster(named, topology({ brokers: [] }), 2 * hour, hour).keys()]).toEqual([])
  })

  it('gives an address to whoever is registered with it now: its former owner has none', () => {
    const moved = topology({ brokers: [{ id: 4, ...addressOf(1) }], topics: { t: [{ leader: 4, replicas: [4, 1] }] } })
    const roster = nextRoster(rosterOf(1), moved, 5, hour)
    expect(roster.get(4)?.address).toEqual(addressOf(1))
    expect(roster.get(1)).toEqual({ address: undefined, namedAt: 5 })
  })

  it('takes the address from a broker that is only remembered, too', () => {
    const roster = nextRoster(rosterOf(1), topology({ brokers: [{ id: 4, ...addressOf(1) }] }), 5, hour)
    expect(roster.get(1)).toEqual({ address: undefined, namedAt: 0 })
  })

  it('follows a broker to its new address', () => {
    const moved = topology({ brokers: [{ id: 1, host: 'elsewhere', port: 1 }] })
    expect(nextRoster(rosterOf(1), moved, 5, hour).get(1)?.address).toEqual({ host: 'elsewhere', port: 1 })
  })

  it.each([
    ['registered', Array.from({ length: 20_000 }, (_, id) => id), []],
    ['named as replicas', [1], Array.from({ length: 20_000 }, (_, id) => id)],
  ])('a hostile reply does not grow it without end: %s', (_, brokers, replicas) => {
    const hostile = topology({ brokers, topics: { t: [{ leader: 1, replicas }] } })
    const roster = nextRoster(rosterOf(30_000), hostile, 5, hour)
    expect(roster.size).toBe(10_000)
    expect(roster.has(1)).toBe(true)
  })

  it('leaves the roster that it was given as it was', () => {
    const before = rosterOf(1, 2)
    nextRoster(before, topology({ brokers: [{ id: 4, ...addressOf(1) }] }), 2 * hour, hour)
    expect(before).toEqual(rosterOf(1, 2))
  })
})
