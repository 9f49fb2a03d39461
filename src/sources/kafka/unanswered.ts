/** While one broker owes an answer a second one is asked only after this long: perhaps the first is cut off by itself. */
const secondAfterMs = 5 * 60_000
/** A broker that owes an answer may have closed the connection: it is asked again after this long, then after twice as long. */
const firstPatienceMs = 10 * 60_000
const mostBrokers = 2

interface Debt {
  readonly since: number
  readonly patienceMs: number
  /** The broker's newest return when it was asked: a process that was started since owes nothing. */
  readonly returnedAt: number | undefined
}

/**
 * Requests that a broker took and has not answered. In ZooKeeper mode a broker reads topic settings from ZooKeeper, and without
 * a quorum the request keeps one of its handler threads (num.io.threads, 8) until the quorum is back; whoever asked every 15 s
 * would stop the broker. So whoever owes an answer is not asked again, nor is anybody else in its place for a while.
 */
export class Unanswered {
  readonly #debts = new Map<string, Debt>()

  /** Whether this address may be asked. `returnedAt`: `mono` ms of the broker's newest return, as liveness has it. */
  mayAsk(address: string, returnedAt: number | undefined, now: number): boolean {
    const debt = this.#debts.get(address)
    if (debt !== undefined) return debt.returnedAt !== returnedAt || now - debt.since >= debt.patienceMs
    const newest = Math.max(-Infinity, ...[...this.#debts.values()].map(({ since }) => since))
    return this.#debts.size < mostBrokers && now - newest >= secondAfterMs
  }

  owes(address: string, returnedAt: number | undefined, now: number): void {
    const before = this.#debts.get(address)
    const patienceMs =
      before?.returnedAt === returnedAt && before !== undefined ? before.patienceMs * 2 : firstPatienceMs
    this.#debts.set(address, { since: now, patienceMs, returnedAt })
  }

  answered(address: string): void {
    this.#debts.delete(address)
  }

  /** Brokers that are gone owe nothing. */
  keep(addresses: ReadonlySet<string>): void {
    for (const address of this.#debts.keys()) if (!addresses.has(address)) this.#debts.delete(address)
  }
}
