import { readdirSync, readFileSync } from 'node:fs'
import { parse } from 'yaml'

export interface Rule {
  readonly alert: string
  readonly expr: string
  readonly for: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
}

/** One group of a promtool test file, as far as it is about one alert. */
export interface RuleTest {
  readonly name: string
  readonly alert_rule_test?: readonly {
    readonly alertname: string
    readonly eval_time: string
    readonly exp_alerts?: readonly unknown[]
  }[]
}

const alerts = new URL('../../alerts/', import.meta.url)
export const ruleFile = new URL('kafka-ha.rules.yaml', alerts).pathname
export const testFiles = readdirSync(new URL('tests/', alerts))
  .filter((name) => name.endsWith('.test.yaml'))
  .map((name) => new URL(`tests/${name}`, alerts).pathname)

export const rules = (
  parse(readFileSync(ruleFile, 'utf8')) as { groups: readonly { rules: readonly Rule[] }[] }
).groups.flatMap((group) => group.rules)

export const ruleTests = testFiles.flatMap(
  (file) => (parse(readFileSync(file, 'utf8')) as { tests: readonly RuleTest[] }).tests,
)

/** PromQL inside an annotation's template, its %q filled in. */
export function queriesIn(template: string): readonly string[] {
  return [...template.matchAll(/printf ("(?:[^"\\]|\\.)*")[^}]*\| query\b/g)].map(([, quoted = '""']) =>
    (JSON.parse(quoted) as string).replaceAll('%q', '"x"'),
  )
}

/** Labels of the alert that a template shows. */
export function labelsIn(template: string): readonly string[] {
  return [...template.matchAll(/\$labels\.(\w+)/g)].map(([, label = '']) => label)
}
