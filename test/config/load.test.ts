import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ValidatedConfig } from '../../src/config/config.ts'
import { type Loaded, loadConfig } from '../../src/config/load.ts'

const PEER_FLAGS = readFileSync(new URL('../fixtures/config/kafka_exporter-flags.txt', import.meta.url), 'utf8')

function load(argv: string[] = [], env: Record<string, string> = {}, file?: string): Loaded {
  const named = file === undefined ? {} : { KAFKA_HA_CONFIG_FILE: 'c.yml' }
  return loadConfig(argv, { ...env, ...named }, (path) => {
    if (path === 'c.yml' && file !== undefined) return Buffer.from(file)
    throw Object.assign(new Error('absent'), { code: 'ENOENT' })
  })
}

function good(loaded: Loaded): ValidatedConfig {
  if (!loaded.ok || !('config' in loaded)) throw new Error(loaded.ok ? loaded.action : loaded.message)
  return loaded.config
}

function warningsOf(loaded: Loaded): readonly string[] {
  if (!loaded.ok || !('warnings' in loaded)) throw new Error(loaded.ok ? loaded.action : loaded.message)
  return loaded.warnings
}

function messageOf(loaded: Loaded): string {
  return loaded.ok ? 'no problem' : loaded.message
}

describe('loadConfig', () => {
  it('has a default for everything', () => {
    const loaded = load()
    expect(loaded).toMatchObject({ ok: true, action: 'run', warnings: [] })
    expect(good(loaded)).toEqual({
      kafka: {
        servers: [{ host: 'kafka', port: 9092 }],
        clientId: 'kafka-ha-exporter',
        brokerRetentionMs: 86_400_000,
        tls: undefined,
        sasl: undefined,
        controllers: [],
      },
      zookeeper: { servers: [], chroot: '/', adminServers: [], perNamespace: false, tls: undefined },
      logs: { kafka: [], zookeeper: [], positions: undefined, fromStart: false, timeZone: undefined },
      labels: {},
      topics: { filter: /.*/u, exclude: /^$/u },
      groups: { filter: /.*/u, exclude: /^$/u },
      sources: {
        liveness: true,
        topology: true,
        offsets: true,
        reassignments: true,
        configs: true,
        quorum: true,
        elr: true,
        zookeeper: false,
        sessions: false,
        znodes: false,
        logs: false,
      },
      web: { listen: { host: undefined, port: 10308 }, telemetryPath: '/metrics', tls: undefined, users: undefined },
      log: { level: 'info', format: 'logfmt' },
    })
  })

  it('takes a flag before the environment, that before the file, and that before the default', () => {
    const file = 'kafka: {client-id: file}\nlog: {level: error, format: json}\nweb: {telemetry-path: /file}'
    const env = { KAFKA_HA_KAFKA_CLIENT_ID: 'env', KAFKA_HA_LOG_LEVEL: 'warn' }
    const config = good(load(['--kafka.client-id=flag'], env, file))
    expect([config.kafka.clientId, config.log, config.web.telemetryPath]).toEqual([
      'flag',
      { level: 'warn', format: 'json' },
      '/file',
    ])
  })

  it('replaces a list as a whole, it does not add to it', () => {
    const env = { KAFKA_HA_KAFKA_SERVER: 'env:1' }
    expect(good(load(['--kafka.server=a:1', '--kafka.server', 'b:2,A:1'], env)).kafka.servers).toEqual([
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ])
  })

  const SERVERS: [string, object[]][] = [
    ['kafka', [{ host: 'kafka', port: 9092 }]],
    [
      '[::1]:9093,[fe80::1]',
      [
        { host: '::1', port: 9093 },
        { host: 'fe80::1', port: 9092 },
      ],
    ],
    [
      '10.0.0.1:1, my_broker.example.:65535,',
      [
        { host: '10.0.0.1', port: 1 },
        { host: 'my_broker.example.', port: 65535 },
      ],
    ],
  ]
  it.each(SERVERS)('reads the brokers %s', (text, servers) => {
    expect(good(load([`--kafka.server=${text}`])).kafka.servers).toEqual(servers)
  })

  it.each([
    [':0', { host: undefined, port: 0 }],
    ['127.0.0.1:9308', { host: '127.0.0.1', port: 9308 }],
    ['[::1]:9308', { host: '::1', port: 9308 }],
  ])('listens on %s', (text, address) => {
    expect(good(load([`--web.listen-address=${text}`])).web.listen).toEqual(address)
  })

  it('takes labels as text, repeated, and as a mapping', () => {
    const labels = { dc: 'north', url: 'a=b' }
    expect(good(load(['--kafka.labels=dc=north,url=a=b'])).labels).toEqual(labels)
    expect(good(load(['--kafka.labels=dc=north', '--kafka.labels', 'url=a=b'])).labels).toEqual(labels)
    expect(good(load([], {}, 'kafka: {labels: {dc: north, url: a=b}}')).labels).toEqual(labels)
    expect(good(load(['--kafka.labels='])).labels).toEqual({})
  })

  it.each([
    ['0', 0],
    ['90s', 90_000],
    ['1h30m', 5_400_000],
    ['1.5s', 1_500],
    ['250ms', 250],
    ['7d', 604_800_000],
  ])('reads the duration %s', (text, ms) => {
    expect(good(load([`--kafka.broker-retention=${text}`])).kafka.brokerRetentionMs).toBe(ms)
  })

  it('takes switches in all their spellings', () => {
    for (const off of [
      ['--no-source.offsets'],
      ['--source.offsets=false'],
      ['--source.offsets', '--no-source.offsets'],
    ]) {
      expect(good(load(off)).sources.offsets, off.join(' ')).toBe(false)
    }
    expect(good(load([], { KAFKA_HA_SOURCE_OFFSETS: '0' })).sources.offsets).toBe(false)
    expect(good(load([], {}, 'source: {offsets: false}')).sources.offsets).toBe(false)
  })

  it('knows what asks for something else than a run, whatever else is wrong', () => {
    expect(load(['-h', '--nonsense'])).toEqual({ ok: true, action: 'help' })
    expect(load(['--version', '--nonsense'])).toEqual({ ok: true, action: 'version' })
    expect(load(['--config.check'])).toMatchObject({ ok: true, action: 'check' })
  })

  it('takes an empty variable and a heading without keys for nothing', () => {
    expect(good(load([], { KAFKA_HA_KAFKA_SERVER: '' }, 'kafka:\n  # server: a\n')).kafka.servers).toHaveLength(1)
    expect(good(load([], {}, '')).kafka.servers).toHaveLength(1)
  })

  it("does not mistake Kubernetes' variables for a neighbouring service for settings", () => {
    const env = {
      KAFKA_HA_EXPORTER_SERVICE_HOST: '10.0.0.1',
      KAFKA_HA_EXPORTER_SERVICE_PORT: '10308',
      KAFKA_HA_EXPORTER_SERVICE_PORT_HTTP_METRICS: '10308',
      KAFKA_HA_EXPORTER_PORT: 'tcp://10.0.0.1:10308',
      KAFKA_HA_EXPORTER_PORT_10308_TCP: 'tcp://10.0.0.1:10308',
      KAFKA_HA_EXPORTER_PORT_10308_TCP_PROTO: 'tcp',
      KAFKA_HA_SERVICE_HOST: '10.0.0.1',
    }
    expect(messageOf(load([], env))).toBe('no problem')
  })

  it('is frozen all the way down', () => {
    const config = good(load())
    expect(
      [config, config.kafka, config.kafka.servers, config.kafka.servers[0], config.web.listen].every(Object.isFrozen),
    ).toBe(true)
  })

  it("accepts every flag of kafka_exporter, with that exporter's default", () => {
    const lines = PEER_FLAGS.trim().split('\n')
    expect(lines).toHaveLength(44)
    for (const line of lines) {
      const argument = `--${line.replace('[no-]', '')}`
      expect(messageOf(load([argument, ...neededBy(argument)])), argument).toBe('no problem')
    }
    expect(
      messageOf(
        load(lines.filter((line) => !line.includes('enabled')).map((line) => `--${line.replace('[no-]', 'no-')}`)),
      ),
    ).toBe('no problem')
  })

  it('warns of settings without an effect once each, by the key as it was spelled, and only if they were set', () => {
    const loaded = load(
      ['--kafka.version=2.0.0', '--no-offset.show-all', '--tls.ca-file=/absent', '--no-tls.enabled'],
      { KAFKA_HA_TOPIC_WORKERS: '5' },
      'use: {consumelag: {zookeeper: true}}\nsasl: {realm: R, username: u}',
    )
    expect([...warningsOf(loaded)].sort()).toEqual([
      '--kafka.version has no effect: each broker is asked which versions it speaks',
      '--no-offset.show-all has no effect: consumer groups are not built yet',
      '--tls.ca-file has no effect: TLS to Kafka is off (--tls.enabled)',
      'KAFKA_HA_TOPIC_WORKERS has no effect: one request to each broker covers all its partitions',
      'sasl.realm (in c.yml) has no effect: Kerberos (GSSAPI) is not built yet',
      'sasl.username (in c.yml) has no effect: SASL is off (--sasl.enabled)',
      'use.consumelag.zookeeper (in c.yml) has no effect: consumer groups are not built yet',
    ])
  })
})

