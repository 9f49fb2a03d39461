import type { KafkaTls, PemFile, Sasl } from './config.ts'
import { type Desk, orProblem } from './desk.ts'
import { OPTION_NAMES, type OptionName, optionNamed } from './options.ts'
import { checkCertificates, checkPair } from './pem.ts'
import { Secret } from './secret.ts'

type TlsFamily = 'tls.' | 'zookeeper.tls.'

const nameOf = { 'tls.': 'Kafka', 'zookeeper.tls.': 'ZooKeeper' } as const satisfies Record<TlsFamily, string>

/** TLS to the brokers, or to the ensemble; undefined when it is off, or wrong (which the desk knows then). */
export function clientTls(desk: Desk, family: TlsFamily): KafkaTls | undefined {
  const { settings } = desk
  if (!settings[`${family}enabled`]) {
    desk.idle(under(family), `TLS to ${nameOf[family]} is off (--${family}enabled)`)
    return undefined
  }
  const ca = pemFile(desk, `${family}ca-file`)
  if (ca) orProblem(desk, `${family}ca-file`, checkCertificates(ca.pem, ca.path))
  return {
    serverName: settings[`${family}server-name`] || undefined,
    ca,
    client: clientCertificate(desk, family),
    insecureSkipVerify: settings[`${family}insecure-skip-tls-verify`],
  }
}

function clientCertificate(desk: Desk, family: TlsFamily): KafkaTls['client'] {
  const [certFile, keyFile] = [`${family}cert-file`, `${family}key-file`] as const
  const cert = pemFile(desk, certFile)
  const key = pemFile(desk, keyFile)
  const [hasCert, hasKey] = [desk.settings[certFile] !== '', desk.settings[keyFile] !== '']
  if (hasCert && !hasKey) desk.problem([certFile, keyFile], `needs --${keyFile} beside it`)
  if (hasKey && !hasCert) desk.problem([keyFile, certFile], `needs --${certFile} beside it`)
  if (!cert || !key) return undefined
  const wrong = checkPair(cert, key)
  if (wrong) desk.problem([certFile, keyFile], wrong.wrong)
  return { cert, keyPath: key.path, key: new Secret(key.pem) }
}

function pemFile(desk: Desk, name: `${TlsFamily}${'ca' | 'cert' | 'key'}-file`): PemFile | undefined {
  const path = desk.settings[name]
  const pem = path === '' ? undefined : desk.file(name, path)
  return pem === undefined ? undefined : { path, pem }
}

/** How to authenticate to the brokers; undefined when SASL is off, or wrong (which the desk knows then). */
export function sasl(desk: Desk): Sasl | undefined {
  const { settings } = desk
  const mechanism = settings['sasl.mechanism']
  const oauthOnly = ['sasl.oauthbearer-token-url', 'sasl.oauthbearer-scopes'] as const
  if (!settings['sasl.enabled']) {
    desk.idle(under('sasl.'), 'SASL is off (--sasl.enabled)')
    return undefined
  }
  if (mechanism === 'gssapi' || mechanism === 'awsiam') {
    const name = mechanism === 'gssapi' ? 'gssapi (Kerberos)' : 'awsiam (AWS IAM)'
    desk.problem(['sasl.mechanism'], `${name} is not built yet; plain, scram-sha256, scram-sha512 and oauthbearer are`)
    return undefined
  }
  const username = settings['sasl.username']
  const password = settings['sasl.password']
  if (username === '')
    desk.problem(['sasl.username', 'sasl.enabled', 'sasl.mechanism'], 'is needed with --sasl.enabled')
  if (password.reveal() === '') {
    desk.problem(['sasl.password', 'sasl.enabled', 'sasl.mechanism'], 'is needed with --sasl.enabled')
  }
  if (mechanism !== 'oauthbearer') {
    desk.idle(oauthOnly, `the SASL mechanism is ${mechanism}`)
    return { mechanism, username, password }
  }
  const tokenUrl = settings['sasl.oauthbearer-token-url']
  if (tokenUrl === '')
    desk.problem(['sasl.oauthbearer-token-url', 'sasl.mechanism'], 'is needed with the mechanism oauthbearer')
  if (tokenUrl.startsWith('http:'))
    desk.warn(`${desk.origin(oauthOnly[0])}: the client secret is sent without encryption`)
  return { mechanism, tokenUrl, clientId: username, clientSecret: password, scopes: settings[oauthOnly[1]] }
}

/** The options of one family that have an effect at all. */
function under(prefix: TlsFamily | 'sasl.'): OptionName[] {
  return OPTION_NAMES.filter((name) => name.startsWith(prefix) && optionNamed(name).noEffect === undefined)
}
