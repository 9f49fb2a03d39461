import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { EventStore } from '../../../src/cli/analyze/keep.ts'
import { Rows } from '../../../src/cli/analyze/rows.ts'
import type { LogEvent } from '../../../src/model/log-event.ts'
import { run, type Told } from './run.ts'

// More events than there is room for: of the time that is told nothing is missing, and the rest is said.
const minute = 60_000
const start = Date.UTC(2026, 10, 22, 17)
const most = 200

const event = (file: string, line: number, at: number, over: Partial<LogEvent> = {}): LogEvent => ({
  at,
  component: 'kafka',
  level: 'info',
  event: 'kafka_isr_shrink',
  class: 'replication',
  severity: 'info',
  fields: { self: 1, partition: `t-${line}` },
  file,
  line,
  text: `${file} ${line}`,
  ...over,
})

/** A line a minute. */
const linesOf = (file: string, minutes: number, from = start): LogEvent[] =>
  Array.from({ length: minutes }, (_, index) => event(file, index + 1, from + index * minute))

const keptOf = (store: EventStore): string[] => store.inOrder(() => 0).map(({ text }) => text)
const textsOf = (events: readonly LogEvent[]): string[] =>
  events.toSorted((a, b) => (a.at ?? 0) - (b.at ?? 0)).map(({ text }) => text)

afterEach(() => {
  vi.restoreAllMocks()
})

describe('more events than there is room for', () => {
  it.each<[string, readonly LogEvent[][]]>([
    ['one file', [linesOf('a', 1000)]],
    ['a short file before a long one', [linesOf('b', 100), linesOf('a', 900)]],
    [
      'a long file before those that ended or began at another time',
      [linesOf('a', 700), linesOf('b', 90), linesOf('c', 60, start + 660 * minute)],
    ],
    [
      'rotated files, the newest first',
      [linesOf('a', 300, start + 600 * minute), linesOf('a.1', 300, start + 300 * minute), linesOf('a.2', 300)],
    ],
    ['a file whose times run backwards', [linesOf('a', 500).toReversed(), linesOf('b', 480)]],
    ['a clock that was set back', [[...linesOf('a', 150, start + 500 * minute), ...linesOf('b', 650)]]],
  ])('%s: of the time that is told all is kept, and each that is not is counted', (_, files) => {
    const store = new EventStore(undefined, undefined, most)
    const all = files.flat()
    for (const one of all) store.add(one)
    const { fullFrom = Infinity, dropped } = store
    const told = all.filter(({ at }) => (at ?? 0) >= fullFrom)
    expect(told.length).toBeGreaterThan(most / 8)
    const kept = keptOf(store)
    expect(kept.slice(-told.length)).toEqual(textsOf(told).slice(-kept.length))
    expect(new Set(kept).size).toBe(kept.length)
    expect(kept.length).toBeLessThanOrEqual(most)
    expect(dropped).toBe(all.length - kept.length)
  })

  it('all of one moment: what is left of it is not told as all of it', () => {
    const store = new EventStore(undefined, undefined, most)
    for (let line = 1; line <= 1000; line++) store.add(event('a', line, start))
    for (let line = 1001; line <= 1010; line++) store.add(event('a', line, start + 60 * minute))
    expect(store.fullFrom).toBeGreaterThan(start)
    expect(keptOf(store).slice(-10)).toEqual(Array.from({ length: 10 }, (_, index) => `a ${1001 + index}`))
    expect(store.events.length).toBeLessThanOrEqual(most)
    expect(store.dropped).toBe(1010 - store.events.length)
  })

  it('of what was left out, who was who and who had been stopped is kept, also where it was one moment', () => {
    const store = new EventStore(undefined, undefined, most)
    store.add(event('a', 1, start, { event: 'kafka_started', fields: { self: 1 } }))
    for (let line = 2; line <= 1000; line++) store.add(event('a', line, start))
    expect(keptOf(store)).toContain('a 1')
  })

  it('dense lines: most of the minutes that are left are told, not none', () => {
    const store = new EventStore(undefined, undefined, most)
    for (let line = 1; line <= 1000; line++) store.add(event('a', line, start + line * 100))
    const newest = start + 100_000
    expect(store.fullFrom).toBeLessThan(newest - 5000)
    const told = Math.floor((newest - (store.fullFrom ?? 0)) / 100)
    expect(keptOf(store).length).toBeGreaterThan(told)
  })

  it('what was not asked for is not counted as left out', () => {
    const from = start + 1000 * minute
    const store = new EventStore(from, undefined, most)
    for (const one of linesOf('a', 1900)) store.add(one)
    const before = store.dropped
    for (const one of linesOf('b', 980)) store.add(one)
    expect(before).toBeGreaterThan(0)
    expect(store.dropped).toBe(before)
  })

  it('texts of lines that were kept for a while are not', () => {
    const pack = vi.spyOn(Rows.prototype, 'pack')
    const store = new EventStore(start + 10_000 * minute, undefined, most)
    const registered = { event: 'kafka_broker_registered', fields: { self: 1 } }
    for (let line = 1; line <= 10 * most; line++) store.add(event('a', line, start + line, registered))
    expect(pack.mock.calls.length).toBeGreaterThanOrEqual(9)
    expect(keptOf(store)).toEqual([`a ${10 * most}`])
  })
})

