import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'

interface Given {
  readonly argv?: string[]
  readonly env?: Record<string, string>
  readonly file?: string | Uint8Array
}

function problems({ argv = [], env = {}, file }: Given): string {
  const loaded = loadConfig(file === undefined ? argv : ['--config.file=c.yml', ...argv], env, (path) => {
    if (path === 'c.yml' && file !== undefined) return Buffer.from(file)
    const code = path === '/secret.pem' ? 'EACCES' : path === '/etc' ? 'EISDIR' : 'ENOENT'
    throw Object.assign(new Error('no'), { code })
  })
  return loaded.ok ? 'no problem' : loaded.message
}

const FLAGS: [string[], string][] = [
  [['--kafka.srver=a:1'], '--kafka.srver: unknown flag; the nearest is --kafka.server'],
  [['--help=x'], '--help: takes no value'],
  [['--version=1'], '--version: takes no value'],
  [['--no-source.offset'], '--no-source.offset: unknown flag; the nearest is --no-source.offsets'],
  [['--no-kafka.server'], '--no-kafka.server: unknown flag; the nearest is --kafka.server'],
  [['-v'], '-v: unknown flag; the nearest is --help'],
  [['kafka:9092'], '"kafka:9092": unexpected; every setting is a flag (quote a value that has spaces)'],
  [['--log.level'], '--log.level: needs a value (WORD)'],
  [
    ['--log.level', '--log.format=json'],
    '--log.level: needs a value (WORD); for one that begins with a dash write --log.level=...',
  ],
  [['--log.level=info', '--log.level=warn'], '--log.level: given more than once'],
  [['--no-source.offsets=true'], '--no-source.offsets: takes no value'],
  [['--kafka.server='], '--kafka.server: "" names no address: at least one HOST:PORT is needed'],
  [['--kafka.server=a:0'], '--kafka.server: "a:0" has a port outside 1 to 65535'],
  [['--kafka.server=a:65536'], '--kafka.server: "a:65536" has a port outside 1 to 65535'],
  [['--kafka.server=a:x'], '--kafka.server: "a:x" is not an address: write HOST:PORT or [IPV6]:PORT'],
  [['--kafka.server=[a]:1'], '--kafka.server: "[a]:1" is not an address: write HOST:PORT or [IPV6]:PORT'],
  [['--kafka.server=::1'], '--kafka.server: "::1" is ambiguous: put IPv6 in brackets, as in [::1]:9092'],
  [['--kafka.server=SASL_SSL://a:1'], '--kafka.server: "SASL_SSL://a:1" has a scheme: write HOST:PORT only'],
  [
    ['--kafka.server=a b,ok:1', '--kafka.server=c:'],
    '--kafka.server: "a b" is not an address: write HOST:PORT or [IPV6]:PORT\n--kafka.server: "c:" is not an address: write HOST:PORT or [IPV6]:PORT',
  ],
  [['--kafka.labels=dc'], '--kafka.labels: "dc" is not a label: write NAME=VALUE'],
  [
    ['--kafka.labels=1a=x'],
    '--kafka.labels: "1a" is not a label name: letters, digits and underscores, not beginning with a digit',
  ],
  [
    ['--kafka.labels=topic=x'],
    '--kafka.labels: "topic" is a label of this exporter\'s own families: choose another name',
  ],
  [['--kafka.labels=__a=x'], '--kafka.labels: "__a" is not usable: names that begin with __ belong to Prometheus'],
  [['--kafka.labels=a=1,a=2'], '--kafka.labels: gives the label "a" twice'],
  [
    ['--kafka.client-id='],
    '--kafka.client-id: "" is not usable: 1 to 255 characters, none of them a control character',
  ],
  [
    ['--kafka.broker-retention=24'],
    '--kafka.broker-retention: "24" is not a duration: write a number and a unit, as in 30s, 5m or 24h',
  ],
  [['--kafka.broker-retention=366d'], '--kafka.broker-retention: "366d" is too long: at most 365d'],
  [
    ['--no-source.liveness'],
    '--no-source.liveness: cannot be switched off: every verdict rests on which brokers answer',
  ],
  [['--source.offsets=maybe'], '--source.offsets: "maybe" is neither true nor false'],
  [['--topic.filter=(a'], '--topic.filter: "(a" is not a usable pattern: unterminated group'],
  [
    ['--web.listen-address=10308'],
    '--web.listen-address: "10308" is not an address: write :PORT, HOST:PORT or [IPV6]:PORT',
  ],
  [['--web.listen-address=:70000'], '--web.listen-address: ":70000" has a port outside 0 to 65535'],
  [
    ['--web.telemetry-path=metrics'],
    '--web.telemetry-path: "metrics" is not a usable path: it begins with / and has letters, digits and . _ ~ - / in it',
  ],
  [
    ['--web.telemetry-path=/-/ready'],
    '--web.telemetry-path: "/-/ready" is taken: it is one of /-/healthy, /-/ready, /healthz',
  ],
  [['--log.level=loud'], '--log.level: "loud" is not one of debug, info, warn, error'],
  [['--topic.workers=many'], '--topic.workers: "many" is not a whole number from 0 to 1000000'],
  [['--config.file=/nope.yml'], '--config.file: cannot read "/nope.yml": no such file'],
  [['--config.file=/etc'], '--config.file: cannot read "/etc": it is a directory'],
  [
    ['--sasl.enabled'],
    '--sasl.username: is needed with --sasl.enabled\n--sasl.password: is needed with --sasl.enabled',
  ],
  [
    ['--sasl.mechanism=md5'],
    '--sasl.mechanism: "md5" is not one of plain, scram-sha-256, scram-sha-512, oauthbearer, gssapi, awsiam',
  ],
  [
    ['--sasl.enabled', '--sasl.mechanism=GSSAPI'],
    '--sasl.mechanism: gssapi (Kerberos) is not built yet; plain, scram-sha256, scram-sha512 and oauthbearer are',
  ],
  [
    ['--sasl.enabled', '--sasl.mechanism=awsiam'],
    '--sasl.mechanism: awsiam (AWS IAM) is not built yet; plain, scram-sha256, scram-sha512 and oauthbearer are',
  ],
  [
    ['--sasl.enabled', '--sasl.mechanism=oauthbearer', '--sasl.username=u', '--sasl.password=p'],
    '--sasl.oauthbearer-token-url: is needed with the mechanism oauthbearer',
  ],
  [
    ['--sasl.oauthbearer-token-url=ftp://x'],
    '--sasl.oauthbearer-token-url: "ftp://x" is not an http:// or https:// URL',
  ],
  [['--tls.enabled', '--tls.ca-file=/nope.pem'], '--tls.ca-file: cannot read "/nope.pem": no such file'],
  [
    ['--tls.enabled', '--tls.key-file=/secret.pem'],
    '--tls.key-file: cannot read "/secret.pem": permission denied\n--tls.key-file: needs --tls.cert-file beside it',
  ],
  [
    ['--server.tls.enabled'],
    '--server.tls.cert-file: is needed with --server.tls.enabled\n--server.tls.key-file: is needed with --server.tls.enabled',
  ],
  [['--web.config.file=/nope.yml'], '--web.config.file: cannot read "/nope.yml": no such file'],
]

