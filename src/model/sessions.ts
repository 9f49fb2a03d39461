import type { Instant } from './instant.ts'

/** What is told of a session may be believed for this long after it was read, each thing by itself. */
export const sessionMaxAgeMs = 15_000
/** A connection seldom moves, and whatever may move it makes `cons` due: read every minute, believed a little longer. */
export const connectionMaxAgeMs = 75_000

/**
 * ZooKeeper's sessions as its servers list them. Session ids are written as ZooKeeper's tools do: `0x100001905f70000`.
 * Not every look reads everything again, so that each part says when it was read.
 */
export interface Sessions {
  /** From the leader's `dump`; undefined where no server that says it leads could be asked. */
  readonly dump: SessionDump | undefined
  /** `host:port` -> the sessions connected to it, from `cons`; only servers that told. */
  readonly servers: ReadonlyMap<string, ConnectedSessions>
}

export interface SessionDump {
  /** When it was asked for. */
  readonly at: Instant
  /** Who printed it, `host:port`. */
  readonly server: string
  /** Epoch of its zxid; undefined where it was not told. */
  readonly epoch: number | undefined
  readonly sessions: ReadonlyMap<string, ListedSession>
  /** How far `expiresAt` may be off, ms: the leader prints whole seconds, and the clocks' doubt. */
  readonly errorMs: number
}

export interface ListedSession {
  /** When the ensemble ends it, wall ms on this exporter's clock. */
  readonly expiresAt: number
  /** Broker whose registration it holds. */
  readonly broker: number | undefined
  readonly ephemerals: number
}

export interface ConnectedSessions {
  readonly at: Instant
  /** Session -> its negotiated timeout, ms; undefined where the server did not say. */
  readonly timeouts: ReadonlyMap<string, number | undefined>
}

/** The server that holds the session's connection, by the newest list that names it. */
export function connectionOf(
  session: string,
  { servers }: Sessions,
): { readonly server: string; readonly at: Instant; readonly timeoutMs: number | undefined } | undefined {
  let found: ReturnType<typeof connectionOf>
  for (const [server, { at, timeouts }] of servers) {
    if (timeouts.has(session) && (found === undefined || at.mono > found.at.mono)) {
      found = { server, at, timeoutMs: timeouts.get(session) }
    }
  }
  return found
}

/** As ZooKeeper's tools write it: of a signed 64-bit number, in unsigned hexadecimal. */
export function sessionText(id: bigint): string {
  return `0x${BigInt.asUintN(64, id).toString(16)}`
}