/** What a flag makes necessary: the peer would connect without a user name, and never get anywhere. */
function neededBy(argument: string): string[] {
  if (argument === '--sasl.enabled') return ['--sasl.username=u', '--sasl.password=p']
  if (argument.startsWith('--server.tls.enabled')) return ['--no-server.tls.enabled']
  return []
}

describe('SASL', () => {
  const on = ['--sasl.enabled', '--sasl.username=u', '--sasl.password=p']

  it.each([
    ['', 'plain'],
    ['PLAIN', 'plain'],
    ['scram-sha256', 'scram-sha-256'],
    ['SCRAM-SHA-512', 'scram-sha-512'],
  ])('knows the mechanism "%s"', (spelled, mechanism) => {
    const { sasl } = good(load([...on, `--sasl.mechanism=${spelled}`])).kafka
    expect(sasl).toMatchObject({ mechanism, username: 'u' })
    expect(sasl?.mechanism !== 'oauthbearer' && sasl?.password.reveal()).toBe('p')
  })

  it("takes the password from kafka_exporter's variable, after its own", () => {
    const password = (env: Record<string, string>) => {
      const { sasl } = good(load(['--sasl.enabled', '--sasl.username=u'], env)).kafka
      return sasl?.mechanism === 'plain' ? sasl.password.reveal() : undefined
    }
    expect(password({ SASL_USER_PASSWORD: 'a' })).toBe('a')
    expect(password({ SASL_USER_PASSWORD: 'a', KAFKA_HA_SASL_PASSWORD: 'b' })).toBe('b')
  })

  it('takes client credentials for oauthbearer', () => {
    const { sasl } = good(
      load([
        ...on,
        '--sasl.mechanism=oauthbearer',
        '--sasl.oauthbearer-token-url=https://idp/token',
        '--sasl.oauthbearer-scopes=a,b',
      ]),
    ).kafka
    expect(sasl).toMatchObject({
      mechanism: 'oauthbearer',
      tokenUrl: 'https://idp/token',
      clientId: 'u',
      scopes: ['a', 'b'],
    })
  })
})
