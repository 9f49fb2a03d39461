import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { unknownNames, targetLabels } from '../support/names.ts'
import { askedBy } from '../support/promql.ts'
import { labelsOf } from '../support/contract.ts'
import { labelsIn, queriesIn, ruleFile, rules, ruleTests, testFiles } from './rules.ts'

const headings = new Set(
  [...readFileSync(new URL('../../docs/runbooks.md', import.meta.url), 'utf8').matchAll(/^## (\w+)$/gm)].map(
    ([, title = '']) => title,
  ),
)
const perRule = rules.map((rule) => [rule.alert, rule] as const)

describe('the rules', () => {
  it('are there, each name once', () => {
    expect(rules.length).toBeGreaterThanOrEqual(10)
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length)
  })

  it.each(perRule)('%s says what to do, and where to read on', (alert, { labels, annotations, ...rule }) => {
    expect(labels['severity']).toMatch(/^(critical|warning)$/)
    expect(labels['component']).toMatch(/^(kafka|quorum|exporter)$/)
    expect(rule.for).toMatch(/^\d+[sm]$/)
    // The same text for all alerts of a group, so that a notification may show it once.
    expect(annotations['summary']).toMatch(/^[A-Z][^{}]+\.$/)
    expect(annotations['description']?.length).toBeGreaterThan(80)
    expect(annotations['runbook_url']).toBe(`docs/runbooks.md#${alert.toLowerCase()}`)
    expect(headings).toContain(alert)
  })

  it.each(perRule)('%s names only metrics and labels that exist', (_, { expr, annotations }) => {
    const queries = [expr, ...Object.values(annotations).flatMap(queriesIn)]
    expect(queries.flatMap(unknownNames)).toEqual([])
  })

  it.each(perRule)('%s shows labels that its result has', (_, { expr, annotations }) => {
    const { metrics, grouping } = askedBy(expr)
    const kept = grouping.size > 0 && !expr.includes('time()') ? [...grouping] : [...metrics.keys()].flatMap(all)
    const shown = Object.values(annotations).flatMap(labelsIn)
    expect(shown.filter((label) => !kept.includes(label) && !targetLabels.has(label))).toEqual([])
  })

  it.each(perRule)('%s keeps the cluster apart from others', (_, { expr }) => {
    const { grouping } = askedBy(expr)
    if (grouping.size > 0) expect([...grouping]).toEqual(expect.arrayContaining(['job', 'cluster']))
  })

  it('has a runbook for nothing that is no alert', () => {
    expect([...headings].sort()).toEqual(rules.map(({ alert }) => alert).sort())
  })
})

function all(metric: string): readonly string[] {
  return [...(labelsOf(metric) ?? [])]
}

describe.each(rules.map(({ alert }) => alert))('%s', (alert) => {
  const groups = ruleTests
    .map(({ alert_rule_test = [], name }) => ({ name, looks: alert_rule_test.filter((o) => o.alertname === alert) }))
    .filter(({ looks, name }) => looks.length > 0 && name.startsWith(`${alert}: `))
  const fires = (look: { exp_alerts?: readonly unknown[] }): boolean => (look.exp_alerts ?? []).length > 0

  it('has a test in which it fires, and one in which it has resolved after that', () => {
    const resolving = groups.filter(({ looks }) => {
      const first = looks.findIndex(fires)
      return first >= 0 && looks.slice(first).some((look) => !fires(look))
    })
    expect(resolving.map(({ name }) => name)).not.toEqual([])
  })

  it('has a test in which it stays silent', () => {
    expect(groups.filter(({ looks }) => !looks.some(fires)).map(({ name }) => name)).not.toEqual([])
  })
})

const missing = spawnSync('promtool', ['--version']).error !== undefined
const howToInstall = 'promtool is missing; on Debian: apt-get install --no-install-recommends prometheus'

// Where promtool must be (CI) its absence is a failure, not a reason to look away.
describe.skipIf(missing && process.env['CI'] !== 'true')(missing ? howToInstall : 'promtool', () => {
  const promtool = (...args: readonly string[]): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8', timeout: 60_000 })
    return { status, text: `${stdout}${stderr}` }
  }

  it('is installed', () => {
    if (missing) throw new Error(howToInstall)
  })

  it('takes the rules', () => {
    const { status, text } = promtool('check', 'rules', '--lint=all', '--lint-fatal', ruleFile)
    expect(text).toContain(`${rules.length} rules found`)
    expect(status).toBe(0)
  })

  it.each(testFiles.map((file) => [file.split('/').at(-1), file] as const))(
    'finds that %s holds',
    (_, file) => {
      const { status, text } = promtool('test', 'rules', file)
      expect(text).toContain('SUCCESS')
      expect(status).toBe(0)
    },
    60_000,
  )
})
