import { expect, it } from 'vitest'
import { GROUPS, type Group } from '../../src/config/option.ts'
import { OPTION_NAMES, optionNamed, type OptionName } from '../../src/config/options.ts'

const page = new URL('../../docs/options.md', import.meta.url).pathname

const head = `# Options

Each has three spellings: the flag \`--kafka.client-id\`, the environment variable \`KAFKA_HA_KAFKA_CLIENT_ID\` (\`KAFKA_HA_\`, then the flag's name in
capitals with \`_\` for \`.\` and \`-\`), and a key of the YAML file that \`--config.file\` names (\`kafka: { client-id: ... }\`). A flag overrides the
environment, which overrides the file. What is marked + can be given several times, or as a list with commas. A switch is set by its flag alone and
unset by \`--no-\` before its name. \`--help\` and \`--version\` are flags only.

\`--config.check\` prints what would be used, secrets hidden, and says where each mistake is. The flags of \`analyze\` are in [analyze.md](analyze.md).
This page is made from the tables in \`src/config/\` and compared with them by a test (\`npx vitest run -u test/config/options-doc.test.ts\` writes it).
`

const code = (text: string): string => (text === '' ? '' : `\`${text.replaceAll('|', '\\|')}\``)

function row(name: OptionName): string {
  const { kind, default: byDefault, help, alias, notInFile, noEffect } = optionNamed(name)
  const flag = kind.switch ? `--${name}` : `--${name}=${kind.placeholder}`
  const what = noEffect === undefined ? help : `Without effect: ${noEffect}.`
  const more = [alias === undefined ? '' : ` Also ${code(alias)}.`, notInFile === true ? ' Not in the file.' : '']
  const state = kind.switch ? (byDefault === 'true' ? 'on' : 'off') : code(byDefault)
  return `| ${code(flag)}${kind.repeatable ? ' +' : ''} | ${state} | ${what.replaceAll(/[|*]/g, '\\$&')}${more.join('')} |`
}

function section(group: Group): string {
  const rows = OPTION_NAMES.filter((name) => optionNamed(name).group === group).map(row)
  return [`## ${group}`, '', '| flag | default | |', '| --- | --- | --- |', ...rows, ''].join('\n')
}

it('docs/options.md says what the tables of options say', async () => {
  await expect([head, ...GROUPS.map(section)].join('\n')).toMatchFileSnapshot(page)
})
