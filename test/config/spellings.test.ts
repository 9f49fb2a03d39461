import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { helpText, versionText } from '../../src/config/help.ts'
import { loadConfig } from '../../src/config/load.ts'
import { environmentName, OPTION_NAMES, type OptionName, optionNamed } from '../../src/config/options.ts'

/** A value for each option that is not its default; switches are turned. What is missing here fails the test below. */
const VALUES: Partial<Record<OptionName, string>> = {
  'kafka.server': 'a:1,b:2',
  'kafka.labels': 'dc=north',
  'kafka.client-id': 'me',
  'kafka.broker-retention': '1h',
  'kafka.version': '3.0.0',
  'tls.server-name': 'broker',
  'sasl.mechanism': 'scram-sha-512',
  'sasl.username': 'u',
  'sasl.password': 'p',
  'sasl.oauthbearer-token-url': 'https://idp/token',
  'sasl.oauthbearer-scopes': 'a,b',
  'topic.filter': 'a|b',
  'topic.exclude': '^c',
  'group.filter': 'd+',
  'group.exclude': '(?i)e',
  'web.listen-address': '127.0.0.1:1',
  'web.telemetry-path': '/m',
  'log.level': 'debug',
  'log.format': 'json',
  'refresh.metadata': '1m',
  'topic.workers': '7',
  verbosity: '3',
  'kafka.controller': 'c:9093',
  'zookeeper.server': 'y:2181,z:2182/kafka',
  'zookeeper.admin-server': 'http://y:8080',
  'zookeeper.tls.server-name': 'keeper',
  'logs.kafka': '/a/*.log,/b/{x,y}.log',
  'logs.zookeeper': '/z.log,-',
  'logs.positions': '/var/positions.json',
  'logs.time-zone': 'Europe/Berlin',
}
const FILE_OPTIONS = OPTION_NAMES.filter((name) => name.endsWith('-file') || name.endsWith('.file'))
const ALWAYS_ON = ['source.liveness', 'source.topology']

function valueOf(name: OptionName): string {
  const { kind, default: byDefault, noEffect } = optionNamed(name)
  if (kind.switch) return ALWAYS_ON.includes(name) ? byDefault : String(byDefault !== 'true')
  return VALUES[name] ?? (noEffect ? 'x' : '')
}

function load(argv: string[], env: Record<string, string> = {}, content: object = {}) {
  const files = { ...env, KAFKA_HA_CONFIG_FILE: 'c.yml' }
  return loadConfig(argv, files, () => Buffer.from(stringify(content)))
}

function nested(name: string, value: unknown): object {
  return name.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value) as object
}

/** Options that only say something together with others. */
const COMPANIONS: Partial<Record<OptionName, string[]>> = {
  'tls.server-name': ['--tls.enabled'],
  'tls.insecure-skip-tls-verify': ['--tls.enabled'],
  'zookeeper.tls.server-name': ['--zookeeper.server=z', '--zookeeper.tls.enabled'],
  'zookeeper.tls.insecure-skip-tls-verify': ['--zookeeper.server=z', '--zookeeper.tls.enabled'],
  'logs.positions': ['--logs.kafka=a.log'],
  'logs.from-start': ['--logs.kafka=a.log'],
  'logs.time-zone': ['--logs.kafka=a.log'],
  'source.logs': ['--logs.kafka=a.log'],
  'sasl.enabled': ['--sasl.username=x', '--sasl.password=y'],
}
const SASL = ['--sasl.enabled', '--sasl.username=x', '--sasl.password=y']

describe('the three spellings', () => {
  const names = OPTION_NAMES.filter((name) => !FILE_OPTIONS.includes(name) && name !== 'config.check')

  it.each(names)('%s means the same as a flag, in the environment and in the file', (name) => {
    const value = valueOf(name)
    expect(value, 'VALUES needs a row for this option').not.toBe('')
    const { kind } = optionNamed(name)
    const saslSwitch = name.startsWith('sasl.') && name !== 'sasl.enabled' ? SASL : []
    const besides = [...(COMPANIONS[name] ?? []), ...saslSwitch.filter((flag) => !flag.startsWith(`--${name}=`))]
    if (name === 'server.tls.enabled') {
      const messages = [
        load([`--${name}`]),
        load([], { [environmentName(name)]: 'true' }),
        load([], {}, nested(name, true)),
      ].map((loaded) => (loaded.ok ? '' : loaded.message))
      expect(new Set(messages).size).toBe(1)
      return
    }
    const flag = kind.switch ? (value === 'true' ? `--${name}` : `--no-${name}`) : `--${name}=${value}`
    const byFlag = load([...besides, flag])
    const byEnvironment = load(besides, { [environmentName(name)]: value })
    const byFile = load(besides, {}, nested(name, kind.switch ? value === 'true' : value))
    const configs = [byFlag, byEnvironment, byFile].map((loaded) => {
      if (!loaded.ok || !('config' in loaded)) throw new Error(loaded.ok ? loaded.action : loaded.message)
      return loaded.config
    })
    expect(configs[1]).toEqual(configs[0])
    expect(configs[2]).toEqual(configs[0])
  })

  it('differ only in form', () => {
    const variables = OPTION_NAMES.map(environmentName)
    expect(new Set(variables).size).toBe(OPTION_NAMES.length)
    expect(environmentName('kafka.client-id')).toBe('KAFKA_HA_KAFKA_CLIENT_ID')
    // A name that is also a heading could not be written in YAML.
    expect(OPTION_NAMES.filter((name) => OPTION_NAMES.some((other) => other.startsWith(`${name}.`)))).toEqual([])
  })
})

describe('--help', () => {
  const help = helpText()

  it('has every option with its variable, and every default', () => {
    for (const name of OPTION_NAMES) {
      const { kind, default: byDefault, alias } = optionNamed(name)
      const toggle = kind.alwaysOn === true ? `\n  --${name}\n` : `\n  --[no-]${name}\n`
      expect(help).toContain(kind.switch ? toggle : `\n  --${name}=${byDefault}`)
      expect(help).toContain(`[${environmentName(name)}${alias === undefined ? '' : `, ${alias}`}]`)
    }
  })

  it('fits 100 columns', () => {
    expect(help.split('\n').filter((line) => line.length > 100)).toEqual([])
  })
})

it('--version says what was built and what runs it', () => {
  expect(versionText({ version: '1.2.3', revision: 'abc' })).toBe(
    `kafka-ha-exporter, version 1.2.3 (revision abc, node ${process.versions.node})`,
  )
})
