import { describe, expect, it } from 'vitest'
import type { LogFile } from '../../src/model/logs.ts'
import { logFile, logsOf } from '../support/logs.ts'
import { page, series } from '../support/page.ts'
import { TestStore } from '../support/state.ts'

const said = logsOf({
  files: [logFile('/logs/server.log', { bytes: 900, lagBytes: 100 })],
  events: [{ component: 'kafka', event: 'zkc_session_expired', count: 2, lastAt: 1_500 }],
  lines: [{ component: 'kafka', level: 'warn', count: 7 }],
})

const families = (text: string): string[] => [...new Set(text.match(/^kafka_ha_log_\w+/gm))].sort()

describe('what the logs say', () => {
  it('is absent where none are followed, as is what was left out of it', () => {
    const text = page(new TestStore().tick().state)
    expect(families(text)).toEqual([])
    expect(text).not.toContain('family="kafka_ha_log_*"')
  })

  it('stays counted while a disk hangs; of its files nothing is claimed then', () => {
    const store = new TestStore().brings('logs', said)
    expect(series(page(store.state), 'kafka_ha_log_file_lag_bytes')).toEqual({ 'file=/logs/server.log': 100 })
    for (let second = 0; second < 20; second++) store.tick(1_000)
    const text = page(store.state)
    expect(families(text)).toEqual([
      'kafka_ha_log_bytes_total',
      'kafka_ha_log_cut_lines_total',
      'kafka_ha_log_events_total',
      'kafka_ha_log_last_event_timestamp_seconds',
      'kafka_ha_log_lines_total',
      'kafka_ha_log_rotations_total',
      'kafka_ha_log_truncations_total',
    ])
    expect(series(text, 'kafka_ha_log_events_total')).toEqual({ 'component=kafka,event=zkc_session_expired': 2 })
    expect(series(text, 'kafka_ha_log_last_event_timestamp_seconds')).toEqual({
      'component=kafka,event=zkc_session_expired': 1.5,
    })
  })

  it('is escaped', () => {
    const store = new TestStore().brings('logs', logsOf({ files: [logFile('/a "b"\n\\c.log', { up: false })] }))
    expect(page(store.state)).toContain('kafka_ha_log_file_up{file="/a \\"b\\"\\n\\\\c.log"} 0\n')
  })
})

describe('the files of a glob that matches thousands', () => {
  const many: LogFile[] = Array.from({ length: 1_500 }, (_, i) => logFile(`/logs/${String(i).padStart(4, '0')}`))
  const at = (index: number, more: Partial<LogFile>): LogFile => ({ ...logFile(`/logs/${index}`), ...more })
  many[1_400] = at(1_400, { up: false })
  many[1_450] = at(1_450, { lagBytes: 5 })
  const text = page(new TestStore().brings('logs', logsOf({ files: many })).state)

  it.each([
    'kafka_ha_log_file_up',
    'kafka_ha_log_file_lag_bytes',
    'kafka_ha_log_bytes_total',
    'kafka_ha_log_rotations_total',
    'kafka_ha_log_truncations_total',
    'kafka_ha_log_cut_lines_total',
  ])('have a bounded number of series in %s, those in trouble among them', (family) => {
    const files = Object.keys(series(text, family) ?? {})
    expect(files).toHaveLength(1_000)
    expect(files).toEqual(expect.arrayContaining(['file=/logs/1400', 'file=/logs/1450', 'file=/logs/0000']))
  })

  it('are counted where they are left out', () => {
    expect(series(text, 'kafka_ha_series_omitted')).toMatchObject({ 'family=kafka_ha_log_*': 500 })
  })
})
