import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { format } from 'prettier'
import { expect, it } from 'vitest'
import { logComponents, severities, type LogComponent } from '../../src/model/log-event.ts'
import { allRules } from '../../src/sources/logs/rules/all.ts'

const file = new URL('../../docs/log-events.md', import.meta.url)
const writers: Readonly<Record<LogComponent, string>> = {
  kafka: 'Brokers',
  controller: 'Controllers',
  zookeeper: 'ZooKeeper servers',
}

const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')

function table(component: LogComponent): string {
  const rules = allRules
    .filter((rule) => rule.component === component)
    .sort((a, b) => severities.indexOf(a.severity) - severities.indexOf(b.severity) || (a.event < b.event ? -1 : 1))
  const rows = rules.map(({ event, class: of, severity, meaning }) => {
    const counted = severity === 'noise' ? 'not counted' : severity
    return `| \`${event}\` | ${of} | ${counted} | ${cell(meaning)} |`
  })
  return [
    `## ${writers[component]} (\`component="${component}"\`)`,
    '',
    '| event | class | severity | meaning |',
    '| --- | --- | --- | --- |',
    ...rows,
  ].join('\n')
}

const head = `# Events in logs

The lines that the exporter knows, in every version's wording, by who writes them; the worst first. \`kafka_ha_log_events_total\` counts them,
[logs.md](logs.md) says how. \`critical\`: data is unavailable, or a quorum is lost; \`major\`: a node or leader is lost; \`minor\`: passing, or of one
place; \`info\`: a change of state that explains others. Generated from the rules: \`UPDATE_DOCS=1 npx vitest run --project unit test/docs\`.`

it('docs/log-events.md has every event of the rules (UPDATE_DOCS=1 writes it anew)', async () => {
  const text = [head, ...logComponents.map(table)].join('\n\n')
  const formatted = await format(text, { parser: 'markdown', printWidth: 120 })
  if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, formatted)
  expect(existsSync(file) && readFileSync(file, 'utf8')).toBe(formatted)
})