const ENVIRONMENTS: [Record<string, string>, string][] = [
  [{ KAFKA_HA_KAFKA_SERVERS: 'a' }, 'KAFKA_HA_KAFKA_SERVERS: unknown variable; the nearest is KAFKA_HA_KAFKA_SERVER'],
  [{ KAFKA_HA_KAFKA_SERVER: 'a:0' }, 'KAFKA_HA_KAFKA_SERVER: "a:0" has a port outside 1 to 65535'],
  [{ KAFKA_HA_CONFIG_FILE: '/nope' }, 'KAFKA_HA_CONFIG_FILE: cannot read "/nope": no such file'],
]

const FILES: [string, string][] = [
  ['kafka: {sever: a}', 'kafka.sever (in c.yml): unknown key; the nearest is kafka.server'],
  ['kafak: {server: a}', 'kafak (in c.yml): unknown key; the nearest is kafka.server'],
  ['kafka.server: a', 'kafka.server (in c.yml): keys are nested: write kafka: {server: ...}'],
  ['kafka: [a]', 'kafka (in c.yml): has to be a mapping of keys to values'],
  ['- a', 'the file (in c.yml): has to be a mapping of keys to values'],
  ['kafka: {server: }', 'kafka.server (in c.yml): has no value; give one or leave the key out'],
  ['kafka: {server: [a, 5]}', 'kafka.server (in c.yml): "5" is not text; put it in quotes'],
  ['kafka: {server: {a: 1}}', 'kafka.server (in c.yml): a mapping is not text'],
  ['kafka: {labels: {shard: 1}}', 'kafka.labels (in c.yml): the value of shard: "1" is not text; put it in quotes'],
  ['kafka: {client-id: 007}', 'kafka.client-id (in c.yml): "7" is not text; put it in quotes'],
  [
    'source: {topology: false}',
    'source.topology (in c.yml): cannot be switched off: every verdict rests on the partitions and their replicas',
  ],
  ['source: {offsets: no}', 'source.offsets (in c.yml): "no" is neither true nor false'],
  ['config: {file: d.yml}', 'config.file (in c.yml): cannot be set in the file itself'],
  ['__proto__: {a: 1}', '__proto__ (in c.yml): unknown key; the nearest is group.filter'],
  ['a: 1\na: 2', '--config.file: "c.yml" is not usable YAML: line 2, column 1: the same key twice'],
  [
    'a: &x 1\nb: *x',
    '--config.file: "c.yml" is not usable YAML: line 2, column 4: an alias, which is not taken (a value that begins with * has to be quoted)',
  ],
  ['a:\n\tb: 1', '--config.file: "c.yml" is not usable YAML: line 2, column 1: indented with a tab'],
  ['a: 1\n---\nb: 1', '--config.file: "c.yml" is not usable YAML: line 2, column 1: more than one document'],
  ['a: "b', '--config.file: "c.yml" is not usable YAML: line 1, column 6: a quote, bracket, comma or colon is missing'],
  ['[a]: 1', '--config.file: "c.yml" is not usable YAML: line 1, column 1: a key that is not text'],
]

