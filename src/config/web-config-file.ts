import { dirname, resolve } from 'node:path'
import { z } from 'zod'
import type { ClientAuth, WebTls } from './config.ts'
import { Secret } from './secret.ts'
import { isWrong, nearest, show, type Wrong } from './text.ts'
import { parseYaml } from './yaml.ts'

const CLIENT_AUTH: Readonly<Record<string, ClientAuth>> = {
  NoClientCert: 'none',
  RequestClientCert: 'request',
  RequireAnyClientCert: 'require_any',
  RequireClientCert: 'require_any',
  VerifyClientCertIfGiven: 'verify_if_given',
  RequireAndVerifyClientCert: 'require_and_verify',
}
const MIN_VERSION = { TLS12: 'TLSv1.2', TLS13: 'TLSv1.3' } as const

const fileSchema = z.strictObject({
  tls_server_config: z
    .strictObject({
      cert_file: z.string().min(1),
      key_file: z.string().min(1),
      client_auth_type: z.enum(Object.keys(CLIENT_AUTH)).default('NoClientCert'),
      client_ca_file: z.string().default(''),
      min_version: z.enum(['TLS12', 'TLS13']).default('TLS12'),
    })
    .optional(),
  basic_auth_users: z.record(z.string(), z.string()).default({}),
})
const KEYS = [
  'tls_server_config',
  ...Object.keys(fileSchema.shape.tls_server_config.def.innerType.shape),
  'basic_auth_users',
]
/** Keys of exporter-toolkit's own format that are right there, and not built here. */
const NOT_BUILT =
  /^(cert|key|client_ca|client_allowed_sans|max_version|cipher_suites|prefer_server_cipher_suites|curve_preferences|http_server_config|rate_limit)$/

/** bcrypt's cost doubles the time with each step: 15 takes seconds, and whoever knows a user's name may ask for it. */
const HIGHEST_COST = 14

export interface WebConfigFile {
  readonly tls: WebTls | undefined
  readonly users: Readonly<Record<string, Secret>> | undefined
}

/** exporter-toolkit's web configuration; relative paths are relative to the file. Hashes are never shown. */
export function parseWebConfigFile(text: string, path: string): WebConfigFile | readonly Wrong[] {
  const yaml = parseYaml(text)
  if (isWrong(yaml)) return [{ wrong: `${show(path)} ${yaml.wrong}` }]
  const parsed = fileSchema.safeParse(yaml.value ?? {}, { reportInput: true })
  if (!parsed.success)
    return parsed.error.issues.flatMap(describe).map((reason) => ({ wrong: `${show(path)}: ${reason}` }))
  const { tls_server_config: tls, basic_auth_users: users } = parsed.data
  const problems = Object.entries(users).flatMap(([user, hash]) => checkHash(user, hash) ?? [])
  if (problems.length > 0) return problems.map((reason) => ({ wrong: `${show(path)}: ${reason}` }))
  const near = (file: string) => resolve(dirname(path), file)
  return {
    tls: tls && {
      certPath: near(tls.cert_file),
      keyPath: near(tls.key_file),
      clientCaPath: tls.client_ca_file === '' ? undefined : near(tls.client_ca_file),
      clientAuth: CLIENT_AUTH[tls.client_auth_type] ?? 'require_and_verify',
      minVersion: MIN_VERSION[tls.min_version],
    },
    users:
      Object.keys(users).length === 0
        ? undefined
        : Object.fromEntries(Object.entries(users).map(([user, hash]) => [user, new Secret(hash)])),
  }
}

function describe(issue: z.core.$ZodIssue): readonly string[] {
  const at = issue.path.join('.')
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const name = at === '' ? key : `${at}.${key}`
      return NOT_BUILT.test(key)
        ? `${name} is not supported here`
        : `${name} is unknown; the nearest is ${nearest(key, KEYS) ?? ''}`
    })
  }
  if (issue.code === 'invalid_value') return [`${at} is not one of ${issue.values.join(', ')}`]
  if (issue.code === 'too_small') return [`${at} is empty`]
  if (issue.code !== 'invalid_type') return [`${at} is not usable`]
  if (issue.input === undefined && issue.expected === 'string') return [`${at} is needed`]
  return [
    `${at === '' ? 'the whole' : at} has to be ${issue.expected === 'string' ? 'text' : 'a mapping of keys to values'}`,
  ]
}

function checkHash(user: string, hash: string): string | undefined {
  const cost = /^\$2[abxy]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1]
  if (user === '' || user.includes(':'))
    return `basic_auth_users: ${show(user)} is not a user name: not empty, no colon`
  if (cost === undefined) return `basic_auth_users.${user} is not a bcrypt hash, as htpasswd -nBC 10 makes it`
  return Number(cost) >= 4 && Number(cost) <= HIGHEST_COST
    ? undefined
    : `basic_auth_users.${user} has the bcrypt cost ${Number(cost)}; 4 to ${HIGHEST_COST} are taken`
}
