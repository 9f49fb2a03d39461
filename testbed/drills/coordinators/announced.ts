/** The announced end of a dead broker's session against its real end, as /metrics shows both. */
import type { Check, Moment } from '../moment.ts'

/** "After `kill node1` the expiry time of broker 1 stands still, and its registration goes within 2 s of it." */
export interface Announced {
  readonly broker: number
  readonly act: string
}

/** The last heartbeat reaches the leader with a follower's next ping, and the exporter with its next look. */
const STILL_AFTER_MS = 3500
const GONE_WITHIN_S = 2
/** The leader rounds up to it, and an estimate does not know how far. */
const TICK_S = 3
const FAMILY = 'kafka_ha_broker_session_expiry_timestamp_seconds'

export class AnnouncedWatch {
  readonly #announced: Announced
  #announcedAs: number | undefined
  #basis = ''
  #moved: string | undefined
  #goneAt: number | undefined

  constructor(announced: Announced) {
    this.#announced = announced
  }

  step({ at, unix, cause, acts, metrics }: Moment): void {
    const began = acts.get(this.#announced.act)?.startedAt
    if (began === undefined || cause !== 'scrape' || metrics === undefined || this.#goneAt !== undefined) return
    if (at - began < STILL_AFTER_MS) return
    const broker = String(this.#announced.broker)
    const [shown] = metrics.all(FAMILY, { broker })
    if (shown !== undefined) {
      if (this.#announcedAs !== undefined && Math.abs(shown.value - this.#announcedAs) > 0.5) {
        this.#moved ??= `from ${this.#announcedAs} to ${shown.value} at +${((at - began) / 1000).toFixed(1)} s`
      }
      this.#announcedAs ??= shown.value
      this.#basis = shown.labels['basis'] ?? ''
    }
    const registered = metrics.value('kafka_ha_broker_registered', { broker })
    if (registered === 0 && metrics.all('kafka_ha_broker_session', { broker }).length === 0) this.#goneAt = unix
  }

  checks(): readonly Check[] {
    const { broker, act } = this.#announced
    const still = {
      kind: 'rule',
      name: `${act}: the session of broker ${broker} has an expiry time, and it stands still`,
    } as const
    if (this.#announcedAs === undefined) return [{ ...still, ok: false, detail: 'none was shown' }]
    const moved = this.#moved === undefined ? { ok: true } : { ok: false, detail: this.#moved }
    const name = `${act}: the announced expiry -> broker ${broker} is registered no more`
    const withinS = GONE_WITHIN_S + (this.#basis === 'estimate' ? TICK_S : 0)
    const base = { kind: 'bound', name, withinS } as const
    if (this.#goneAt === undefined)
      return [
        { ...still, ...moved },
        { ...base, ok: false, detail: 'it never went' },
      ]
    const seconds = this.#goneAt - this.#announcedAs
    // An estimate is late by what the broker was silent already when it died, a third of its time-out at most.
    const early = this.#basis === 'dump' ? GONE_WITHIN_S : Infinity
    return [
      { ...still, ...moved },
      { ...base, ok: seconds <= withinS && seconds >= -early, seconds },
    ]
  }
}
