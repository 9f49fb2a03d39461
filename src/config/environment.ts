import { type Given, type Reading } from './given.ts'
import { environmentName, OPTION_NAMES, type OptionName, optionNamed } from './options.ts'
import { nearest } from './text.ts'

/**
 * Kubernetes and Docker links add variables for every service near by: one called kafka-ha-exporter gives
 * KAFKA_HA_EXPORTER_SERVICE_HOST, KAFKA_HA_EXPORTER_PORT_10308_TCP_ADDR and so on. They are not settings, and not misspelled ones.
 */
const SERVICE_VARIABLE =
  /^KAFKA_HA_(?:\w+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_(?:TCP|UDP|SCTP)(?:_(?:PROTO|PORT|ADDR))?)?)$/

/** An empty variable counts as not set: it is what a template leaves behind. */
export function parseEnvironment(env: Readonly<Record<string, string | undefined>>): Reading {
  const given = new Map<OptionName, Given>()
  const known = new Set<string>()
  for (const name of OPTION_NAMES) {
    const own = environmentName(name)
    known.add(own)
    const alias = optionNamed(name).alias
    for (const origin of alias === undefined ? [own] : [own, alias]) {
      const value = env[origin]
      if (value && !given.has(name)) given.set(name, { value, origin })
    }
  }
  const unknown = Object.keys(env).filter(
    (key) => key.startsWith('KAFKA_HA_') && !known.has(key) && !SERVICE_VARIABLE.test(key),
  )
  const problems = unknown
    .sort()
    .map((key) => `${key}: unknown variable; the nearest is ${nearest(key, [...known]) ?? ''}`)
  return { given, problems }
}
