import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { analyzeHelp } from '../../../src/cli/analyze/help.ts'
import { counted, sizeOf } from '../../../src/cli/analyze/times.ts'
import { allRules } from '../../../src/sources/logs/rules/all.ts'
import { run } from './run.ts'

const root = join(import.meta.dirname, '../../fixtures/logs')
const directory = mkdtempSync(join(tmpdir(), 'wording-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})

it.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1400, '1.4 kB'],
  [99_949, '99.9 kB'],
  [213_000, '0.2 MB'],
  [5_600_000, '5.6 MB'],
])('%d bytes are told as %s', (bytes, text) => {
  expect(sizeOf(bytes)).toBe(text)
})
it('one is one', () => {
  expect([0, 1, 2].map((count) => counted(count, 'line'))).toEqual(['0 lines', '1 line', '2 lines'])
})

describe('what is told', () => {
  it('of small logs has no 0.0 MB and no "1 lines"', async () => {
    const { out } = await run(['--time-zone=UTC', join(root, 'ha-test')])
    expect(out).toMatch(/^15 log files, \d+\.\d kB, /)
    expect(out).toContain(', 1 line, ')
    expect(out).not.toMatch(/\b1 lines\b/)
  })
  it('of a file without times ends with no comma', async () => {
    const timeless = join(directory, 'timeless.log')
    writeFileSync(timeless, 'no time\n')
    const { out } = await run(['--time-zone=UTC', timeless, join(root, '2.6.0/G/kafka1.log.gz')])
    expect(out).toMatch(/timeless\.log .*, 1 line$/m)
    expect(out).not.toMatch(/, *$/m)
  })
  it('of nodes without a log names one or several', async () => {
    const told = async (...names: string[]): Promise<string> =>
      (await run(names.map((name) => join(root, '2.6.0/G', `${name}.log.gz`)))).out
    expect(await told('kafka2', 'kafka3', 'zk2', 'zk3')).toContain('there is no log of node 1: only')
    expect(await told('zk3', 'kafka3')).toContain('there are no logs of nodes 1 and 2: only')
  })
})

it('no rule\u2019s meaning names another rule: a reader knows none', () => {
  const named = allRules.filter(({ meaning }) => allRules.some(({ event }) => meaning.includes(event)))
  expect(named.map(({ event, meaning }) => `${event}: ${meaning}`)).toEqual([])
})

it.each(['below it', 'told whole', 'alone is its midnight', 'were wrapped', '--output is one of the logs'])(
  'the help says: %s',
  (text) => {
    expect(analyzeHelp).toContain(text)
    expect(Math.max(...analyzeHelp.split('\n').map(({ length }) => length))).toBeLessThanOrEqual(120)
  },
)
