/** What Kafka's words say has changed: the truth that the exporter's counters are compared with. */
import { sameSet } from './view.ts'

export type Reason = 'failover' | 'preferred' | 'unclean' | 'other'

/** One partition as it was told at one time. */
export interface PartitionState {
  readonly leader: number
  readonly isr: readonly number[]
  readonly replicas: readonly number[]
  /** Who may lead it without loss though not in sync, while nobody leads it. */
  readonly eligible?: readonly number[]
  /** Brokers that were dead, or not registered, when it was told. */
  readonly gone: readonly number[]
}

export interface LeaderChange {
  readonly from: number
  readonly to: number
  /** Under which of these it may be counted. */
  readonly reasons: readonly Reason[]
}

/** The same words, whatever else was going on. */
export function sameState(a: PartitionState | undefined, b: PartitionState | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.leader === b.leader && sameSet(a.isr, b.isr) && a.replicas.join() === b.replicas.join()
}

function reasonsOf(from: number, to: number, lastIsr: readonly number[], now: PartitionState): readonly Reason[] {
  const gone = now.gone.includes(from)
  const isFirst = now.replicas[0] === to
  // Moved away by a reassignment, which may be quicker than a look: then nothing of the old ISR need be left.
  if (!gone && !now.replicas.includes(from)) return isFirst ? ['other', 'preferred'] : ['other']
  // It is counted as unclean only when the look before was a second ago at most.
  if (!now.isr.some((id) => lastIsr.includes(id))) return ['unclean', 'failover', 'other']
  if (gone || !now.isr.includes(from)) return ['failover']
  return isFirst ? ['preferred'] : ['other']
}

/** From one broker to another, with none in between or not. A topic that goes and comes again is another topic. */
export function leaderChanges(states: readonly (PartitionState | undefined)[]): readonly LeaderChange[] {
  const changes: LeaderChange[] = []
  let from: number | undefined
  let lastIsr: readonly number[] = []
  for (const state of states) {
    if (state === undefined) from = undefined
    else {
      const { leader, isr } = state
      if (leader !== -1 && from !== undefined && from !== leader) {
        changes.push({ from, to: leader, reasons: reasonsOf(from, leader, lastIsr, state) })
      }
      if (leader !== -1) from = leader
      const clean = [...isr, ...(state.eligible ?? [])]
      if (clean.length > 0) lastIsr = clean
    }
    if (state === undefined) lastIsr = []
  }
  return changes
}

export interface IsrChanges {
  readonly shrinks: number
  readonly expands: number
  /** Members that went, and came, one by one: in as many steps it may have been seen by somebody who looked in between. */
  readonly lost: number
  readonly gained: number
}

export function isrChanges(partitions: readonly (readonly (PartitionState | undefined)[])[]): IsrChanges {
  const counts = { shrinks: 0, expands: 0, lost: 0, gained: 0 }
  for (const states of partitions) {
    states.forEach((state, index) => {
      const before = states[index - 1]
      if (state === undefined || before === undefined) return
      const lost = before.isr.filter((id) => !state.isr.includes(id)).length
      const gained = state.isr.filter((id) => !before.isr.includes(id)).length
      counts.lost += lost
      counts.gained += gained
      // Members replaced in one step: both, or either.
      if (lost > 0 && gained === 0) counts.shrinks++
      if (gained > 0 && lost === 0) counts.expands++
    })
  }
  return counts
}

/** From one controller to another; -1 in between does not count. */
export function controllerChanges(controllers: readonly number[]): number {
  const named = controllers.filter((id) => id !== -1)
  return named.filter((id, index) => index > 0 && id !== named[index - 1]).length
}
