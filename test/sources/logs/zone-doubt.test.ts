import { describe, expect, it } from 'vitest'
import { fittingZone, ZoneDoubt } from '../../../src/sources/logs/zone-doubt.ts'

const nowMs = Date.UTC(2026, 10, 27, 12)
const minute = 60_000

/** What is told of lines that are so far off, one every ten seconds. */
function told(...offsets: readonly number[]) {
  const doubt = new ZoneDoubt()
  return offsets.flatMap((offset, i) => doubt.take(nowMs + i * 10_000 + offset, nowMs + i * 10_000) ?? [])
}

const again = (offset: number, times = 20): number[] => Array.from({ length: times }, () => offset)

describe('lines of another time zone', () => {
  it.each([120, -60, 330, -570, 840])('are told of once: %i minutes', (minutes) => {
    expect(told(...again(minutes * minute + 800))).toEqual([minutes])
  })

  it('are not told of before there are several', () => expect(told(...again(60 * minute, 4))).toEqual([]))

  it('that come all at once are an old file', () => {
    const doubt = new ZoneDoubt()
    const lines = Array.from({ length: 100 }, (_, i) => doubt.take(nowMs - 60 * minute + i, nowMs))
    expect(lines.filter((line) => line !== undefined)).toEqual([])
  })

  it.each([
    ['in time', again(0)],
    ['a little late', again(-20_000)],
    ['late by what no zone is', again(-7 * minute)],
    ['now so, now so', again(60 * minute).map((offset, i) => offset * (1 + (i % 3)))],
    ['a backlog that is caught up with', again(0).map((_, i) => -120 * minute + i * 5 * minute)],
    ['right again and again', again(60 * minute).map((offset, i) => (i % 4 === 0 ? 0 : offset))],
  ])('are not those that are %s', (_, offsets) => expect(told(...offsets)).toEqual([]))
})

describe('the zone that would fit', () => {
  it.each<[string, number, number, string | undefined]>([
    ['UTC', 60, nowMs, '+01:00'],
    ['Europe/Berlin', -60, nowMs, '+00:00'],
    ['Europe/Berlin', -120, Date.UTC(2026, 6, 1), '+00:00'],
    ['+02:00', 210, nowMs, '+05:30'],
    ['UTC', -570, nowMs, '-09:30'],
    ['+02:00', 24 * 60, nowMs, undefined],
  ])('where %s is in use, %i minutes off', (zone, minutesOff, at, fits) => {
    expect(fittingZone(zone, minutesOff, at)).toEqual({ in_use: zone, ...(fits === undefined ? {} : { fits }) })
  })

  it("is told beside this machine's, where none was given", () => {
    expect(fittingZone(undefined, 0, nowMs).in_use).toBe(Intl.DateTimeFormat().resolvedOptions().timeZone)
  })
})
