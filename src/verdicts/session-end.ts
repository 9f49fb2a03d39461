/** How a session ended: by its client's own word, or because its time ran out. */
export type EndKind = 'closed' | 'expired'

export interface EndQuestion {
  /** Its registration was taken from it and given to the client's next session, and it lives on without a client. */
  readonly isGivenUp?: boolean
  /** Wall ms of the first look that did not find it. */
  readonly endedAt: number
  /** What the leader announced last, and when it was asked for that; wall ms. */
  readonly announced: { readonly expiresAt: number; readonly errorMs: number; readonly askedAt: number } | undefined
  /** Negotiated, or else configured, ms. */
  readonly timeoutMs: number | undefined
  /** For how long, until just before, no server had led, ms. */
  readonly unledMs: number
  /** For how long the broker had not answered this exporter, ms. */
  readonly silentMs: number
}

/** Kafka's own default. */
const usualTimeoutMs = 18_000

/**
 * Worst evidence last. What its client has given up runs out; who closes a session loses the registration in the same moment.
 * An announced expiry time only ever moves forward, so what ends well before it was closed, however old
 * the announcement is. What ends at or after it expired, if the announcement was of a session that nobody kept alive any
 * more: a client that lives always has two thirds of its timeout left. Otherwise the session may have moved on since. Whom nobody
 * led for a whole timeout, no client could close a session with: who then leads finds all of them over. Else the
 * broker's own silence tells: a session outlives its client's last sign by its whole timeout.
 */
export function endKind(question: EndQuestion): EndKind {
  const { isGivenUp = false, endedAt, announced, timeoutMs = usualTimeoutMs, unledMs, silentMs } = question
  if (isGivenUp) return 'expired'
  if (announced !== undefined) {
    const marginMs = Math.max(announced.errorMs, timeoutMs / 4)
    if (endedAt < announced.expiresAt - marginMs) return 'closed'
    // Clocks that differ by a little go unnoticed: less than half is proof. Once a second is looked at what runs out.
    if (announced.expiresAt + announced.errorMs - announced.askedAt < timeoutMs / 2) return 'expired'
  }
  if (unledMs >= timeoutMs) return 'expired'
  return silentMs >= timeoutMs / 2 ? 'expired' : 'closed'
}
