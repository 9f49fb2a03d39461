import type { Away } from './away.ts'

/** Absences that belong together. */
export interface Group {
  readonly aways: Away[]
  from: number
  until: number | undefined
}

const slotMs = 60_000
const slotOf = (at: number): number => Math.floor(at / slotMs)

/** Groups by the time of their beginning: a night may have thousands, and only those near by are asked. */
export class Nearby {
  /** In the order in which they were made. */
  readonly all: Group[] = []
  readonly #slots = new Map<number, Set<Group>>()
  readonly #order = new Map<Group, number>()

  push(group: Group): void {
    this.#order.set(group, this.all.length)
    this.all.push(group)
    this.#enter(group)
  }

  /** The group begins then, too. */
  moveTo(from: number, group: Group): void {
    this.#slots.get(slotOf(group.from))?.delete(group)
    group.from = from
    this.#enter(group)
  }

  /** Those that begin in that time or within a minute of it, in the order in which they were made. */
  near(from: number, until: number): Group[] {
    const first = slotOf(from)
    const last = slotOf(until)
    // A session's timeout is a client's own choice.
    if (last - first > this.#slots.size) return this.all.filter((group) => group.from >= from && group.from <= until)
    const found: Group[] = []
    for (let slot = first; slot <= last; slot++) found.push(...(this.#slots.get(slot) ?? []))
    return found.sort((a, b) => (this.#order.get(a) ?? 0) - (this.#order.get(b) ?? 0))
  }

  #enter(group: Group): void {
    const slot = slotOf(group.from)
    const there = this.#slots.get(slot)
    if (there === undefined) this.#slots.set(slot, new Set([group]))
    else there.add(group)
  }
}
