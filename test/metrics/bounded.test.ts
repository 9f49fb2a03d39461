import { describe, expect, it } from 'vitest'
import { down, liveness, topology, up, type Said } from '../support/facts.ts'
import { page, series, value } from '../support/page.ts'
import { TestStore } from '../support/state.ts'

const unhealthySince = 'kafka_ha_partition_unhealthy_since_timestamp_seconds'
const led = (leader: number, count: number): Said[] =>
  Array.from({ length: count }, () => ({ leader, replicas: [1, 2] }))
const broken = liveness({ 1: up(), 2: down() })

function shown(store: TestStore, wantsTopic?: (topic: string) => boolean) {
  // Only what this is about: the rest of the page takes long to read.
  const text = page(store.state, wantsTopic && { wantsTopic })
    .split('\n')
    .filter((line) => /kafka_ha_(partition_unh|series|unav)/.test(line))
    .join('\n')
    .concat('\n')
  const rows = Object.entries(series(text, unhealthySince) ?? {})
  return {
    rows,
    states: [...new Set(rows.map(([labels]) => labels.replace(/.*state=/, '')))],
    omitted: series(text, 'kafka_ha_series_omitted')?.[`family=${unhealthySince}`],
    unavailable: value(text, 'kafka_ha_unavailable_partitions'),
  }
}

describe('partitions unhealthy since', () => {
  it('are all there while they are few', () => {
    const store = new TestStore().brings(
      'topology',
      topology({ topics: { t: [...led(-1, 1), ...led(2, 999), ...led(1, 5)] } }),
    )
    expect(shown(store.brings('liveness', broken))).toMatchObject({
      rows: { length: 1_000 },
      omitted: 0,
      unavailable: 1_000,
    })
  })

  it('are the worst 1,000, leaderless before unreachable; the counts know of all', () => {
    const store = new TestStore().brings('topology', topology({ topics: { a: led(2, 1_000), t: led(-1, 700) } }))
    const { rows, omitted, unavailable } = shown(store.brings('liveness', broken))
    expect(rows).toHaveLength(1_000)
    expect(rows.filter(([labels]) => labels.endsWith('state=leaderless'))).toHaveLength(700)
    expect({ omitted, unavailable }).toEqual({ omitted: 700, unavailable: 1_700 })
  })

  it('are the longest within a state, and the same ones at every scrape', () => {
    const store = new TestStore()
      .brings('liveness', broken)
      .brings('topology', topology({ topics: { z: led(-1, 10) } }))
    store.tick(2_000).brings('topology', topology({ topics: { a: led(-1, 1_200), z: led(-1, 10) } }))
    const { rows, omitted } = shown(store)
    expect(rows.slice(0, 10).map(([labels]) => labels)).toEqual(
      Array.from({ length: 10 }, (_, p) => `topic=z,partition=${p},state=leaderless`),
    )
    expect(rows[10]?.[0]).toBe('topic=a,partition=0,state=leaderless')
    expect(omitted).toBe(210)
    expect(shown(store.tick(1_000)).rows).toEqual(rows)
  })

  it('of topics that nobody wants to see are neither shown nor counted as omitted', () => {
    const store = new TestStore()
      .brings('liveness', broken)
      .brings('topology', topology({ topics: { a: led(-1, 1_100), t: led(-1, 3) } }))
    expect(shown(store, (topic) => topic === 't')).toMatchObject({
      rows: { length: 3 },
      omitted: 0,
      unavailable: 1_103,
    })
  })

  it('do not include a partition whose leader was not judged yet', () => {
    const store = new TestStore().brings('topology', topology({ topics: { t: led(1, 3) } }))
    expect(shown(store)).toMatchObject({ rows: [], omitted: 0 })
  })
})
