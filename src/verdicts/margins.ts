import { listHas, listLength } from '../model/int-lists.ts'
import type { Partitions } from '../model/topology.ts'
import { minIsrPending, minIsrUnknown, type MinIsr } from './min-isr.ts'
import { reach, type ReachOf } from './reach.ts'
import { countedReplicas, type Adding } from './reassigning.ts'

/** Failures that are tolerated now, in the worst case; negative: lost already. undefined: unknown, or nothing to judge. */
export interface Margin {
  readonly all: number | undefined
  /** Without partitions that tolerate no loss even with a full ISR. */
  readonly redundant: number | undefined
}

/** What losing a broker now would cost in addition to what is lost already, in partitions. */
export interface Loss {
  readonly leaderless: number
  /** undefined: min.insync.replicas is not known everywhere. */
  readonly unwritable: number | undefined
}

export interface Margins {
  /** Every partition keeps a leader. */
  readonly leader: Margin
  /** Every partition takes writes with acks=all. */
  readonly acksAll: Margin
  /** By broker; brokers whose loss costs nothing are not listed. */
  readonly losses: ReadonlyMap<number, Loss>
  /** min.insync.replicas is known everywhere. */
  readonly complete: boolean
}

/** The smallest of the margins seen. */
class Least {
  #least: number | undefined
  take(margin: number): void {
    if (this.#least === undefined || margin < this.#least) this.#least = margin
  }
  under(most: number): number | undefined {
    return this.#least === undefined ? undefined : Math.min(this.#least, most)
  }
}

class Tally {
  readonly counts = new Map<number, number>()
  add(id: number): void {
    this.counts.set(id, (this.counts.get(id) ?? 0) + 1)
  }
}

/**
 * A failure of one more broker leaves a partition what its ISR has besides. A replica counts as usable if the ISR names it, its
 * broker answers and its log directory is online. `failsOver` false: nobody can elect a leader or shrink an ISR, so no
 * failure is tolerated whatever the ISR says, and losing a broker costs everything that it leads.
 */
export function judgeMargins(
  partitions: Partitions,
  reachOf: ReachOf,
  { byTopic, complete }: MinIsr,
  failsOver: boolean,
  adding: Adding,
): Margins | undefined {
  const { leader, isr, replicas, layout } = partitions
  const least = {
    leaderAll: new Least(),
    leaderRedundant: new Least(),
    acksAll: new Least(),
    acksRedundant: new Least(),
  }
  const leaderless = new Tally()
  const unwritable = new Tally()
  for (let row = 0; row < leader.length; row++) {
    const usable = usableReplicas(partitions, row, reachOf)
    if (usable === undefined) return undefined
    const led = leader[row] ?? -1
    const worst = led < 0 ? -1 : Infinity
    const factor = adding.size === 0 ? listLength(replicas, row) : countedReplicas(partitions, row, adding)
    const toLead = Math.min(usable - 1, worst)
    least.leaderAll.take(toLead)
    if (factor > 1) least.leaderRedundant.take(toLead)
    const needed = byTopic[layout.topicOf[row] ?? 0] ?? minIsrUnknown
    const known = needed !== minIsrUnknown && needed !== minIsrPending
    if (known) {
      const toWrite = Math.min(usable - needed, worst)
      least.acksAll.take(toWrite)
      if (factor > needed) least.acksRedundant.take(toWrite)
    }
    if (led < 0) continue
    if (!failsOver) {
      const isLed = reachOf(led) === reach.up
      if (isLed) leaderless.add(led)
      if (!known || !isLed || usable < needed || usable < listLength(isr, row)) continue
      eachUsable(partitions, row, reachOf, (id) => unwritable.add(id))
      continue
    }
    if (usable === 1) eachUsable(partitions, row, reachOf, (id) => leaderless.add(id))
    if (known && usable === needed) eachUsable(partitions, row, reachOf, (id) => unwritable.add(id))
  }
  const most = failsOver ? Infinity : 0
  return {
    leader: { all: least.leaderAll.under(most), redundant: least.leaderRedundant.under(most) },
    acksAll: complete
      ? { all: least.acksAll.under(most), redundant: least.acksRedundant.under(most) }
      : { all: undefined, redundant: undefined },
    complete,
    losses: new Map(
      [...new Set([...leaderless.counts.keys(), ...unwritable.counts.keys()])].map((id) => [
        id,
        {
          leaderless: leaderless.counts.get(id) ?? 0,
          unwritable: complete ? (unwritable.counts.get(id) ?? 0) : undefined,
        },
      ]),
    ),
  }
}

/** undefined: the ISR names a broker that was not judged yet. */
function usableReplicas({ isr, offline }: Partitions, row: number, reachOf: ReachOf): number | undefined {
  const end = isr.starts[row + 1] ?? 0
  const someOffline = listLength(offline, row) > 0
  let usable = 0
  for (let i = isr.starts[row] ?? 0; i < end; i++) {
    const id = isr.values[i] ?? -1
    const reached = reachOf(id)
    if (reached === reach.unjudged) return undefined
    if (reached === reach.up && !(someOffline && listHas(offline, row, id))) usable++
  }
  return usable
}

function eachUsable({ isr, offline }: Partitions, row: number, reachOf: ReachOf, visit: (id: number) => void): void {
  const end = isr.starts[row + 1] ?? 0
  for (let i = isr.starts[row] ?? 0; i < end; i++) {
    const id = isr.values[i] ?? -1
    if (reachOf(id) === reach.up && !listHas(offline, row, id)) visit(id)
  }
}
