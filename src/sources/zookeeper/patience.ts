/** How long one server is waited for. All in milliseconds. */
export interface Patience {
  /** How long a look waits for a server. Two looks in a row without an answer make it `hung`, or unreachable. */
  readonly lookMs: number
  /** A connection that is not accepted is given up after this. */
  readonly connectMs: number
  /** A word that was sent is waited for so long: a hung server accepts only 51 connections. */
  readonly hungMs: number
  /** Membership, `ruok` and what else does not decide anything. */
  readonly rareMs: number
}

export const usualPatience: Patience = { lookMs: 1_000, connectMs: 2_500, hungMs: 10_000, rareMs: 300_000 }
