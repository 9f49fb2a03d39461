import { inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadConfig } from '../../src/config/load.ts'
import { describeConfig, redacted } from '../../src/config/redacted.ts'

const MARKER = 'xyzzy-hunter2'
const HASH = `$2b$10$${'a'.repeat(53)}`

interface Given {
  readonly argv?: string[]
  readonly env?: Record<string, string>
  readonly file?: string
  readonly web?: string
}

function load({ argv = [], env = {}, file, web }: Given) {
  const named = [
    ...(file === undefined ? [] : ['--config.file=c.yml']),
    ...(web === undefined ? [] : ['--web.config.file=w.yml']),
  ]
  return loadConfig([...argv, ...named], env, (path) => Buffer.from((path === 'c.yml' ? file : web) ?? ''))
}

const GOOD: [string, Given][] = [
  ['a flag', { argv: ['--sasl.enabled', '--sasl.username=u', `--sasl.password=${MARKER}`] }],
  ['a variable', { argv: ['--sasl.enabled', '--sasl.username=u'], env: { KAFKA_HA_SASL_PASSWORD: MARKER } }],
  ["the peer's variable", { argv: ['--sasl.enabled', '--sasl.username=u'], env: { SASL_USER_PASSWORD: MARKER } }],
  ['the file', { file: `sasl: {enabled: true, username: u, password: ${MARKER}}` }],
  ['a password without SASL', { argv: [`--sasl.password=${MARKER}`] }],
  [
    'oauthbearer',
    {
      argv: [
        '--sasl.enabled',
        '--sasl.mechanism=oauthbearer',
        '--sasl.username=u',
        '--sasl.oauthbearer-token-url=http://i',
      ],
      env: { KAFKA_HA_SASL_PASSWORD: MARKER },
    },
  ],
  ['hashes', { web: `basic_auth_users: {u: "${HASH}"}` }],
]

const BAD: [string, Given][] = [
  ['a misspelled flag', { argv: [`--sasl.pasword=${MARKER}`] }],
  ['a misspelled flag and its value', { argv: ['--sasl.pasword', MARKER] }],
  ['a password with a space', { argv: ['--sasl.password', 'a', MARKER] }],
  ['a password given twice', { argv: [`--sasl.password=${MARKER}`, `--sasl.password=${MARKER}`] }],
  ['a misspelled variable', { env: { KAFKA_HA_SASL_PASWORD: MARKER } }],
  ['a misspelled key', { file: `sasl: {pasword: ${MARKER}}` }],
  ['a password of the wrong type', { file: `sasl: {password: {a: ${MARKER}}}` }],
  ['a password as a list', { file: `sasl: {password: [${MARKER}]}` }],
  ['a heading with a value', { file: `sasl: ${MARKER}` }],
  ['an unquoted *', { file: `sasl: {password: *${MARKER}}` }],
  ['an unquoted !', { file: `sasl: {password: !${MARKER}}` }],
  ['an unquoted &', { file: `sasl:\n  password: &${MARKER} &b c` }],
  ['an unquoted %', { file: `%${MARKER}\nsasl: 1` }],
  ['an unquoted @', { file: `sasl: {password: @${MARKER}}` }],
  ['a quote that is not closed', { file: `sasl: {password: "${MARKER}` }],
  ['a bad escape', { file: `sasl: {password: "\\q${MARKER}"}` }],
  ['a password as a block of keys', { file: `sasl: {password: ${MARKER}: ${MARKER}: x}` }],
  ['a whole file that is the password', { file: MARKER }],
  ['credentials in a URL', { argv: [`--sasl.oauthbearer-token-url=https://u:${MARKER}@idp`] }],
  ['a plain password for a hash', { web: `basic_auth_users: {u: ${MARKER}}` }],
  ['a hash of the wrong type', { web: `basic_auth_users: {u: [${MARKER}]}` }],
  ['users as a list', { web: `basic_auth_users: [${MARKER}]` }],
  ['a key inline', { web: `tls_server_config: {cert_file: a, key_file: b, key: ${MARKER}}` }],
  ['a whole web file that is the password', { web: MARKER }],
]

describe('a secret is not shown', () => {
  it.each(GOOD)('of a good configuration by %s', (_, given) => {
    const loaded = load(given)
    if (!loaded.ok || !('config' in loaded)) throw new Error(loaded.ok ? loaded.action : loaded.message)
    const { config, warnings } = loaded
    const shown = [
      JSON.stringify(config),
      inspect(config, { depth: 20, showHidden: true }),
      JSON.stringify(redacted(config)),
      describeConfig(config),
      warnings.join(),
    ].join('\n')
    expect(shown).not.toContain(MARKER)
    expect(shown).not.toContain(HASH)
  })

  it.each(BAD)('by the message about %s', (_, given) => {
    const loaded = load(given)
    expect(loaded.ok).toBe(false)
    expect(loaded.ok || loaded.message).toMatch(/.{10}/)
    expect(JSON.stringify(loaded)).not.toContain('hunter2')
  })
})

it('shows that there is one', () => {
  const loaded = load(GOOD[0]?.[1] ?? {})
  if (!loaded.ok || !('config' in loaded)) throw new Error('not loaded')
  expect(redacted(loaded.config)).toMatchObject({
    kafka: { servers: ['kafka:9092'], sasl: { username: 'u', password: '<secret>' } },
    topics: { filter: '.*' },
    web: { listen: ':10308' },
  })
})
