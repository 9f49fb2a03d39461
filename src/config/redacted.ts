import { stringify } from 'yaml'
import { formatAddress, type ListenAddress } from './address.ts'
import type { ValidatedConfig } from './config.ts'
import { Secret } from './secret.ts'

/** The configuration as plain data that may be printed: secrets and file contents are hidden, patterns and addresses are text. */
export function redacted(config: ValidatedConfig): Readonly<Record<string, unknown>> {
  return plain(config) as Record<string, unknown>
}

/** The same as YAML, for `--config.check`. */
export function describeConfig(config: ValidatedConfig): string {
  const head = '# What would be used, defaults included. To be read: a configuration file has the names of the flags.\n'
  return head + stringify(redacted(config), { lineWidth: 0 })
}

function plain(value: unknown): unknown {
  if (value instanceof Secret) return value.toString()
  if (value instanceof RegExp)
    return value.flags === 'u' ? value.source : `(?${value.flags.replace('u', '')})${value.source}`
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(plain)
  if ('port' in value && 'host' in value) return formatAddress(value as ListenAddress)
  const shown = Object.entries(value).filter(([key, item]) => key !== 'pem' && item !== undefined)
  return Object.fromEntries(shown.map(([key, item]) => [key, plain(item)]))
}
