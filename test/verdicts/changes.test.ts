import { describe, expect, it } from 'vitest'
import type { Liveness } from '../../src/model/liveness.ts'
import type { Roster } from '../../src/model/roster.ts'
import type { BrokerVerdict, BrokerVerdicts } from '../../src/verdicts/brokers.ts'
import { livenessChanged, rosterChanged, topologyChanged, verdictsChanged } from '../../src/verdicts/changes.ts'
import { addressOf, down, liveness, rosterOf, topology, up, type TopologySpec } from '../support/facts.ts'

describe('livenessChanged', () => {
  const both = (state: Parameters<typeof liveness>[0][string]): Liveness => liveness({ 1: up(), 2: state })
  it.each<[why: string, Liveness | undefined, Liveness, boolean]>([
    ['the first look', undefined, liveness({}), true],
    ['nothing', both(up()), both(up()), false],
    ['a broker went', both(up()), both(down()), true],
    ['a broker came back', both(down()), both(up()), true],
    ['a bounce between two looks', both(up({}, 1)), both(up({}, 2)), true],
    ['another address is watched', liveness({ 1: up() }), both(up()), true],
    ['one instead of another', liveness({ 1: up(), 3: up() }), both(up()), true],
    ['an address is not watched any more', both(up()), liveness({ 1: up() }), true],
    ['another controller', both(up()), both(up({ controllerId: 3 })), true],
    [
      'KRaft and another random controller',
      both(up({ kraft: true })),
      both(up({ kraft: true, controllerId: 3 })),
      false,
    ],
    ['a broker registered', both(up()), both(up({ brokerIds: [1, 2, 3, 4] })), true],
    ['another cluster', both(up()), both(up({ clusterId: 'x' })), true],
    ['still down, in other words', both(down('refused', 'a')), both(down('refused', 'b')), false],
    // A dead host alternates between silence and EHOSTUNREACH for days; nobody's leader moves because of that.
    ['still down, for another reason', both(down('timeout')), both(down('no_route')), false],
  ])('%s', (_, before, after, expected) => {
    expect(livenessChanged(before, after)).toBe(expected)
  })
})

describe('topologyChanged', () => {
  const base: TopologySpec = { topics: { t: [{ leader: 1, replicas: [1, 2, 3] }] } }
  const said = (more: object): TopologySpec => ({ topics: { t: [{ leader: 1, replicas: [1, 2, 3], ...more }] } })
  it.each<[why: string, TopologySpec, boolean]>([
    ['nothing', base, false],
    ['another leader', said({ leader: 2 }), true],
    ['no leader', said({ leader: -1 }), true],
    ['a smaller ISR', said({ isr: [1, 2] }), true],
    ['an ISR of the same size', said({ isr: [1, 2, 4] }), true],
    ['other replicas', said({ replicas: [1, 2, 4], isr: [1, 2, 3] }), true],
    ['another topic', { topics: { ...base.topics, u: [{ leader: 1, replicas: [1] }] } }, true],
    ['no topic', { topics: {} }, true],
    ['a broker less', { ...base, brokers: [1, 2] }, true],
    ['a broker replaced', { ...base, brokers: [1, 2, 4] }, true],
    ['another address', { ...base, brokers: [1, 2, { id: 3, host: 'kafka3', port: 1 }] }, true],
    ['another controller: liveness tells of that, and in KRaft it is noise', { ...base, controllerId: 3 }, false],
  ])('%s', (_, spec, expected) => {
    expect(topologyChanged(topology(base), topology(spec))).toBe(expected)
    expect(topologyChanged(topology(spec), topology(base))).toBe(expected)
  })

  it('the first look is a change', () => {
    expect(topologyChanged(undefined, topology())).toBe(true)
  })

  it('lists of the same length with their borders elsewhere differ', () => {
    const cut = (first: number[], second: number[]): TopologySpec => ({
      topics: {
        t: [
          { leader: 1, replicas: [1], isr: first },
          { leader: 1, replicas: [1], isr: second },
        ],
      },
    })
    expect(topologyChanged(topology(cut([1], [2, 3])), topology(cut([1, 2], [3])))).toBe(true)
  })
})

describe('rosterChanged', () => {
  const homeless: Roster = new Map([[1, { address: undefined, namedAt: 0 }]])
  const moved: Roster = new Map([[1, { address: { ...addressOf(1), port: 1 }, namedAt: 0 }]])
  it.each<[why: string, Roster, boolean]>([
    ['nothing', rosterOf(1), false],
    ['named again later', new Map([[1, { address: addressOf(1), namedAt: 99 }]]), false],
    ['one more', rosterOf(1, 2), true],
    ['another', rosterOf(2), true],
    ['none', rosterOf(), true],
    ['another address', moved, true],
    ['its address lost', homeless, true],
  ])('%s', (_, after, expected) => {
    expect(rosterChanged(rosterOf(1), after)).toBe(expected)
    expect(rosterChanged(after, rosterOf(1))).toBe(expected)
  })
})

describe('verdictsChanged', () => {
  const verdicts = (...states: readonly BrokerVerdict[]): BrokerVerdicts =>
    new Map(states.map((state, i) => [i + 1, state]))
  it.each<[why: string, BrokerVerdicts, BrokerVerdicts, boolean]>([
    ['nothing', verdicts({ state: 'up' }), verdicts({ state: 'up' }), false],
    ['went', verdicts({ state: 'up' }), verdicts({ state: 'down', reason: 'hung' }), true],
    [
      'another reason',
      verdicts({ state: 'down', reason: 'hung' }),
      verdicts({ state: 'down', reason: 'timeout' }),
      false,
    ],
    ['judged at last', verdicts({ state: 'unknown' }), verdicts({ state: 'up' }), true],
    ['another broker', verdicts({ state: 'up' }), new Map([[2, { state: 'up' }]]), true],
    ['one more', verdicts({ state: 'up' }), verdicts({ state: 'up' }, { state: 'up' }), true],
  ])('%s', (_, before, after, expected) => {
    expect(verdictsChanged(before, after)).toBe(expected)
  })
})
