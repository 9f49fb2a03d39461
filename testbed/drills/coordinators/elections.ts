/** The exporter's count of elections against the epochs that the members themselves told. */
import type { Check, Moment } from '../moment.ts'
import { quorumsOf, type QuorumKind } from './quorums.ts'

/** A leader of less than a calm look may have been missed, and one of less than a look of the samplers is. */
const LOOK_MS = 6000

interface Reign {
  readonly epoch: number
  readonly from: number
  until: number
}

export class ElectionWatch {
  readonly #reigns = new Map<QuorumKind, Reign[]>()
  #newest: Moment['metrics']
  /** Whether somebody led when the counter began: who is then found is or is not an election. */
  readonly #begun = new Map<QuorumKind, boolean>()

  step(moment: Moment): void {
    const { metrics, cause, truth, at } = moment
    if (cause === 'scrape' && metrics !== undefined) this.#newest = metrics
    if (this.#newest === undefined) return
    for (const { kind, epoch } of quorumsOf(truth)) {
      if (!this.#begun.has(kind)) this.#begun.set(kind, epoch !== undefined)
      const reigns = this.#reigns.get(kind) ?? []
      this.#reigns.set(kind, reigns)
      const last = reigns.at(-1)
      if (epoch === undefined) continue
      if (last?.epoch === epoch) last.until = at
      else reigns.push({ epoch, from: at, until: at })
    }
  }

  checks(): readonly Check[] {
    return [...this.#reigns].map(([kind, reigns]) => this.#check(kind, reigns))
  }

  #check(kind: QuorumKind, reigns: readonly Reign[]): Check {
    const name = `elections of ${kind} are counted as its members told them`
    const [first, ...later] = reigns
    const sure = later.filter(({ from, until }) => until - from >= LOOK_MS).length
    // Epochs in which nobody came to lead may have been seen, or not.
    const epochs = (reigns.at(-1)?.epoch ?? 0) - (first?.epoch ?? 0)
    const most = Math.max(epochs, later.length) + (this.#begun.get(kind) === true ? 0 : 1)
    const told = this.#newest?.value('kafka_ha_quorum_elections_total', { kind })
    const detail = `${told ?? 'absent'}, its members told ${sure === most ? most : `${sure} to ${most}`}`
    return { kind: 'rule', name, ok: told !== undefined && told >= sure && told <= most, detail }
  }
}
