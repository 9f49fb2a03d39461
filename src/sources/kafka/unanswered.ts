/** While one broker owes an answer a second one is asked only after this long: perhaps the first is cut off by itself. */
const secondAfterMs = 5 * 60_000
/** A broker that owes an answer may have closed the connection: it is asked again after this long, then after twice as long. */
const firstPatienceMs = 10 * 60_000
const longestPatienceMs = 20 * 60_000
const mostBrokers = 2

interface Debt {
  readonly since: number
  readonly patienceMs: number
  /** The broker's newest return when it was asked. */
  readonly returnedAt: number | undefined
  /** Its connection has gone since: nothing will be heard of it. */
  readonly isCut: boolean
}

export interface Debtor {
  readonly text: string
  /** `mono` ms of the broker's newest return, as liveness has it. */
  readonly returnedAt: number | undefined
}

/**
 * Requests that a broker took and has not answered. In ZooKeeper mode a broker reads topic settings from ZooKeeper, and without
 * a quorum the request keeps one of its handler threads (num.io.threads, 8) until the quorum is back; whoever asked every 15 s
 * would stop the broker. So whoever owes an answer is not asked again, nor is anybody else in its place for a while.
 */
export class Unanswered {
  readonly #debts = new Map<string, Debt>()

  /** Which of the brokers that answer may be asked. A broker that does not is busy with other things than our question. */
  askable<T extends Debtor>(brokers: readonly T[], now: number): readonly T[] {
    for (const { text, returnedAt } of brokers) {
      const debt = this.#debts.get(text)
      // A silence alone is no new process: the thread that waits is still waiting.
      if (debt?.isCut === true && debt.returnedAt !== returnedAt) this.#debts.delete(text)
    }
    const owing = brokers.flatMap(({ text }) => this.#debts.get(text) ?? [])
    const newest = Math.max(-Infinity, ...owing.map(({ since }) => since))
    const othersMay = owing.length < mostBrokers && now - newest >= secondAfterMs
    return brokers.filter(({ text }) => {
      const debt = this.#debts.get(text)
      return debt === undefined ? othersMay : now - debt.since >= debt.patienceMs
    })
  }

  owes({ text, returnedAt }: Debtor, now: number, isCut: boolean): void {
    const before = this.#debts.get(text)
    const patienceMs = before === undefined ? firstPatienceMs : Math.min(before.patienceMs * 2, longestPatienceMs)
    this.#debts.set(text, { since: now, patienceMs, returnedAt, isCut })
  }

  answered(text: string): void {
    this.#debts.delete(text)
  }

  cut(text: string): void {
    const debt = this.#debts.get(text)
    if (debt !== undefined) this.#debts.set(text, { ...debt, isCut: true })
  }

  /** Brokers that nobody expects any more owe nothing. */
  keep(expected: ReadonlySet<string>): void {
    for (const text of this.#debts.keys()) if (!expected.has(text)) this.#debts.delete(text)
  }
}
