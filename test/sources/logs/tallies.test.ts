import { describe, expect, it } from 'vitest'
import { retained } from '../../../src/sources/logs/retained.ts'
import { Tallies } from '../../../src/sources/logs/tallies.ts'
import { logEvent } from '../../support/logs.ts'

const nowMs = Date.UTC(2026, 10, 27, 12)
const hourMs = 3_600_000

describe('the newest events', () => {
  it('are some thousands, in the order of reading', () => {
    const tallies = new Tallies([])
    const names = (): readonly string[] => tallies.newest.map(({ text }) => text)
    const expected = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `line ${from + i}`)
    for (let i = 0; i < 10_001; i++) {
      if (i === 3 || i === 3_000 || i === 3_001) expect(names()).toEqual(expected(Math.max(0, i - 3_000), i))
      tallies.event(logEvent('e', { text: `line ${i}` }), nowMs)
    }
    expect(names()).toEqual(expected(7_001, 10_001))
    expect(tallies.taken).toBe(10_001)
  })

  it('are the same object until there is a newer one', () => {
    const tallies = new Tallies([])
    tallies.event(logEvent('a'), nowMs)
    const { newest } = tallies
    expect(tallies.newest).toBe(newest)
    tallies.event(logEvent('b'), nowMs)
    expect(newest).toHaveLength(1)
    expect(tallies.newest).toHaveLength(2)
  })

  it('are bounded, however long their lines are, and say the same', () => {
    const isr = Array.from({ length: 10_000 }, (_, i) => i)
    const { text, fields } = retained(
      logEvent('long', { text: 'x'.repeat(100_000), fields: { reason: 'y'.repeat(100_000), isr, peer: 3 } }),
    )
    expect([text.length, fields.reason?.length, fields.isr?.length]).toEqual([1_000, 1_000, 100])
    const event = logEvent('short', { text: 'Zürich', fields: { reason: 'EOF', isr: [1, 2], peer: 3 } })
    expect(retained(event)).toEqual(event)
  })
})

describe('the time of the newest line', () => {
  it.each<[why: string, at: (number | undefined)[], lastAt: number | undefined]>([
    ['unknown as long as no line has one', [undefined], undefined],
    ['of the newest line, in whatever order the files are read', [nowMs - 5, nowMs - 9, undefined], nowMs - 5],
    ['of another time zone it may be ahead', [nowMs - hourMs, nowMs + 13 * hourMs], nowMs + 13 * hourMs],
    ['never of a time that no clock shows', [nowMs - hourMs, nowMs + 5_000 * hourMs], nowMs - hourMs],
  ])('%s', (_, times, lastAt) => {
    const tallies = new Tallies([])
    for (const at of times) tallies.event(logEvent('e', { at }), nowMs)
    expect(tallies.counts.events).toEqual([{ component: 'kafka', event: 'e', count: times.length, lastAt }])
  })
})

it('what is of no interest is not counted as an event, and lines are counted by level', () => {
  const tallies = new Tallies([{ component: 'zookeeper', event: 'known' }])
  tallies.event(logEvent('e', { severity: 'noise' }), nowMs)
  tallies.line('kafka', 'warn')
  tallies.line('kafka', 'warn')
  expect(tallies).toMatchObject({ taken: 0, newest: [] })
  expect(tallies.counts.events).toEqual([{ component: 'zookeeper', event: 'known', count: 0, lastAt: undefined }])
  expect(tallies.counts.lines.filter(({ count }) => count > 0)).toEqual([
    { component: 'kafka', level: 'warn', count: 2 },
  ])
  expect(tallies.counts.lines.filter(({ component }) => component === 'zookeeper')).toHaveLength(6)
})
