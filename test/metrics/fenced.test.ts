import { expect, it } from 'vitest'
import type { KraftQuorum } from '../../src/model/kraft-quorum.ts'
import { described, kraftQuorum, replica } from '../support/coordinators.ts'
import { liveness, topology, up } from '../support/facts.ts'
import { page, series } from '../support/page.ts'
import { TestStore } from '../support/state.ts'

const cluster = topology({ brokers: [1, 2], topics: { t: [{ leader: 1, replicas: [1, 2, 3] }] } })
const fenced = (ids: KraftQuorum['fenced'], ms = 0) => {
  const live = up({ kraft: true })
  const store = new TestStore().brings('topology', cluster).brings('liveness', liveness({ 1: live, 2: live }))
  store.brings('quorum', { ...kraftQuorum([], described([replica(1, 9, 0)])), fenced: ids }).tick(ms)
  return series(page(store.state), 'kafka_ha_broker_fenced')
}

it.each<[why: string, ids: KraftQuorum['fenced'], ms: number, rows: Record<string, number> | undefined]>([
  ['one, of the expected brokers', new Set([2, 9]), 0, { 'broker=1': 0, 'broker=2': 1, 'broker=3': 0 }],
  ['none', new Set(), 0, { 'broker=1': 0, 'broker=2': 0, 'broker=3': 0 }],
  ['nobody tells (before 4.0)', undefined, 0, undefined],
  ['told too long ago', new Set([2]), 15_001, undefined],
])('fenced brokers: %s', (_, ids, ms, rows) => {
  expect(fenced(ids, ms)).toEqual(rows)
})
