import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Loaded, loadConfig } from '../../src/config/load.ts'
import { redacted } from '../../src/config/redacted.ts'
import { makeTlsMaterial, type TlsMaterial } from '../web/tls-material.ts'

let files: TlsMaterial
let own: { cert: string; key: string }
let other: { cert: string; key: string }
const written = (name: string, text: string) => {
  const path = join(files.directory, name)
  writeFileSync(path, text)
  return path
}

beforeAll(() => {
  files = makeTlsMaterial()
  own = files.issue('own')
  other = files.issue('other')
})
afterAll(() => files.remove())

function messageOf(loaded: Loaded): string {
  return loaded.ok ? 'no problem' : loaded.message.replaceAll(files.directory, '')
}

function configOf(loaded: Loaded) {
  if (!loaded.ok || !('config' in loaded)) throw new Error(loaded.ok ? loaded.action : loaded.message)
  return loaded.config
}

describe('TLS to Kafka', () => {
  const load = (...argv: string[]) => loadConfig(['--tls.enabled', ...argv], {})

  it('reads the files, and shows neither them nor the key', () => {
    const config = configOf(
      load(`--tls.ca-file=${files.ca}`, `--tls.cert-file=${own.cert}`, `--tls.key-file=${own.key}`),
    )
    expect(config.kafka.tls?.ca?.pem).toContain('BEGIN CERTIFICATE')
    expect(config.kafka.tls?.client?.key.reveal()).toContain('PRIVATE KEY')
    expect(JSON.stringify(config)).not.toContain('PRIVATE KEY')
    expect(redacted(config)['kafka']).toMatchObject({
      tls: { ca: { path: files.ca }, client: { keyPath: own.key, key: '<secret>' }, insecureSkipVerify: false },
    })
    expect(JSON.stringify(redacted(config))).not.toContain('BEGIN')
  })

  it('checks what they hold', () => {
    const pair = (cert: string, key: string) => messageOf(load(`--tls.cert-file=${cert}`, `--tls.key-file=${key}`))
    const junk = written('junk.pem', 'hello')
    const torn = written('torn.pem', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n')
    const locked = written(
      'locked.key',
      '-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----\n',
    )
    expect(pair(own.cert, own.key)).toBe('no problem')
    expect(pair(own.cert, other.key)).toBe(
      '--tls.cert-file: "/other.key" is not the private key of the certificate in "/own.pem"',
    )
    expect(pair(junk, own.key)).toBe('--tls.cert-file: "/junk.pem" holds no PEM certificate')
    expect(pair(torn, own.key)).toBe('--tls.cert-file: "/torn.pem" holds a certificate that cannot be parsed')
    expect(pair(own.cert, junk)).toBe('--tls.cert-file: "/junk.pem" holds no PEM private key')
    expect(pair(own.cert, locked)).toBe(
      '--tls.cert-file: "/locked.key" holds an encrypted private key; it has to be stored without a passphrase',
    )
    expect(messageOf(load(`--tls.ca-file=${own.key}`))).toBe('--tls.ca-file: "/own.key" holds no PEM certificate')
    expect(messageOf(load(`--tls.cert-file=${own.cert}`))).toBe('--tls.cert-file: needs --tls.key-file beside it')
  })
})

describe('TLS of the web server', () => {
  it('comes from flags', () => {
    const argv = ['--server.tls.enabled', `--server.tls.cert-file=${own.cert}`, `--server.tls.key-file=${own.key}`]
    const tls = {
      certPath: own.cert,
      keyPath: own.key,
      clientCaPath: undefined,
      clientAuth: 'none',
      minVersion: 'TLSv1.2',
    }
    expect(configOf(loadConfig(argv, {})).web.tls).toEqual(tls)
    const mutual = [...argv, '--server.tls.mutual-auth-enabled']
    expect(messageOf(loadConfig(mutual, {}))).toBe(
      '--server.tls.ca-file: is needed with --server.tls.mutual-auth-enabled',
    )
    expect(configOf(loadConfig([...mutual, `--server.tls.ca-file=${files.ca}`], {})).web.tls).toEqual({
      ...tls,
      clientCaPath: files.ca,
      clientAuth: 'require_and_verify',
    })
  })

  it("or from exporter-toolkit's file, with paths relative to it", () => {
    const path = written(
      'web.yml',
      `tls_server_config: {cert_file: own.pem, key_file: own.key, client_auth_type: RequireAndVerifyClientCert, client_ca_file: ca.pem, min_version: TLS13}
basic_auth_users: {alice: "$2y$10$${'a'.repeat(53)}"}`,
    )
    const { web } = configOf(loadConfig([`--web.config.file=${path}`], {}))
    expect(web.tls).toEqual({
      certPath: own.cert,
      keyPath: own.key,
      clientCaPath: files.ca,
      clientAuth: 'require_and_verify',
      minVersion: 'TLSv1.3',
    })
    expect(web.users?.['alice']?.reveal()).toMatch(/^\$2y\$10\$a+$/)
  })

  const pair = 'cert_file: own.pem, key_file: own.key'
  const BAD: [string, string][] = [
    [
      'tls_server_config: {cert_fle: a}',
      'tls_server_config.cert_file is needed|tls_server_config.key_file is needed|tls_server_config.cert_fle is unknown; the nearest is cert_file',
    ],
    ['tls_server: {}', 'tls_server is unknown; the nearest is tls_server_config'],
    ['rate_limit: {}', 'rate_limit is not supported here'],
    [`tls_server_config: {${pair}, max_version: TLS13}`, 'tls_server_config.max_version is not supported here'],
    [`tls_server_config: {${pair}, min_version: TLS10}`, 'tls_server_config.min_version is not one of TLS12, TLS13'],
    [`tls_server_config: {cert_file: [a], key_file: b}`, 'tls_server_config.cert_file has to be text'],
    ['tls_server_config: yes', 'tls_server_config has to be a mapping of keys to values'],
    ['- a', 'the whole has to be a mapping of keys to values'],
    ['basic_auth_users: {alice: secret}', 'basic_auth_users.alice is not a bcrypt hash, as htpasswd -nBC 10 makes it'],
    [
      `basic_auth_users: {alice: "$2y$20$${'a'.repeat(53)}"}`,
      'basic_auth_users.alice has the bcrypt cost 20; 4 to 14 are taken',
    ],
    [
      `basic_auth_users: {"a:b": "$2y$10$${'a'.repeat(53)}"}`,
      'basic_auth_users: "a:b" is not a user name: not empty, no colon',
    ],
  ]
  it.each(BAD)('refuses %s', (text, reasons) => {
    const path = written('bad.yml', text)
    const lines = reasons.split('|').map((reason) => `--web.config.file: "/bad.yml": ${reason}`)
    expect(
      messageOf(loadConfig([`--web.config.file=${path}`], {}))
        .split('\n')
        .sort(),
    ).toEqual(lines.sort())
  })

  it('refuses policies that say nothing or let everybody in, missing files, and two sources of TLS', () => {
    const refused = (text: string, ...argv: string[]) =>
      messageOf(loadConfig([`--web.config.file=${written('policy.yml', `tls_server_config: {${text}}`)}`, ...argv], {}))
    expect(refused(`${pair}, client_auth_type: RequireAndVerifyClientCert`)).toBe(
      '--web.config.file: client_auth_type verifies, so it needs client_ca_file',
    )
    expect(refused(`${pair}, client_ca_file: ca.pem`)).toBe(
      '--web.config.file: client_ca_file has no effect unless client_auth_type is RequireAndVerifyClientCert or VerifyClientCertIfGiven',
    )
    expect(refused('cert_file: nope.pem, key_file: own.key')).toBe(
      '--web.config.file: cannot read "/nope.pem": no such file',
    )
    const flags = ['--server.tls.enabled', `--server.tls.cert-file=${own.cert}`, `--server.tls.key-file=${own.key}`]
    expect(refused(pair, ...flags)).toBe(
      '--web.config.file: sets tls_server_config, and --server.tls.enabled is given too: choose one',
    )
  })
})
