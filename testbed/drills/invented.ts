/** Nothing is called leaderless that no broker has called so. */
import type { Check, Moment } from './moment.ts'
import { believed } from './truth.ts'

/** An exporter at calm pace shows for that long what has been told; and it may hear a broker before the samplers do. */
const BEFORE_MS = 6000
const AFTER_MS = 500

interface Told {
  readonly at: number
  readonly leaderless: number
}

export class InventedWatch {
  #told: Told[] = []
  #shown: Told[] = []
  #asked = 0
  #first: string | undefined

  step({ at, cause, truth, metrics }: Moment): void {
    const counts = believed(truth).map((view) => [...view.partitions.values()].filter((p) => p.leader === -1).length)
    const known = [...truth.named.values()].filter(({ leader }) => leader === -1).length
    this.#told.push({ at, leaderless: Math.max(known, ...counts) })
    this.#told = this.#told.filter((one) => one.at >= at - BEFORE_MS - 2 * AFTER_MS)
    const shown = cause === 'scrape' ? metrics?.value('kafka_ha_leaderless_partitions') : undefined
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
      if (leaderless > most) this.#first ??= `at +${(at / 1000).toFixed(1)} s ${leaderless} shown, Kafka told ${most}`
    }
  }

  check(): Check {
    const name = 'no partition is called leaderless that no broker has called so'
    return { kind: 'rule', name, ok: this.#first === undefined, detail: this.#first ?? `${this.#asked} scrapes` }
  }
}
