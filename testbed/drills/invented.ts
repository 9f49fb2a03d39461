/** Nothing is called leaderless that no broker has called so. */
import type { Check, Moment } from './moment.ts'
import { believed } from './truth.ts'

/** An exporter at calm pace shows for that long what has been told; and it may hear a broker before the samplers do. */
const BEFORE_MS = 6000
const AFTER_MS = 500
/**
 * The samplers ask each broker every 200 ms, or less often on a busy machine, and a failover may be told leaderless for
 * hardly longer: what the exporter has seen and they have not it shows until its next look at alert pace.
 */
const UNSEEN_MS = 1500
/** A wrong count that comes and goes must not pass because no single stretch of it is long. */
const UNSEEN_SUM_MS = 4000

interface Told {
  readonly at: number
  readonly leaderless: number
}

export class InventedWatch {
  #told: Told[] = []
  #shown: Told[] = []
  #asked = 0
  /** Since when more are shown than were told. */
  #excessSince: number | undefined
  #lastAt: number | undefined
  #excessMs = 0
  #first: string | undefined

  step({ at, cause, truth, metrics }: Moment): void {
    const counts = believed(truth).map((view) => [...view.partitions.values()].filter((p) => p.leader === -1).length)
    const known = [...truth.named.values()].filter(({ leader }) => leader === -1).length
    this.#told.push({ at, leaderless: Math.max(known, ...counts) })
    this.#told = this.#told.filter((one) => one.at >= at - BEFORE_MS - 2 * AFTER_MS)
    // The samplers ask a broker once it is up; the exporter hears it as soon as it speaks.
    const isStarting = [...truth.states.values()].includes('starting')
    if (isStarting) this.#excessSince = undefined
    const shown = cause === 'scrape' && !isStarting ? metrics?.value('kafka_ha_leaderless_partitions') : undefined
    if (shown !== undefined) this.#shown.push({ at, leaderless: shown })
    this.#judge(at)
  }

  #judge(now: number): void {
    const due = this.#shown.filter(({ at }) => now - at >= AFTER_MS)
    this.#shown = this.#shown.slice(due.length)
    for (const { at, leaderless } of due) {
      this.#asked++
      const told = this.#told.filter((one) => one.at >= at - BEFORE_MS && one.at <= at + AFTER_MS)
      const most = Math.max(0, ...told.map((one) => one.leaderless))
      if (this.#excessSince !== undefined && leaderless > most) this.#excessMs += at - (this.#lastAt ?? at)
      this.#excessSince = leaderless > most ? (this.#excessSince ?? at) : undefined
      this.#lastAt = at
      if (this.#excessSince === undefined) continue
      if (at - this.#excessSince < UNSEEN_MS && this.#excessMs < UNSEEN_SUM_MS) continue
      const lasted = `${at - this.#excessSince} ms, ${this.#excessMs} ms in all`
      this.#first ??= `at +${(at / 1000).toFixed(1)} s ${leaderless} shown for ${lasted}, Kafka told ${most}`
    }
  }

  check(): Check {
    const name = 'no partition is called leaderless that no broker has called so'
    return {
      kind: 'rule',
      name,
      ok: this.#first === undefined && this.#asked > 0,
      detail: this.#first ?? `${this.#asked} scrapes`,
    }
  }
}
