/** This many brokers may owe an answer; then nobody is asked until one of them has answered or has been started again. */
const mostBrokers = 2
/** A broker that owes an answer and closed the connection meanwhile is asked again after this long, then after twice as long. */
const firstPatienceMs = 10 * 60_000

interface Debt {
  readonly since: number
  readonly patienceMs: number
  /** The broker's newest return when it was asked: a process that was started since owes nothing. */
  readonly returnedAt: number | undefined
}

/**
 * Requests that a broker took and has not answered. In ZooKeeper mode a broker reads topic settings from ZooKeeper, and without
 * a quorum the request keeps one of its handler threads (num.io.threads, 8) until the quorum is back; whoever asked every 15 s
 * would stop the broker. So nobody who owes an answer is asked again.
 */
export class Unanswered {
  readonly #debts = new Map<string, Debt>()

  /** Whether this address may be asked. `returnedAt`: `mono` ms of the broker's newest return, as liveness has it. */
  mayAsk(address: string, returnedAt: number | undefined, now: number): boolean {
    const debt = this.#debts.get(address)
    if (debt === undefined) return this.#debts.size < mostBrokers
    return debt.returnedAt !== returnedAt || now - debt.since >= debt.patienceMs
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
