import { describe, expect, it } from 'vitest'
import { budgetsOf, isMet } from '../../bench/peers/budgets.ts'
import { formatBudgets, formatSeconds, formatState, formatTable } from '../../bench/peers/report.ts'
import { figuresOf, type Figures, type StateFigures } from '../../bench/peers/state.ts'
import { spreadOf } from '../../bench/peers/statistics.ts'

function figures(name: string, scrapeMs: readonly number[]): Figures {
  return {
    name,
    scrapeMs: spreadOf(scrapeMs),
    errors: [],
    bytes: 1_000,
    series: 100,
    leaderSeries: 4_000,
    namedLeaders: 2_666,
    cpuMsPerScrape: 20,
    cpuSecondsPerMinute: 0.5,
    scrapesPerMinute: 4,
    rssBytes: 100 * 1_048_576,
    peakBytes: 120 * 1_048_576,
  }
}

function state(name: StateFigures['state'], refreshMs: number, peerMs: number, requests: number): StateFigures {
  return {
    state: name,
    partitions: 4_000,
    leaderless: 0,
    refreshes: { time: spreadOf([refreshMs]), topologyRequests: 1, offsetsRequests: requests - 1, probes: 3 },
    alert: { topologyLooksPerMinute: 120, cpuShare: 0.02 },
    calm: { topologyLooksPerMinute: 12, cpuShare: 0.0064 },
    ours: figures('kafka-ha-exporter', [12]),
    peer: figures('kafka_exporter', [peerMs]),
    peerRequests: 8_000,
  }
}

describe('budgets', () => {
  it.each([
    { why: '20 times is just enough', name: 'healthy', refresh: 50, peer: 1_000, requests: 7, met: [true, true, true] },
    { why: 'a little less is not', name: 'healthy', refresh: 50, peer: 999, requests: 7, met: [false, true, true] },
    { why: '200 times in the outage', name: 'outage', refresh: 50, peer: 10_000, requests: 3, met: [true, true, true] },
    { why: '199.98 are too few', name: 'outage', refresh: 50, peer: 9_999, requests: 3, met: [false, true, true] },
    { why: 'one request too many', name: 'healthy', refresh: 10, peer: 1_000, requests: 8, met: [true, false, true] },
  ] as const)('$name: $why', ({ name, refresh, peer, requests, met }) => {
    expect(budgetsOf([state(name, refresh, peer, requests)]).map(isMet)).toEqual(met)
  })

  it('what could not be measured is not met', () => {
    const unknown = { time: undefined, topologyRequests: undefined, offsetsRequests: 6, probes: undefined }
    const budgets = budgetsOf([{ ...state('healthy', 50, 2_000, 7), refreshes: unknown }])
    expect(budgets.map(isMet)).toEqual([false, false, false])
    expect(formatBudgets(budgets)[1]).toMatch(/ - +at least 20 +MISSED$/)
  })
})

describe('figures of a phase', () => {
  const use = { cpuSeconds: 0, rssBytes: 5, peakBytes: 6 }
  const course = { name: 'x', seconds: 30, cpuSeconds: 1, scrapeCpuSeconds: 0.5, end: use }
  const late = { tookMs: 60_000, answer: undefined, error: 'no answer within 60 s' }

  it('are a minute and a scrape', () => {
    expect(figuresOf({ ...course, scrapes: [late, late] })).toMatchObject({
      cpuMsPerScrape: 250,
      cpuSecondsPerMinute: 2,
      scrapesPerMinute: 4,
    })
  })

  it('a scrape without an answer counts with the time it was waited for', () => {
    const { scrapeMs, errors, series } = figuresOf({ ...course, scrapes: [late] })
    expect(scrapeMs?.median).toBe(60_000)
    expect(errors).toEqual(['no answer within 60 s'])
    expect(series).toBeUndefined()
  })
})

describe('the report', () => {
  it('has columns as wide as their widest cell', () => {
    expect(formatTable([['a', 'bb', 'c'], ['aaa', 'b', ''], []])).toEqual(['a    bb  c', 'aaa  b', ''])
  })

  it('counts the leader series that are missing', () => {
    const outage = state('outage', 50, 28_000, 3)
    const peer = { ...outage.peer, leaderSeries: 2_666, errors: ['no answer', 'no answer'] }
    const lines = formatState({ ...outage, leaderless: 1_334, peer })
    expect(lines[0]).toBe('outage: 4000 partitions, 1334 without a leader')
    expect(lines.find((line) => line.startsWith('leader series missing'))).toMatch(/ 0 +1334$/)
    expect(lines.at(-1)).toBe('kafka_exporter: no answer')
  })

  it('a second without an answer is no zero', () => {
    const silent = { second: 1, kafkaLeaderless: undefined, ours: undefined, peer: 'no answer yet' }
    expect(formatSeconds([silent])[1]).toMatch(/^\+1 s +- +- +- +- +no answer yet$/)
  })
})
