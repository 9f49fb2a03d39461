import { describe, expect, it } from 'vitest'
import { News } from '../../../src/sources/logs/news.ts'
import { logEvent } from '../../support/logs.ts'

const wall = Date.UTC(2026, 10, 27, 12)
const second = 1_000

/** Whether each line, at its second, is news. */
function heard(
  ...said: readonly (readonly [atSecond: number, event: string, more?: Parameters<typeof logEvent>[1]])[]
) {
  const news = new News()
  return said.map(([at, event, more]) => {
    const now = { mono: at * second, wall: wall + at * second }
    return news.wakesFor(logEvent(event, { at: now.wall, ...more }), now).length > 0
  })
}

describe('who is woken', () => {
  it.each([
    ['failover', ['liveness', 'topology', 'zookeeper', 'quorum']],
    ['session', ['sessions', 'znodes', 'topology']],
    ['quorum', ['zookeeper', 'quorum', 'sessions', 'topology']],
    ['controller', ['liveness', 'topology', 'znodes', 'quorum']],
    ['fatal', ['liveness', 'topology', 'zookeeper', 'quorum']],
    ['replication', []],
    ['disk', []],
    ['lifecycle', []],
  ] as const)('by %s', (of, names) => {
    const event = logEvent('e', { class: of, at: wall })
    expect(new News().wakesFor(event, { mono: 0, wall })).toEqual(names)
  })
})

describe('a line is news', () => {
  it('if it is serious', () => {
    const severities = ['critical', 'major', 'minor', 'info', 'noise'] as const
    expect(severities.flatMap((severity) => heard([0, 'e', { severity }]))).toEqual([true, true, false, false, false])
  })

  it('if it is of now, by its own time', () => {
    const times = [wall - 9 * second, wall + 9 * second, wall - 11 * second, wall + 11 * second, undefined]
    expect(times.flatMap((at) => heard([0, 'e', { at }]))).toEqual([true, true, false, false, false])
  })

  it('if it is not what goes on being said', () => {
    expect(heard([0, 'e'], [5, 'e'], [100, 'e'], [219, 'e'], [339, 'e'])).toEqual([true, false, false, false, true])
  })

  it('if it is about somebody else', () => {
    const of = (peer: number) => ({ fields: { peer } })
    expect(heard([0, 'e', of(1)], [5, 'e', of(2)], [10, 'e', of(1)], [15, 'f', of(1)])).toEqual([
      true,
      true,
      false,
      true,
    ])
    const session = (id: string) => ({ fields: { session: id } })
    expect(heard([0, 'e', session('0x1')], [5, 'e', session('0x2')])).toEqual([true, true])
  })

  it('if another was none just before: those who look see both', () => {
    expect(heard([0, 'e'], [0.5, 'f'], [1.5, 'g'])).toEqual([true, false, true])
  })

  it('whatever was said before: what is remembered is bounded', () => {
    const news = new News()
    const now = { mono: 0, wall }
    for (let peer = 0; peer < 5_000; peer++) news.wakesFor(logEvent('e', { at: wall, fields: { peer } }), now)
    const later = { mono: 2 * second, wall }
    const isNews = (peer: number): boolean =>
      news.wakesFor(logEvent('e', { at: wall, fields: { peer } }), later).length > 0
    expect(isNews(4_999)).toBe(false)
    expect(isNews(0)).toBe(true)
  })
})
