import { describe, expect, it } from 'vitest'
import { parseOptions } from '../../../src/cli/analyze/options.ts'

/** Ten past midnight in Berlin. */
const now = Date.parse('2026-11-26T23:10:00Z')

function asked(argv: readonly string[], zone = 'Europe/Berlin'): readonly (string | undefined)[] {
  const usage = parseOptions([...argv, `--time-zone=${zone}`, 'a.log'], now)
  if (!usage.ok) throw new Error(usage.message)
  return [usage.options.from, usage.options.to].map((at) => (at === undefined ? undefined : new Date(at).toISOString()))
}

describe('a time alone', () => {
  it.each<[argv: string[], from: string | undefined, to: string | undefined]>([
    [['--from=00:10'], '2026-11-26T23:10:00.000Z', undefined],
    [['--from=00:11'], '2026-11-25T23:11:00.000Z', undefined],
    [['--from=23:30'], '2026-11-26T22:30:00.000Z', undefined],
    [['--from=23:30:05.250'], '2026-11-26T22:30:05.250Z', undefined],
    [['--from=23:00Z'], '2026-11-26T23:00:00.000Z', undefined],
    [['--to=23:30'], undefined, '2026-11-26T22:30:00.000Z'],
    [['--from=23:30', '--to=00:30'], '2026-11-26T22:30:00.000Z', '2026-11-26T23:30:00.000Z'],
    [['--from=2024-02-23', '--to=00:00'], '2024-02-22T23:00:00.000Z', '2024-02-23T23:00:00.000Z'],
    [['--from=2024-02-23T07:40', '--to=08:00'], '2024-02-23T06:40:00.000Z', '2024-02-23T07:00:00.000Z'],
    [['--from=2024-02-23 23:40', '--to=00:10'], '2024-02-23T22:40:00.000Z', '2024-02-23T23:10:00.000Z'],
  ])('%j', (argv, from, to) => {
    expect(asked(argv)).toEqual([from, to])
  })

  it('is the newest one where an hour comes twice', () => {
    const secondPass = Date.parse('2026-10-25T01:40:00Z')
    const usage = parseOptions(['--from=02:30', '--to=02:35', '--time-zone=Europe/Berlin', 'a.log'], secondPass)
    const { from, to } = usage.ok ? usage.options : {}
    expect([from, to]).toEqual([Date.parse('2026-10-25T01:30:00Z'), Date.parse('2026-10-25T01:35:00Z')])
    const across = parseOptions(['--from=02:50', '--to=02:10', '--time-zone=Europe/Berlin', 'a.log'], secondPass)
    const { from: first, to: second } = across.ok ? across.options : {}
    expect([first, second]).toEqual([Date.parse('2026-10-25T00:50:00Z'), Date.parse('2026-10-25T01:10:00Z')])
  })

  it('is of the day that it is in the zone of the logs', () => {
    expect(asked(['--from=10:30'], '+14:00')).toEqual(['2026-11-26T20:30:00.000Z', undefined])
    expect(asked(['--from=11:30'], '-11:00')).toEqual(['2026-11-26T22:30:00.000Z', undefined])
  })
})
