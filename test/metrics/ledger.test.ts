import { describe, expect, it } from 'vitest'
import { topology } from '../support/facts.ts'
import { startedAt, TestStore } from '../support/state.ts'

const cluster = topology({ topics: { t: [{ leader: 1, replicas: [1] }] } })

describe('the books of a source', () => {
  it('its requests start at 0', () => {
    const store = new TestStore()
    store.ledgers.topology.expect(['ApiVersions', 'Metadata'])
    store.ledgers.topology.sent('Metadata')
    store.ledgers.topology.sent('Surprise')
    store.tick()
    expect(Object.fromEntries(store.state.sources.get('topology')?.sent ?? [])).toEqual({
      ApiVersions: 0,
      Metadata: 1,
      Surprise: 1,
    })
  })

  it('tells of the newest look, and when one last brought something', () => {
    const store = new TestStore().brings('topology', cluster, 40).tick(5_000).fails('topology').fails('topology')
    expect(store.state.sources.get('topology')).toMatchObject({
      up: false,
      failures: 2,
      lastSuccess: { mono: startedAt.mono + 40 },
      durationMs: 3_000,
      failure: { reason: 'deadline' },
      errors: [{ target: '', reason: 'deadline', count: 2 }],
    })
    expect(store.brings('topology', cluster).state.sources.get('topology')).toMatchObject({
      up: true,
      failures: 0,
      failure: undefined,
    })
  })

  it('nothing usable without a failure of the look counts no error', () => {
    const store = new TestStore().brings('offsets', undefined)
    expect(store.state.sources.get('offsets')).toMatchObject({ up: false, failures: 1, errors: [] })
  })

  it('counts failures by target and reason, however many targets there were', () => {
    const store = new TestStore()
    const refused = { reason: 'refused', detail: '' } as const
    for (let i = 0; i < 5_000; i++) store.ledgers.liveness.failed(`10.0.0.${i}:9092`, refused)
    store.ledgers.liveness.failed('10.0.0.0:9092', { ...refused, reason: 'hung' })
    store.ledgers.liveness.failed('10.0.0.0:9092', refused)
    const errors = store.tick().state.sources.get('liveness')?.errors ?? []
    expect(errors.length).toBeLessThanOrEqual(1_002)
    expect(errors.reduce((sum, { count }) => sum + count, 0)).toBe(5_002)
    expect(errors).toContainEqual({ target: '10.0.0.0:9092', reason: 'refused', count: 2 })
    expect(errors).toContainEqual({ target: '10.0.0.0:9092', reason: 'hung', count: 1 })
    expect(errors).toContainEqual({ target: 'other', reason: 'refused', count: 4_000 })
  })

  it('counters never fall', () => {
    const store = new TestStore().fails('topology')
    for (let i = 0; i < 10; i++) store.brings('topology', cluster).tick(60_000)
    expect(store.state.sources.get('topology')?.errors).toEqual([{ target: '', reason: 'deadline', count: 1 }])
  })
})
