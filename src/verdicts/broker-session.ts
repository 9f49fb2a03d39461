import type { Instant } from '../model/instant.ts'
import type { ListedSession, SessionDump } from '../model/sessions.ts'
import type { Registration, Znodes } from '../model/znodes.ts'

/** What a look found of a broker's session. */
export interface Sighting {
  readonly session: string
  readonly at: Instant
  readonly by: 'dump' | 'znodes'
  /** By znodes: of the registration. */
  readonly czxid?: bigint
  /** By znodes: the exporter's own session, within which nothing that was seen can be unseen. */
  readonly through?: string
  readonly connection?: number | undefined
  readonly announced?: Announced
}

export interface Announced {
  readonly expiresAt: number
  readonly errorMs: number
  /** When the dump was asked for. */
  readonly at: Instant
  readonly epoch: number | undefined
}

/** The newest known session of a broker. */
export interface BrokerSession {
  readonly session: string
  readonly seenAt: Instant
  readonly czxid: bigint | undefined
  readonly through: string | undefined
  /** On which of the exporter's connections its registration was read last. */
  readonly connection: number | undefined
  readonly announced: Announced | undefined
  /** As negotiated; a session keeps it for life. */
  readonly timeoutMs: number | undefined
  /** From the first look that did not find it, until it is found again or its end is counted. */
  readonly missing: Missing | undefined
}

export interface Missing {
  readonly since: Instant
  readonly by: 'dump' | 'znodes'
  /** Of the dumps that lack it, and `mono` ms from which on they are of this epoch. */
  readonly epoch: number | undefined
  readonly from: number
}

export function sightingInDump(session: string, { expiresAt }: ListedSession, dump: SessionDump): Sighting {
  const { at, errorMs, epoch } = dump
  return { session, at, by: 'dump', announced: { expiresAt, errorMs, at, epoch } }
}

export function sightingOf(
  { session, czxid }: Registration,
  { session: own, connection }: Znodes,
  at: Instant,
): Sighting {
  return { session, at, by: 'znodes', czxid, through: own.id, connection }
}

/** Whether a sighting of another session than the known one is of the past: a server that lags, a look that began earlier. */
export function isOutdated({ czxid, at }: Sighting, known: BrokerSession): boolean {
  if (czxid !== undefined && known.czxid !== undefined) return czxid < known.czxid
  return at.mono < known.seenAt.mono
}

export function sighted(known: BrokerSession | undefined, sighting: Sighting): BrokerSession {
  const same = known?.session === sighting.session ? known : undefined
  // A look that began before the one that missed it proves nothing.
  const missing = same?.missing !== undefined && sighting.at.mono <= same.missing.since.mono ? same.missing : undefined
  return {
    session: sighting.session,
    seenAt: same !== undefined && same.seenAt.mono > sighting.at.mono ? same.seenAt : sighting.at,
    czxid: sighting.czxid ?? same?.czxid,
    through: sighting.through ?? same?.through,
    connection: sighting.connection ?? same?.connection,
    announced: sighting.announced ?? same?.announced,
    timeoutMs: same?.timeoutMs,
    missing,
  }
}