describe('a bad configuration', () => {
  it.each(FLAGS)('on the command line: %j', (argv, message) => expect(problems({ argv })).toBe(message))
  it.each(ENVIRONMENTS)('in the environment: %j', (env, message) => expect(problems({ env })).toBe(message))
  it.each(FILES)('in the file: %j', (file, message) => expect(problems({ file })).toBe(message))

  it('is told all at once, a line each', () => {
    const lines = problems({
      argv: ['--nope', '--log.level=loud', '--tls.enabled', '--tls.ca-file=/nope'],
      env: { KAFKA_HA_NOPE: '1', KAFKA_HA_LOG_FORMAT: 'xml' },
      file: 'nope: 1\nkafka: {server: a:0}',
    }).split('\n')
    const keys = lines.map((line) => line.slice(0, line.indexOf(':')))
    expect(keys.sort()).toEqual([
      '--log.level',
      '--nope',
      '--tls.ca-file',
      'KAFKA_HA_LOG_FORMAT',
      'KAFKA_HA_NOPE',
      'kafka.server (in c.yml)',
      'nope (in c.yml)',
    ])
  })

  it('does not follow one mistake with others that only come from it', () => {
    expect(problems({ argv: ['--sasl.enabled', '--sasl.mechanism=md5'] })).toBe(
      '--sasl.mechanism: "md5" is not one of plain, scram-sha-256, scram-sha-512, oauthbearer, gssapi, awsiam',
    )
  })

  it('may be as large or as deep as it likes, and is refused in the same way', () => {
    expect(problems({ file: `#${'x'.repeat(1_048_576)}` })).toBe('--config.file: "c.yml" is larger than 1 MiB')
    expect(problems({ file: '['.repeat(100_000) })).toMatch(/^--config.file: "c.yml" is not usable YAML: .{5,80}$/)
    expect(problems({ file: Uint8Array.of(0x61, 0xff) })).toBe('--config.file: "c.yml" is not UTF-8 text')
    expect(problems({ argv: [`--log.level=${'x'.repeat(1e5)}`] }).length).toBeLessThan(150)
  })
})