describe('the same line again and again', () => {
  const failing = (line: number, at: number): LogEvent =>
    event('a', line, at, { event: 'zkc_socket_error', class: 'session', severity: 'minor', fields: { self: 1 } })

  it('from before the time that is asked for into it: it is told of that time', () => {
    const from = start + 60 * minute
    const store = new EventStore(from, undefined, most)
    for (let second = 0; second < 4000; second++) store.add(failing(second, start + second * 1000))
    const [row] = store.events
    expect(row).toBeDefined()
    expect(row?.lastAt).toBe(start + 3_999_000)
    expect(row?.at).toBeLessThanOrEqual(from)
  })

  it('beyond what there was no room for: it stays', () => {
    const store = new EventStore(undefined, undefined, most)
    for (let second = 0; second < 2000; second++) {
      store.add(failing(2 * second, start + second * 1000))
      store.add(event('b', second, start + second * 1000))
    }
    const rows = store.events.filter(({ event: name }) => name === 'zkc_socket_error')
    expect(Math.min(...rows.map(({ at }) => at))).toBeLessThanOrEqual(store.fullFrom ?? 0)
    expect(Math.max(...rows.map(({ lastAt }) => lastAt))).toBe(start + 1_999_000)
  })
})

describe('the answer where there was no room for all', () => {
  const root = join(import.meta.dirname, '../../fixtures/logs/2.6.0/D')
  const files = ['kafka1', 'kafka2', 'kafka3', 'zk1', 'zk2', 'zk3'].map((name) => join(root, `${name}.log.gz`))
  const within = async (room: number, ...argv: string[]): Promise<Told> => {
    const { out, code, err } = await run(['--format=json', '--time-zone=UTC', ...argv, ...files], '', room)
    if (code !== 0) throw new Error(err)
    return JSON.parse(out) as Told
  }
  it('is that of all the files for what began after it', async () => {
    const whole = await within(250_000)
    expect(whole.toldFrom).toBeNull()
    expect(whole.warnings).toEqual([])
    for (const room of [60, 40, 28]) {
      const part = await within(room)
      const from = part.toldFrom ?? ''
      expect(from).toMatch(/^2026-11-22T17:/)
      expect(part.warnings.join()).toContain(`what happened from ${from.slice(0, 23).replace('T', ' ')} on only`)
      const later = ({ incidents }: Told): string[] =>
        incidents.filter((one) => one.from >= from).map(({ title }) => title)
      expect(later(part)).toEqual(later(whole))
    }
  })
  it('says in text, too, from when on no loss can be told, and never beyond the time that was asked for', async () => {
    const late = '--from=2026-11-22T17:27:50Z'
    const to = '--to=2026-11-22T17:27:59Z'
    const { out } = await run(['--time-zone=UTC', late, to, ...files], '', 30)
    expect(out).toMatch(/^(NO LOSS OF A NODE BETWEEN .* AND 2026-11-22 17:27:59|THERE WERE TOO MANY EVENTS: nothing)/m)
    expect(out).toMatch(
      /WARNING: there was room for what happened from .* on only: \d+ events from before were left out/,
    )
  })
})
