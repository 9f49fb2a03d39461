import { expect, it } from 'vitest'
import { eventClasses } from '../../../src/model/log-event.ts'
import type { Rule } from '../../../src/sources/logs/rule.ts'
import { allRules } from '../../../src/sources/logs/rules/all.ts'

const page = new URL('../../../docs/log-events.md', import.meta.url).pathname

const head = `# Events in logs

What \`--logs.kafka\` and \`--logs.zookeeper\` make of the lines of brokers and of ZooKeeper's servers: each row is the value of the label
\`event\` of \`kafka_ha_log_events_total\`, with its \`component\`. An event keeps its name through the versions whatever the wording.
Where one thing is told by several lines it is counted once. The severity says what one such line means by itself; what it means together
with others is the business of \`analyze\` and of the alerts.

Lines of severity \`noise\` are known so that nobody takes them for more; they are not counted. This page is made from the tables in
\`src/sources/logs/rules/\` and compared with them by a test (\`npx vitest run -u test/sources/logs/log-events-doc.test.ts\` writes it).
`

function row({ component, event, severity, meaning, examples }: Rule): string {
  const versions = [...new Set(examples.map(({ version }) => version))].join(', ')
  return `| \`${event}\` | ${component} | ${severity} | ${meaning.replaceAll('|', '\\|')} | ${versions} |`
}

function table(rules: readonly Rule[]): string {
  return [
    '| event | component | severity | what has happened | tried with lines of |',
    '| --- | --- | --- | --- | --- |',
    ...rules.map(row),
  ].join('\n')
}

it('docs/log-events.md says what the rules say', async () => {
  const sections = eventClasses.map(
    (name) => `## ${name}\n\n${table(allRules.filter((rule) => rule.class === name && rule.severity !== 'noise'))}\n`,
  )
  const noise = `## Not counted\n\n${table(allRules.filter(({ severity }) => severity === 'noise'))}\n`
  await expect(`${[head, ...sections, noise].join('\n')}`).toMatchFileSnapshot(page)
})
