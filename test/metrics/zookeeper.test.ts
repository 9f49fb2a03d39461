import { describe, expect, it } from 'vitest'
import { serverStates, type Ensemble, type EnsembleServer } from '../../src/model/ensemble.ts'
import { parseMntr } from '../../src/sources/zookeeper/parse-mntr.ts'
import { parseExposition } from '../../testbed/drills/exposition.ts'
import { server } from '../support/coordinators.ts'
import { page, series } from '../support/page.ts'
import { TestStore } from '../support/state.ts'
import { recorded } from '../fixtures/zookeeper/texts.ts'

const silent = server('unreachable', { failure: { reason: 'refused', detail: '' }, id: 1 })

function serving(more: Partial<EnsembleServer> = {}): EnsembleServer {
  return { ...silent, state: 'follower', failure: undefined, version: '3.8.4-abc, built on', ruok: true, ...more }
}

function pageOf(servers: Readonly<Record<string, EnsembleServer>>, constant = {}): string {
  const ensemble: Ensemble = {
    given: Object.keys(servers),
    servers: new Map(Object.entries(servers)),
    memberships: new Map(),
  }
  return page(new TestStore().brings('zookeeper', ensemble).state, {}, constant)
}

const numbers = (given: Readonly<Record<string, number>>): Pick<EnsembleServer, 'numbers'> => {
  return { numbers: new Map(Object.entries(given)) }
}

describe('without --zookeeper.server', () => {
  it('there is nothing of it', () => {
    expect(page(new TestStore().state)).not.toMatch(/^(zk_|kafka_ha_zookeeper)/m)
  })
})

describe('kafka_ha_zookeeper_server_state', () => {
  it.each(serverStates)('%s is 1, all others 0', (state) => {
    const shown = series(pageOf({ 'zk1:2181': serving({ state }) }), 'kafka_ha_zookeeper_server_state')
    expect(shown).toEqual(
      Object.fromEntries(serverStates.map((each) => [`server=zk1:2181,state=${each}`, Number(each === state)])),
    )
  })
})

describe('the families of zookeeper-exporter', () => {
  it.each<[EnsembleServer['state'], number, number | undefined]>([
    ['leader', 1, 1],
    ['follower', 1, 0],
    ['observer', 1, 0],
    ['standalone', 1, 0],
    ['read_only', 1, 0],
    // It says zk_up 1 and zk_server_leader 1 of every survivor of a lost quorum.
    ['not_serving', 0, 0],
    // Whoever cannot be asked may well lead on the other side of a cut.
    ['unreachable', 0, undefined],
    ['hung', 0, undefined],
  ])('%s: zk_up %i, zk_server_leader %s', (state, up, leads) => {
    const text = pageOf({ a: serving({ state }) })
    expect(series(text, 'zk_up')).toEqual({ 'zk_host=a': up })
    expect(series(text, 'zk_server_leader')).toEqual(leads === undefined ? undefined : { 'zk_host=a': leads })
  })

  it('has the first word of a peer state, and the version without what was built when', () => {
    const text = pageOf({
      a: serving({ peerState: 'leading - broadcast' }),
      b: serving({ version: '3.4.13, x' }),
      c: silent,
    })
    expect(series(text, 'zk_peer_state')).toEqual({ 'zk_host=a,state=leading': 1 })
    expect(series(text, 'zk_version')).toEqual({ 'zk_host=a,version=3.8.4': 1, 'zk_host=b,version=3.4.13': 1 })
  })

  it('has zk_ruok of whom it was asked', () => {
    const text = pageOf({ a: serving(), b: serving({ ruok: false }), c: serving({ ruok: undefined }) })
    expect(series(text, 'zk_ruok')).toEqual({ 'zk_host=a': 1, 'zk_host=b': 0 })
  })

  it('has every number of a leader, untyped as there', () => {
    const told = parseMntr(recorded('3.8-leader-mntr.txt'), { perNamespace: false })
    if (told === undefined) throw new Error('nothing told')
    const text = pageOf({ 'zk1:2181': serving(told) }, { env: 'it' })
    const { series: all, types } = parseExposition(text)
    const shown = [...all.values()].filter(({ name }) => types.get(name) === 'untyped')
    expect(shown.length).toBe(told.numbers.size)
    expect(shown.length).toBeGreaterThan(400)
    for (const [key, value] of told.numbers) {
      expect(all.get(`zk_${key}{env="it",zk_host="zk1:2181"}`)?.value, key).toBe(value)
    }
  })

  it('escapes names, and of two that become one shows the one that needed none', () => {
    const text = pageOf({
      a: serving(numbers({ 'avg_a b_read_per_namespace': 1, avg_a_b_read_per_namespace: 2, 'x-y.z': 3, größe: 4 })),
      b: serving(numbers({ 'avg_a-b_read_per_namespace': 5, 'x-y.z': 6, up: 7 })),
    })
    expect(series(text, 'zk_avg_a_b_read_per_namespace')).toEqual({ 'zk_host=a': 2 })
    expect(series(text, 'zk_x_y_z')).toEqual({ 'zk_host=a': 3, 'zk_host=b': 6 })
    expect(series(text, 'zk_gr__e')).toEqual({ 'zk_host=a': 4 })
    expect(series(text, 'zk_up')).toEqual({ 'zk_host=a': 1, 'zk_host=b': 1 })
    expect(series(text, 'kafka_ha_series_omitted')?.['family=zk_*']).toBe(3)
  })

  it('counts what the source left out', () => {
    const text = pageOf({ a: serving({ omitted: 4 }), b: serving({ omitted: 5 }) })
    expect(series(text, 'kafka_ha_series_omitted')?.['family=zk_*']).toBe(9)
  })
})
