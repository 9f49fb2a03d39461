import { GROUPS } from './option.ts'
import { environmentName, OPTION_NAMES, type OptionName, optionNamed } from './options.ts'

const WIDTH = 100
const INDENT = ' '.repeat(6)

const INTRODUCTION = `usage: kafka-ha-exporter [<flags>]
       kafka-ha-exporter analyze [<flags>] FILE...   (what happened, from log files alone)

Prometheus exporter for Apache Kafka that stays right while the cluster is broken.

Every flag has an environment variable, shown in brackets, and a key of the same name in the YAML
file: --kafka.client-id, KAFKA_HA_KAFKA_CLIENT_ID and kafka: {client-id: ...}. A flag overrides the
environment, which overrides the file. Flags marked + can be repeated, or
take a list with commas.

Examples:
  kafka-ha-exporter --kafka.server=kafka-1:9092 --kafka.server=kafka-2:9092
  kafka-ha-exporter --config.file=exporter.yml --config.check
  SASL_USER_PASSWORD=... kafka-ha-exporter --kafka.server=kafka:9093 --tls.enabled \\
      --sasl.enabled --sasl.mechanism=scram-sha512 --sasl.username=exporter
`

/** What `--help` prints: every option of the table under its heading, no line over 100 columns. */
export function helpText(): string {
  const sections = GROUPS.map((group) => {
    const entries = OPTION_NAMES.filter((name) => optionNamed(name).group === group).map(entry)
    if (group === 'Configuration') {
      entries.push('  --version', `${INDENT}Show the version.`, '  -h, --help', `${INDENT}Show this help.`)
    }
    return `${group}:\n${entries.join('\n')}\n`
  })
  return [INTRODUCTION, ...sections].join('\n')
}

function entry(name: OptionName): string {
  const { kind, default: byDefault, help, alias } = optionNamed(name)
  const flag = kind.switch
    ? `  --${kind.alwaysOn === true ? '' : '[no-]'}${name}`
    : `  --${name}=${byDefault === '' ? kind.placeholder : byDefault}${kind.repeatable ? ' +' : ''}`
  const state = kind.switch && byDefault === 'true' ? ' On by default.' : ''
  return `${flag}\n${wrap(`${help}${state} [${environmentName(name)}${alias ? `, ${alias}` : ''}]`)}`
}

function wrap(text: string): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && INDENT.length + line.length + 1 + word.length > WIDTH) {
      lines.push(INDENT + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, INDENT + line].join('\n')
}

export interface BuildInfo {
  readonly version: string
  readonly revision: string
}

/** What `--version` prints. */
export function versionText({ version, revision }: BuildInfo): string {
  return `kafka-ha-exporter, version ${version} (revision ${revision}, node ${process.versions.node})`
}
