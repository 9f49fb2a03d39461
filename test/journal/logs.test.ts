import { describe, expect, it } from 'vitest'
import { LogsJournal } from '../../src/journal/logs.ts'
import type { Logs } from '../../src/model/logs.ts'
import { logEvent, logFile, logsOf } from '../support/logs.ts'
import { startedAt, TestStore } from '../support/state.ts'

/** The lines of each look; one look every `everyMs`. */
function told(looks: readonly Logs[], everyMs = 1_000): readonly (readonly string[])[] {
  const store = new TestStore()
  const journal = new LogsJournal()
  return looks.map((look) => {
    const before = store.state
    const after = store.pass(everyMs).brings('logs', look).state
    return journal.entries(before, after).map(({ level, message, fields }) => {
      const pairs = Object.entries(fields).map(([name, value]) => ` ${name}=${value}`)
      return `${level}: ${message}${pairs.join('')}`
    })
  })
}

const files = (...of: Logs['files']): Logs => logsOf({ files: of })
const well = files(logFile('/a.log'))
const gone = files(logFile('/a.log', { up: false, failure: 'no such file' }))
const denied = files(logFile('/a.log', { up: false, failure: 'permission denied' }))

describe('files', () => {
  it('are told of when they cannot be read, why, and when they are back', () => {
    const [cannot, back] = ['warn: log file is not read file=/a.log reason=', 'info: log file is read file=/a.log']
    expect(told([well, gone, gone, denied, well, well])).toEqual([
      [],
      [`${cannot}no such file`],
      [],
      [`${cannot}permission denied`],
      [back],
      [],
    ])
  })

  it('that are gone from the glob are forgotten', () => {
    expect(told([gone, files(), gone])[2]).toEqual(['warn: log file is not read file=/a.log reason=no such file'])
  })

  it('of which a disk takes thousands are told of by a few lines', () => {
    const many = Array.from({ length: 2_000 }, (_, i) => logFile(`/${i}.log`, { up: false }))
    const [lines = []] = told([files(...many)])
    expect(lines).toHaveLength(6)
    expect(lines[0]).toBe('warn: log file is not read file=/0.log reason=it cannot be read')
    expect(lines[5]).toBe('warn: the same, or the opposite, of more log files files=1995')
  })

  it('that were truncated may have lost something', () => {
    const cut = files(logFile('/a.log', { truncations: 2 }))
    expect(told([well, cut, cut])).toEqual([
      [],
      ['info: log file was truncated: what was written just before may not have been read file=/a.log truncations=2'],
      [],
    ])
  })
})

describe('events', () => {
  const at = startedAt.wall + 1_000
  const lost = (line: number, more = {}) => logEvent('zkc_session_expired', { at, text: `line ${line}`, ...more })
  const taken = (count: number, ...newest: Logs['newest']): Logs => logsOf({ newest, taken: count })
  const line = (number: number): string =>
    `info: the logs tell event=zkc_session_expired severity=major component=kafka at=2026-11-22T12:00:01.000Z file=/logs/server.log text=line ${number}`

  it('that stand out are told of once', () => {
    expect(told([taken(1, lost(1)), taken(1, lost(1)), taken(3, lost(1), lost(2), lost(3))])).toEqual([
      [line(1)],
      [],
      [line(2), line(3)],
    ])
  })

  it('of little weight, or of another time, are not', () => {
    const others = [lost(1, { severity: 'minor' }), lost(2, { at: at - 70_000 }), lost(3, { at: undefined })]
    expect(told([taken(3, ...others)])).toEqual([[]])
  })

  it('do not flood the log: how many more there were is told a minute later', () => {
    const flood = Array.from({ length: 50 }, (_, i) => lost(i))
    const looks = [taken(50, ...flood), taken(50, ...flood), taken(50, ...flood)]
    const [first, second, third] = told(looks, 40_000)
    expect(first).toHaveLength(10)
    expect(second).toEqual([])
    expect(third).toEqual(['info: more such events in the logs severity=major events=40'])
  })

  it('that are critical come first, are warnings, and have a bound of their own', () => {
    const dead = logEvent('kafka_disks_all_failed', { at, severity: 'critical', text: 'all log dirs have failed' })
    const flood = Array.from({ length: 14 }, (_, i) => lost(i))
    const [first = [], second] = told([taken(15, ...flood, dead), taken(16, ...flood, dead, dead)])
    expect(first).toHaveLength(11)
    expect(first[0]).toMatch(/^warn: the logs tell event=kafka_disks_all_failed severity=critical .* have failed$/)
    expect(second).toHaveLength(1)
  })

  it('that are critical do not flood the log, either, yet each has been named', () => {
    const critical = (event: string) => logEvent(event, { at, severity: 'critical' })
    const flood = Array.from({ length: 50 }, () => critical('kafka_partition_leaderless'))
    const all = taken(52, ...flood, critical('kafka_fatal'), critical('kafka_fatal'))
    const [first = [], second] = told([all, logsOf({ ...all, files: [] })], 60_000)
    expect(first).toHaveLength(11)
    expect(first[10]).toContain('event=kafka_fatal')
    expect(second).toEqual(['warn: more such events in the logs severity=critical events=41'])
  })

  it('are told of by what is there of them when more came than are kept', () => {
    expect(told([taken(5_000, lost(1), lost(2))])).toEqual([[line(1), line(2)]])
  })

  it('are cut when they are long', () => {
    const [[long = ''] = []] = told([taken(1, lost(1, { text: 'x'.repeat(5_000) }))])
    expect(long.length).toBeLessThan(500)
  })
})
