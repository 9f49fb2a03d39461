/** ZooKeeper's sessions as its servers list them. Session ids are written as ZooKeeper's tools do: `0x100001905f70000`. */
export interface Sessions {
  /** From the leader's `dump`; undefined where no server that says it leads could be asked. */
  readonly dump: SessionDump | undefined
  /** Session -> the connection that carries it now, from `cons` of every server that told. */
  readonly connections: ReadonlyMap<string, SessionConnection>
  /** `host:port` -> sessions connected to it. */
  readonly counts: ReadonlyMap<string, number>
}

export interface SessionDump {
  /** Who printed it, `host:port`. */
  readonly server: string
  /** Epoch of its zxid; undefined where it was not told. */
  readonly epoch: number | undefined
  readonly sessions: ReadonlyMap<string, ListedSession>
  /** How far `expiresAt` may be off, ms: the tick that the leader rounds to, and the clocks' doubt. */
  readonly errorMs: number
}

export interface ListedSession {
  /** When the ensemble ends it, wall ms on this exporter's clock. */
  readonly expiresAt: number
  /** Broker whose registration it holds. */
  readonly broker: number | undefined
  readonly ephemerals: number
}

export interface SessionConnection {
  readonly server: string
  readonly timeoutMs: number | undefined
}
