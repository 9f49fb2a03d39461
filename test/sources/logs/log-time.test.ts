import { describe, expect, it } from 'vitest'
import { endOfTime, parseTime } from '../../../src/sources/logs/log-time.ts'
import { parseTimeZone } from '../../../src/model/time-zone.ts'

function iso(text: string, zone: string, after?: string): string {
  const timeZone = parseTimeZone(zone)
  const at =
    timeZone === undefined ? undefined : parseTime(text, timeZone, after === undefined ? undefined : Date.parse(after))
  return at === undefined ? 'none' : new Date(at).toISOString()
}

describe('times', () => {
  it.each([
    ['2024-02-23 07:47:50,149', 'UTC', '2024-02-23T07:47:50.149Z'],
    ['2024-02-23 07:47:50', 'UTC', '2024-02-23T07:47:50.000Z'],
    ['2024-02-23 07:47:50.1', 'UTC', '2024-02-23T07:47:50.100Z'],
    ['2024-02-23T07:47:50.149123456Z', 'Asia/Tokyo', '2024-02-23T07:47:50.149Z'],
    ['2024-02-23T07:47:50,149-0330', 'UTC', '2024-02-23T11:17:50.149Z'],
    ['2024-02-23 07:47:50,149', '+02:00', '2024-02-23T05:47:50.149Z'],
    ['2024-02-23 07:47:50,149', 'Europe/Berlin', '2024-02-23T06:47:50.149Z'],
    ['2024-07-23 07:47:50,149', 'Europe/Berlin', '2024-07-23T05:47:50.149Z'],
    ['2024-07-23 07:47:50,149', 'Asia/Kathmandu', '2024-07-23T02:02:50.149Z'],
    ['2567-02-23 07:47:50,149', 'Asia/Bangkok', '2024-02-23T00:47:50.149Z'],
    ['2024-13-23 07:47:50,149', 'UTC', 'none'],
    ['2024-02-23 25:47:50,149', 'UTC', 'none'],
    ['2024-02-23 07:4x:50,149', 'UTC', 'none'],
  ])('%s in %s is %s', (text, zone, expected) => {
    expect(iso(text, zone)).toBe(expected)
  })

  it('leave out the hour that spring leaves out, and read on behind it', () => {
    expect(iso('2024-03-31 01:59:59,000', 'Europe/Berlin')).toBe('2024-03-31T00:59:59.000Z')
    expect(iso('2024-03-31 02:30:00,000', 'Europe/Berlin')).toBe('2024-03-31T01:30:00.000Z')
    expect(iso('2024-03-31 03:00:00,000', 'Europe/Berlin')).toBe('2024-03-31T01:00:00.000Z')
  })

  it('go on through the hour that autumn repeats', () => {
    const text = '2024-10-27 02:30:00,000'
    expect(iso(text, 'Europe/Berlin')).toBe('2024-10-27T00:30:00.000Z')
    expect(iso(text, 'Europe/Berlin', '2024-10-27T00:29:00Z')).toBe('2024-10-27T00:30:00.000Z')
    expect(iso(text, 'Europe/Berlin', '2024-10-27T01:05:00Z')).toBe('2024-10-27T01:30:00.000Z')
    expect(iso('2024-10-27 03:00:00,000', 'Europe/Berlin')).toBe('2024-10-27T02:00:00.000Z')
  })

  it('end where their text ends', () => {
    expect(endOfTime('2024-02-23 07:47:50,149] INFO', 0)).toBe(23)
    expect(endOfTime('2024-02-23 07:47:50 INFO', 0)).toBe(19)
    expect(endOfTime('2024-02-23T07:47:50.149+02:00 x', 0)).toBe(29)
    expect(endOfTime('2024-02-23 07:47', 0)).toBe(-1)
  })
})
