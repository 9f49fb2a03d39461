import { describe, expect, it } from 'vitest'
import type { Page } from '../../bench/zookeeper/pages.ts'
import { loads, totals } from '../../bench/zookeeper/requests.ts'

const page = (counts: Readonly<Record<string, number>>): Page =>
  new Map(
    Object.entries(counts).map(([request, count]) => {
      const [source = '', api = ''] = request.split(' ')
      return [`kafka_ha_requests_total{source="${source}",api="${api}"}`, count]
    }),
  )

const before = page({ 'zookeeper mntr': 30, 'zookeeper connect': 6, 'sessions cons': 3, 'topology Metadata': 5 })
const after = page({
  'zookeeper mntr': 42,
  'zookeeper connect': 6,
  'sessions dump': 3,
  'sessions cons': 6,
  'znodes ping': 10,
  'topology Metadata': 50,
})

describe('what an ensemble is asked, of two pages half a minute apart', () => {
  const found = loads(before, after, 30_000, 3)

  it('is told by source and word, to whom each goes', () => {
    expect(found).toEqual([
      { source: 'zookeeper', api: 'mntr', asked: 'each server', perMinute: 8 },
      { source: 'sessions', api: 'dump', asked: 'the leader', perMinute: 6 },
      { source: 'sessions', api: 'cons', asked: 'each server', perMinute: 2 },
      { source: 'znodes', api: 'ping', asked: 'the server of the session', perMinute: 20 },
    ])
  })

  it('is more for a leader than for a follower', () => {
    expect(totals(found)).toEqual({ leader: 16, follower: 10, session: 20 })
  })
})
