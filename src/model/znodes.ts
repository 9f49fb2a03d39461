import type { Membership } from './ensemble.ts'

/** What ZooKeeper's own data say, read through a session that writes nothing. undefined = not read, or not readable (ACL). */
export interface Znodes {
  /** Where the session's connection is, `host:port`. */
  readonly server: string
  /** Which of the exporter's connections, counted: watches do not outlive one, and what goes and comes again between two is not seen. */
  readonly connection?: number
  /** Broker id -> the session that holds its registration. */
  readonly brokers: ReadonlyMap<number, Registration> | undefined
  /** undefined in `id`: the node is not there, nobody is the controller. */
  readonly controller: ControllerNode | undefined
  readonly controllerEpoch: number | undefined
  /** Names below `/brokers/topics`. */
  readonly topics: ReadonlySet<string> | undefined
  /** Of them, those that Kafka is deleting, or cannot delete yet: names below `/admin/delete_topics`. */
  readonly deletions?: ReadonlySet<string> | undefined
  readonly membership: Membership | undefined
  /** This exporter's own. Calibrates the clock of `dump`. */
  readonly session: OwnSession
}

export interface ControllerNode {
  readonly id: number | undefined
  readonly session: string | undefined
  /** A controller of KRaft, in a migration. */
  readonly kraft?: boolean
}

export interface Registration {
  /** The ephemeral node's owner as ZooKeeper's tools write it: `0x100001905f70000`. */
  readonly session: string
  /** `mzxid`/`czxid` of the node: another one is another registration. */
  readonly czxid: bigint
}

export interface OwnSession {
  readonly id: string
  /** As negotiated, ms. */
  readonly timeoutMs: number
  /** Wall ms at which the newest request left that was answered: the ensemble counts the session's expiry from there. */
  readonly touchedAt?: number | undefined
}

/**
 * Whether a controller of KRaft stands in ZooKeeper: brokers may still be in ZooKeeper mode, but follow it, and whom they name as the
 * controller is any live broker (KIP-866). `before` holds while nobody stands there, or nobody tells.
 */
export function isKraftInZookeeper(before: boolean, znodes: Znodes | undefined): boolean {
  return znodes?.controller?.id === undefined ? before : znodes.controller.kraft === true
}
