import { seriesKey } from './exposition.ts'
import type { Check, Moment } from './moment.ts'
import { believed, isDead, isNewer, type Truth } from './truth.ts'

/** The exporter may be ahead of the drill's own samplers by one of their rounds, which a machine that starts brokers stretches. */
const CONFIRM_MS = 1500
/** For so long brokers that start may leave the samplers without an answer. */
const SILENCE_MS = 5000

interface Suspect {
  readonly key: string
  readonly at: number
  readonly shown: number
  readonly named: number
}

interface Pending {
  readonly leader: number
  readonly since: number
}

function leaderKey(partition: string): string {
  const slash = partition.lastIndexOf('/')
  const labels = { topic: partition.slice(0, slash), partition: partition.slice(slash + 1) }
  return seriesKey('kafka_topic_partition_leader', labels)
}

/** By a broker that answers; where nobody is left, by the last one that did. */
function isStillSaid(truth: Truth, key: string, leader: number): boolean {
  if (believed(truth).some(({ partitions }) => partitions.get(key)?.leader === leader)) return true
  return [...truth.addresses.keys()].every((id) => isDead(truth, id) || truth.zombies.has(id))
}

/**
 * Kafka names a leader -> /metrics shows it, for every partition and every change of a drill; and once shown, /metrics
 * shows nothing else while Kafka names it, whatever a zombie may claim, or a broker just back whose word is not newer.
 */
export class LeaderWatch {
  readonly #withinS: number
  #heard: Moment['truth']['named'] | undefined
  readonly #pending = new Map<string, Pending>()
  readonly #seconds: number[] = []
  #suspects: Suspect[] = []
  readonly #lies: string[] = []
  #worst: { readonly text: string; readonly seconds: number } | undefined

  constructor(withinS: number) {
    this.#withinS = withinS
  }

  step(moment: Moment): void {
    this.#hear(moment)
    if (moment.cause !== 'scrape' || moment.metrics === undefined) return
    const { series } = moment.metrics.exposition
    this.#judge(moment)
    for (const [key, pending] of this.#pending) {
      if (moment.at < pending.since) continue
      if (series.get(leaderKey(key))?.value !== pending.leader) continue
      this.#pending.delete(key)
      this.#done(key, pending, moment.at)
    }
  }

  #judge({ at, truth, metrics }: Moment): void {
    this.#suspects = this.#suspects.filter((suspect) => {
      const { key, shown, named } = suspect
      if (truth.named.get(key)?.leader !== named || isNewer(truth, key, shown)) return false
      const age = at - suspect.at
      if (age < CONFIRM_MS || (age < SILENCE_MS && !isStillSaid(truth, key, named))) return true
      this.#lies.push(`at +${(suspect.at / 1000).toFixed(1)} s ${key} showed leader ${shown}, Kafka names ${named}`)
      return false
    })
    for (const [key, { leader: named, since }] of truth.named) {
      if (this.#pending.has(key) || at < since) continue
      const shown = metrics?.exposition.series.get(leaderKey(key))?.value
      if (shown === undefined || shown === named || isNewer(truth, key, shown)) continue
      this.#suspects.push({ key, at, shown, named })
    }
  }

  #hear({ truth, metrics }: Moment): void {
    const before = this.#heard
    this.#heard = truth.named
    // The first answer of all is not a change, and before the exporter runs nothing can be shown.
    if (before === undefined || before === truth.named || metrics === undefined) return
    for (const [key, { leader, since }] of truth.named) {
      if (before.get(key)?.leader !== leader) this.#pending.set(key, { leader, since })
    }
    for (const key of this.#pending.keys()) if (!truth.named.has(key)) this.#pending.delete(key)
  }

  #done(key: string, { leader, since }: Pending, at: number): void {
    const seconds = (at - since) / 1000
    this.#seconds.push(seconds)
    if (seconds > (this.#worst?.seconds ?? -1)) this.#worst = { text: `${key} leader ${leader}`, seconds }
  }

  checks(): Check[] {
    return [this.#shown(), this.#steady()]
  }

  #steady(): Check {
    const name = 'no other leader is shown than the one Kafka names'
    const [first] = this.#lies
    const detail = first === undefined ? {} : { detail: `${this.#lies.length} times, first ${first}` }
    return { kind: 'rule', name, ok: first === undefined, ...detail }
  }

  #shown(): Check {
    const name = 'Kafka names a new leader -> kafka_topic_partition_leader'
    const base = { kind: 'rule', name, withinS: this.#withinS } as const
    const stuck = [...this.#pending].map(([key, { leader }]) => `${key} leader ${leader}`)
    if (stuck.length > 0) return { ...base, ok: false, detail: `never shown: ${stuck.join(', ')}` }
    if (this.#worst === undefined) return { ...base, ok: true, detail: 'no change' }
    const { seconds, text } = this.#worst
    return { ...base, ok: seconds <= this.#withinS, seconds, detail: `worst of ${this.#seconds.length}: ${text}` }
  }
}
