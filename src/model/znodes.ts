import type { Membership } from './ensemble.ts'

/** What ZooKeeper's own data say, read through a session that writes nothing. undefined = not read, or not readable (ACL). */
export interface Znodes {
  /** Where the session's connection is, `host:port`. */
  readonly server: string
  /** Broker id -> the session that holds its registration. */
  readonly brokers: ReadonlyMap<number, Registration> | undefined
  /** undefined in `id`: the node is not there, nobody is the controller. */
  readonly controller: { readonly id: number | undefined; readonly session: string | undefined } | undefined
  readonly controllerEpoch: number | undefined
  /** Names below `/brokers/topics`. */
  readonly topics: ReadonlySet<string> | undefined
  readonly membership: Membership | undefined
  /** Of this exporter's own session: its id and what was negotiated. Calibrates the clock of `dump`. */
  readonly session: { readonly id: string; readonly timeoutMs: number }
}

export interface Registration {
  /** The ephemeral node's owner as ZooKeeper's tools write it: `0x100001905f70000`. */
  readonly session: string
  /** `mzxid`/`czxid` of the node: another one is another registration. */
  readonly czxid: bigint
}
