import { describe, expect, it } from 'vitest'
import { parseOffset, parseTimeZone } from '../../src/model/time-zone.ts'

const summer = Date.UTC(2024, 6, 1)

describe('a time zone', () => {
  it.each([
    ['UTC', 0],
    ['Europe/Berlin', 120],
    ['Asia/Kolkata', 330],
    ['+02:00', 120],
    ['-09:30', -570],
    ['+14:00', 840],
    ['+14:59', 899],
  ])('may be %s', (name, minutes) => expect(parseTimeZone(name)?.(summer)).toBe(minutes))

  // Node's versions do not agree about all of them.
  it.each(['Europe/Atlantis', 'Berlin', '+2', '+0200', '+15:00', '+25:00', '+02:60', '02:00', 'UTC+2', ' ', '', 'Z'])(
    'is not %j',
    (name) => expect(parseTimeZone(name)).toBeUndefined(),
  )

  it("is the machine's where none is named", () => {
    expect(parseTimeZone(undefined)?.(summer)).toBe(0 - new Date(summer).getTimezoneOffset())
  })
})

describe('an offset behind a time', () => {
  it.each([
    ['Z', 0],
    ['+02', 120],
    ['-0330', -210],
    ['+05:45', 345],
    ['+19:00', undefined],
    ['+2', undefined],
    ['x', undefined],
  ])('%s is %s minutes', (text, minutes) => expect(parseOffset(text)).toBe(minutes))
})
