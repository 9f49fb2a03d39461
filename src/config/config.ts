import type { Address } from '../model/address.ts'
import type { FactName } from '../model/view.ts'
import type { ListenAddress } from './address.ts'
import type { Secret } from './secret.ts'

/** Everything the exporter was told, checked. Durations are in milliseconds; files' contents are read already. */
export interface Config {
  readonly kafka: {
    readonly servers: readonly Address[]
    readonly clientId: string
    readonly brokerRetentionMs: number
    /** undefined = plain TCP. */
    readonly tls: KafkaTls | undefined
    /** undefined = no authentication. */
    readonly sasl: Sasl | undefined
    /** KRaft controllers to ask directly; empty = through brokers only. */
    readonly controllers: readonly Address[]
  }
  /** Empty `servers`: ZooKeeper is not asked. */
  readonly zookeeper: {
    readonly servers: readonly Address[]
    /** Kafka's root in it, `/` or `/path/without/slash/at/its/end`. */
    readonly chroot: string
    /** Base URLs of AdminServers (`http://host:8080`), without a slash at the end. */
    readonly adminServers: readonly string[]
    /** Keep `zk_*_per_namespace`. */
    readonly perNamespace: boolean
    readonly tls: KafkaTls | undefined
  }
  /** Paths, globs or `-`; none of both: no logs are followed. */
  readonly logs: {
    readonly kafka: readonly string[]
    readonly zookeeper: readonly string[]
    /** undefined = positions are not remembered over a restart. */
    readonly positions: string | undefined
    readonly fromStart: boolean
    /** IANA name or offset (`+02:00`); undefined = the machine's. */
    readonly timeZone: string | undefined
  }
  /** Constant labels for every family. */
  readonly labels: Readonly<Record<string, string>>
  readonly topics: NameFilter
  readonly groups: NameFilter
  readonly sources: Readonly<Record<SourceName, boolean>>
  readonly web: {
    readonly listen: ListenAddress
    readonly telemetryPath: string
    readonly tls: WebTls | undefined
    /** User names to bcrypt hashes; undefined = open to everybody. */
    readonly users: Readonly<Record<string, Secret>> | undefined
  }
  readonly log: { readonly level: 'debug' | 'info' | 'warn' | 'error'; readonly format: 'logfmt' | 'json' }
}

/** A source that has nobody to ask (no `--zookeeper.server`, no `--logs.*`) is off. */
export type SourceName = FactName

/** A name is shown if `filter` matches anywhere in it and `exclude` nowhere. */
export interface NameFilter {
  readonly filter: RegExp
  readonly exclude: RegExp
}

export interface KafkaTls {
  readonly serverName: string | undefined
  readonly ca: PemFile | undefined
  readonly client: { readonly cert: PemFile; readonly keyPath: string; readonly key: Secret } | undefined
  readonly insecureSkipVerify: boolean
}

export interface PemFile {
  readonly path: string
  readonly pem: string
}

export type Sasl =
  | {
      readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
      readonly username: string
      readonly password: Secret
    }
  | {
      readonly mechanism: 'oauthbearer'
      readonly tokenUrl: string
      readonly clientId: string
      readonly clientSecret: Secret
      readonly scopes: readonly string[]
    }

/** Paths only: the web server reads the files itself, again whenever they change. */
export interface WebTls {
  readonly certPath: string
  readonly keyPath: string
  readonly clientCaPath: string | undefined
  readonly clientAuth: ClientAuth
  readonly minVersion: 'TLSv1.2' | 'TLSv1.3'
}

/** Go's client authentication policies, in the order of crypto/tls. */
export type ClientAuth = 'none' | 'request' | 'require_any' | 'verify_if_given' | 'require_and_verify'

declare const validated: unique symbol

/** Only `loadConfig` makes one, so whoever is handed one need not check again. */
export type ValidatedConfig = Config & { readonly [validated]: true }
