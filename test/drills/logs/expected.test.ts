import { expect, it } from 'vitest'
import { Delays } from '../../../testbed/drills/logs/delays.ts'
import { InLogsWatch, type InLogs } from '../../../testbed/drills/logs/expected.ts'
import type { EventKey } from '../../../testbed/drills/logs/written.ts'
import type { Metrics } from '../../../testbed/drills/metrics.ts'
import { moment, scrape } from '../support.ts'

const counted = (expired: number): Metrics =>
  scrape(`kafka_ha_log_events_total{component="zookeeper",event="zk_session_expired"} ${expired}`)

/** `kill` at 1 s with 3 counted before it, `undo` at 40 s: counts by seconds. */
function watched(expected: InLogs, counts: Readonly<Record<number, number>>) {
  const watch = new InLogsWatch(expected, 18_000)
  const acts = (['kill', 'undo'] as const).map((name) => {
    const startedAt = name === 'kill' ? 1000 : 40_000
    return [name, { startedAt, endedAt: startedAt, metrics: counted(3) }] as const
  })
  for (const [second, count] of Object.entries(counts)) {
    const at = Number(second) * 1000
    const done = acts.filter(([, { startedAt }]) => startedAt <= at)
    watch.step(moment(at, { acts: new Map(done), metrics: counted(count) }))
  }
  return watch.checks()
}

const EXPIRY: InLogs = { since: 'kill', until: 'undo', shows: { zk_session_expired: 'expiry' } }

it('the first one more since the act counts, in time or not', () => {
  expect(watched(EXPIRY, { 0: 3, 2: 3, 19: 4, 30: 5 })).toMatchObject([{ ok: true, seconds: 18, withinS: 24 }])
  expect(watched(EXPIRY, { 0: 3, 2: 3, 30: 4 })).toMatchObject([{ ok: false, seconds: 29 }])
  expect(watched(EXPIRY, { 0: 3, 2: 3, 41: 4 })).toMatchObject([{ ok: false, detail: 'never counted' }])
  expect(watched(EXPIRY, { 0: 3 })).toMatchObject([{ ok: false }])
})

it('what must not be counted is told with its second, until the act that ends it', () => {
  const never: InLogs = { since: 'kill', until: 'undo', never: ['zk_session_expired'] }
  expect(watched(never, { 2: 3, 41: 4 })).toMatchObject([{ ok: true }])
  expect(watched(never, { 2: 3, 5: 4 })).toMatchObject([{ ok: false, detail: 'zk_session_expired counted at +4.0 s' }])
  expect(watched(never, { 0: 3 })).toMatchObject([{ ok: false, detail: 'was never looked at' }])
})

const KEY: EventKey = 'zookeeper/zk_session_expired'

function delays(counts: readonly (readonly [at: number, count: number])[], written: readonly number[]) {
  const watch = new Delays()
  for (const [at, count] of counts) watch.hear(new Map([[KEY, count]]), at)
  return watch.check({ levels: new Map(), events: new Map([[KEY, written]]) })
}

it('the k-th line of a kind is late, early or in time by when its count is k', () => {
  const ok = delays(
    [
      [0, 0],
      [1300, 1],
      [5400, 3],
      [9000, 3],
    ],
    [1000, 5000, 5100],
  )
  expect(ok).toMatchObject({ ok: true, seconds: 0.4 })
  expect(
    delays(
      [
        [0, 0],
        [4500, 1],
        [9000, 1],
      ],
      [1000],
    ),
  ).toMatchObject({ ok: false, seconds: 3.5 })
  expect(
    delays(
      [
        [0, 0],
        [500, 1],
        [9000, 1],
      ],
      [1000],
    ),
  ).toMatchObject({ ok: false })
  expect(
    delays(
      [
        [0, 0],
        [9000, 0],
      ],
      [1000],
    ).detail,
  ).toContain('was never counted')
  // The exporter still has its time.
  expect(
    delays(
      [
        [0, 0],
        [1100, 0],
      ],
      [1000],
    ),
  ).toMatchObject({ ok: true })
})
