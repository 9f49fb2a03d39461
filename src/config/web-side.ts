import type { WebTls } from './config.ts'
import { type Desk, orProblem } from './desk.ts'
import { type OptionName } from './options.ts'
import { checkCertificates, checkPair } from './pem.ts'
import { parseWebConfigFile, type WebConfigFile } from './web-config-file.ts'

/** TLS and users of the web server: TLS from flags or from the web configuration file, not from both. */
export function webSide(desk: Desk): WebConfigFile {
  const fromFile = readWebConfig(desk)
  const fromFlags = tlsByFlags(desk)
  if (fromFile.tls && fromFlags) {
    desk.problem(
      ['web.config.file', 'server.tls.enabled'],
      'sets tls_server_config, and --server.tls.enabled is given too: choose one',
    )
  }
  return { tls: fromFile.tls ?? fromFlags, users: fromFile.users }
}

function readWebConfig(desk: Desk): WebConfigFile {
  const nothing = { tls: undefined, users: undefined }
  const path = desk.settings['web.config.file']
  const text = path === '' ? undefined : desk.file('web.config.file', path)
  if (text === undefined) return nothing
  const parsed = parseWebConfigFile(text, path)
  if (!('users' in parsed)) {
    for (const { wrong } of parsed) desk.problem(['web.config.file'], wrong)
    return nothing
  }
  const { tls } = parsed
  if (tls) {
    const all = 'web.config.file'
    checkFiles(desk, tls, { cert: all, key: all, ca: all })
    const verifies = tls.clientAuth === 'require_and_verify' || tls.clientAuth === 'verify_if_given'
    // Without authorities of our own, whoever has a certificate of any public authority would be let in.
    if (verifies && tls.clientCaPath === undefined)
      desk.problem([all], 'client_auth_type verifies, so it needs client_ca_file')
    if (!verifies && tls.clientCaPath !== undefined) {
      desk.problem(
        [all],
        'client_ca_file has no effect unless client_auth_type is RequireAndVerifyClientCert or VerifyClientCertIfGiven',
      )
    }
  }
  return parsed
}

function tlsByFlags(desk: Desk): WebTls | undefined {
  const { settings } = desk
  const files = ['server.tls.cert-file', 'server.tls.key-file', 'server.tls.ca-file'] as const
  if (!settings['server.tls.enabled']) {
    desk.idle([...files, 'server.tls.mutual-auth-enabled'], 'TLS of the web server is off (--server.tls.enabled)')
    return undefined
  }
  const mutual = settings['server.tls.mutual-auth-enabled']
  const [cert, key, ca] = files
  if (!mutual) desk.idle([ca], 'clients are not asked for certificates (--server.tls.mutual-auth-enabled)')
  let complete = true
  for (const name of mutual ? files : [cert, key]) {
    if (settings[name] !== '') continue
    complete = false
    const why = name === ca ? '--server.tls.mutual-auth-enabled' : '--server.tls.enabled'
    desk.problem([name, 'server.tls.enabled', 'server.tls.mutual-auth-enabled'], `is needed with ${why}`)
  }
  if (!complete) return undefined
  const tls: WebTls = {
    certPath: settings[cert],
    keyPath: settings[key],
    clientCaPath: mutual ? settings[ca] : undefined,
    clientAuth: mutual ? 'require_and_verify' : 'none',
    minVersion: 'TLSv1.2',
  }
  checkFiles(desk, tls, { cert, key, ca })
  return tls
}

function checkFiles(desk: Desk, tls: WebTls, names: Readonly<Record<'cert' | 'key' | 'ca', OptionName>>): void {
  const cert = desk.file(names.cert, tls.certPath)
  const key = desk.file(names.key, tls.keyPath)
  if (cert !== undefined && key !== undefined) {
    const wrong = checkPair({ path: tls.certPath, pem: cert }, { path: tls.keyPath, pem: key })
    if (wrong) desk.problem([names.cert, names.key], wrong.wrong)
  }
  const ca = tls.clientCaPath === undefined ? undefined : desk.file(names.ca, tls.clientCaPath)
  if (ca !== undefined) orProblem(desk, names.ca, checkCertificates(ca, tls.clientCaPath ?? ''))
}
