import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run, tell } from './run.ts'

// Lines that a user pasted: wrapped in two, several flattened into one, from single files of a whole cluster.
const directory = join(import.meta.dirname, '../../fixtures/logs/ha-test')
const filesOf = (scenario: string): string[] =>
  readdirSync(directory)
    .filter((name) => name.startsWith(`${scenario}-`))
    .map((name) => join(directory, name))

const cases: readonly [
  scenario: string,
  verdicts: readonly (readonly [how: string, scope: string, nodes: string])[],
][] = [
  // A session that expired 16.75 s after its socket was closed; another that was closed cleanly a minute before.
  [
    'A',
    [
      ['stop', 'client', ''],
      ['crash', 'client', ''],
    ],
  ],
  ['B', [['stop', 'client', '']]],
  // One line: a fetcher was removed. It does not say why.
  ['C', []],
  // No trace with its one line: the server is not reached, and why is not told.
  ['D', [['unknown', 'zookeeper', '1']]],
  [
    'E',
    [
      ['ended', 'zookeeper', '1'],
      ['ended', 'zookeeper', '2'],
    ],
  ],
  ['F', [['ended', 'zookeeper', '1']]],
  ['G', [['ended', 'zookeeper', '1']]],
  // Known by its address only.
  ['H', [['silent', 'zookeeper', '']]],
  ['I', [['cut', 'broker', '3']]],
]

describe.each(cases)('the pasted lines of %s', (scenario, verdicts) => {
  it('tell what they tell and no more', async () => {
    const { incidents } = await tell(...filesOf(scenario))
    expect(incidents.map(({ how, scope, nodes }) => [how, scope, nodes.join()])).toEqual(verdicts)
  })
})

type Incident = Awaited<ReturnType<typeof tell>>['incidents'][number]
const expiredAfter = (incident: Incident | undefined): number =>
  Date.parse(incident?.phases.find(({ name }) => name === 'session expired')?.at ?? '') -
  Date.parse(incident?.from ?? '')

describe('the pasted lines', () => {
  it('of G: the session expired 2.5 s after the server was lost', async () => {
    const { incidents } = await tell(...filesOf('G'))
    expect(expiredAfter(incidents[0])).toBe(2540)
    // A ZooKeeper server has no session.
    expect(incidents[0]?.figures).toEqual({})
    expect(incidents[0]?.phases.find(({ name }) => name === 'session expired')?.text).toContain(
      'let session 0x300138012d60000 (no log tells who held it) expire',
    )
    expect(incidents[0]?.losses.map(({ role, id }) => [role, id])).toEqual([
      ['zookeeper', 1],
      ['client', null],
    ])
  })
  it('of H: a read timed out, the session expired 11.1 s later', async () => {
    const { incidents } = await tell(...filesOf('H'))
    expect(expiredAfter(incidents[0])).toBe(11_090)
    expect(incidents[0]?.losses[0]?.name).toBe('10.0.0.220')
  })
  it('of I: the quorum was lost, and the broker could not reach anyone', async () => {
    const { quorum } = await tell(...filesOf('I'))
    expect(quorum).toMatchObject([{ system: 'zookeeper', kind: 'lost', from: '2024-02-23T08:20:31.187Z', until: null }])
  })
  it('of C: what the one line says is shown, so that nobody takes silence for health', async () => {
    const { out } = await run(['--time-zone=UTC', ...filesOf('C')])
    expect(out).toContain('NO LOSS OF A NODE can be told from these logs')
    expect(out).toContain('Removed fetcher for partitions Set(test-topic-2)')
  })
})
