import { setTimeout as sleep } from 'node:timers/promises'
import { parseExposition } from '../../testbed/drills/exposition.ts'

/** What one scrape shows of sessions; wall ms. */
export interface Shown {
  readonly at: number
  /** Broker -> its live session. */
  readonly sessions: ReadonlyMap<string, string>
  /** Broker -> when it is to expire. */
  readonly expiry: ReadonlyMap<string, number>
  /** `expired 1`, `closed 1` -> count. */
  readonly ended: ReadonlyMap<string, number>
}

const everyMs = 100

/** Scrapes ten times a second and keeps all it saw, so that nothing between two questions is lost. */
export class SessionWatch {
  readonly shown: Shown[] = []
  readonly #scrape: () => Promise<string>
  #isOver = false

  constructor(scrape: () => Promise<string>) {
    this.#scrape = scrape
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      const at = Date.now()
      this.shown.push(read(await this.#scrape(), at))
      await sleep(Math.max(0, at + everyMs - Date.now()))
    }
  }

  end(): void {
    this.#isOver = true
  }

  get last(): Shown | undefined {
    return this.shown.at(-1)
  }

  since(at: number): readonly Shown[] {
    return this.shown.filter((each) => each.at >= at)
  }

  async until(what: string, holds: (shown: Shown) => boolean, deadlineMs: number): Promise<Shown> {
    const end = Date.now() + deadlineMs
    for (;;) {
      if (this.last !== undefined && holds(this.last)) return this.last
      if (Date.now() > end) throw new Error(`${what}: not within ${deadlineMs / 1_000} s`)
      await sleep(everyMs / 2)
    }
  }
}

function read(text: string, at: number): Shown {
  const sessions = new Map<string, string>()
  const expiry = new Map<string, number>()
  const ended = new Map<string, number>()
  for (const { name, labels, value } of parseExposition(text).series.values()) {
    const { broker = '', session = '', basis = '' } = labels
    if (name === 'kafka_ha_broker_session') sessions.set(broker, session)
    if (name.endsWith('_session_expiry_timestamp_seconds') && basis === 'dump') expiry.set(broker, value * 1_000)
    const kind = /^kafka_ha_broker_session_(closed|expired)_total$/.exec(name)?.[1]
    if (kind !== undefined) ended.set(`${kind} ${broker}`, value)
  }
  return { at, sessions, expiry, ended }
}
