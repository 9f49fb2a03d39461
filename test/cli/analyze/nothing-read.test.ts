import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from './run.ts'

// Nothing read, or nothing of the time asked for, never looks like all clear.
const root = mkdtempSync(join(tmpdir(), 'nothing-'))
const path = (name: string): string => join(root, name)
const line = (time: string): string => `[2026-11-22 ${time}] INFO all is well (kafka.server.KafkaServer)\n`
beforeAll(() => {
  mkdirSync(path('bare'))
  writeFileSync(path('bare/notes.txt'), line('10:00:00,000'))
  writeFileSync(path('empty.log'), '')
  writeFileSync(path('timeless.log'), 'one\ntwo\n')
  writeFileSync(
    path('calm.log'),
    `${line('10:00:00,000')}${line('10:10:00,000')}\tat of the line before\n${line('10:20:00,000')}`,
  )
})
afterAll(() => {
  rmSync(root, { recursive: true })
})

describe.each(['text', 'html', 'json'])('as %s', (format) => {
  const told = async (...argv: string[]): Promise<{ code: number; out: string; err: string }> => {
    const { code, out, err } = await run([`--format=${format}`, '--time-zone=UTC', ...argv])
    return { code, out: out.replace(/<\/?b>/g, '').toLowerCase(), err }
  }
  it.each([
    ['a directory without a log file', 'bare', 'no log lines were read', 'no log file in '],
    ['an empty file', 'empty.log', 'no log lines were read', 'without a line: '],
    ['lines without a time', 'timeless.log', 'no line with a time was read', ''],
  ])('%s: nothing can be told, exit code 1', async (_name, file, verdict, note) => {
    const { code, out, err } = await told(path(file))
    expect(code).toBe(1)
    expect(out).toContain(`${verdict}: nothing can be told`)
    expect(out).not.toContain('no loss of a node')
    expect(out).toContain(note === '' ? '' : `${note}${path(file).toLowerCase()}`)
    expect(err).toContain(verdict)
  })
  it('an empty file among others is listed, and no failure', async () => {
    const { code, out } = await told(path('empty.log'), path('calm.log'))
    expect(code).toBe(0)
    expect(out).toContain(`without a line: ${path('empty.log').toLowerCase()}`)
    expect(out).toContain('no loss of a node can be told from these logs')
  })
  it('a window without events: which it is, and how many lines lie in it', async () => {
    const { code, out } = await told('--from=2026-11-22T10:05Z', '--to=2026-11-22T10:15Z', path('calm.log'))
    expect(code).toBe(0)
    expect(out).toContain(
      'no loss of a node between 2026-11-22 10:05:00.000 and 2026-11-22 10:15:00.000 can be told from these logs: 2 lines of 4 in that time, 2 out of it',
    )
  })
  it('a window that the logs do not cover', async () => {
    const { out } = await told('--from=2026-11-23', path('calm.log'))
    expect(out).toContain(
      'the logs do not cover the time asked for: no line from 2026-11-23 00:00:00.000 on, so nothing can be told of it',
    )
    expect(out).not.toContain('no loss of a node')
  })
})

it('the header names the window and where the logs cover a part of it only', async () => {
  const { out } = await run(['--time-zone=UTC', '--from=2026-11-22T09:00Z', '--to=2026-11-22T11:00Z', path('calm.log')])
  expect(out.split('\n')[1]).toBe(
    'asked for: between 2026-11-22 09:00:00.000 and 2026-11-22 11:00:00.000; 4 lines of 4 in that time, 0 out of it; the logs begin at 2026-11-22 10:00:00.000 only; the logs end at 2026-11-22 10:20:00.000',
  )
})
