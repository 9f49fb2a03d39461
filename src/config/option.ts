import type { Kind } from './kinds.ts'

export const GROUPS = [
  'Kafka',
  'ZooKeeper',
  'Logs',
  'TLS to Kafka',
  'SASL',
  'Topics and groups',
  'Web',
  'Logging',
  'Configuration',
  "Accepted for kafka_exporter's sake",
] as const

export type Group = (typeof GROUPS)[number]

/**
 * One thing that can be set, in three spellings of one name: `--kafka.client-id`, KAFKA_HA_KAFKA_CLIENT_ID and
 * `kafka: {client-id: ...}`. The default is written as a flag's value would be and goes through the same parser.
 */
export interface Option<T = unknown> extends Extra {
  readonly kind: Kind<T>
  readonly default: string
  readonly group: Group
  readonly help: string
}

interface Extra {
  /** A further environment variable that is understood, after the option's own. */
  readonly alias?: string
  /** Settable on the command line and in the environment only. */
  readonly notInFile?: true
  /** Accepted, but does nothing: the reason, told to whoever sets it. */
  readonly noEffect?: string
}

/** Shortens the tables: what is under one heading of `--help`. */
export function inGroup(group: Group) {
  return function option<T>(kind: Kind<T>, byDefault: string, help: string, extra: Extra = {}): Option<T> {
    return { kind, default: byDefault, group, help, ...extra }
  }
}
