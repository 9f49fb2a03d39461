/** What can be said of the writes of a drill. */
import type { Condition, Moment } from './moment.ts'
import type { Write } from './writers.ts'

/** A healthy acks=all write takes some 10 ms here; a failover's retry is well below this too. */
const STALLED_MS = 1000

function lasted({ from, to }: Write, now: number): number {
  return (to ?? now) - from
}

/** Newest write to each partition that has been under way for longer than `ms`. */
export function stalledNow({ writes, at }: Moment, ms = STALLED_MS): readonly string[] {
  return [...writes]
    .filter(([, all]) => all.some((one) => one.to === undefined && lasted(one, at) > ms))
    .map(([key]) => key)
}

/** A write to each of these has been under way for more than a second. */
export function stalled(...partitions: readonly string[]): Condition {
  return {
    name: `acks=all writes to ${partitions.join(', ')} stall`,
    holds: (moment) => partitions.every((partition) => stalledNow(moment).includes(partition)),
  }
}

/** Each of these has had a write that took longer than a second, and it is done: the first write that completes. */
export function flowsAgain(...partitions: readonly string[]): Condition {
  return {
    name: `acks=all writes to ${partitions.join(', ')} flow again`,
    holds: ({ writes }) =>
      partitions.every((partition) => {
        const all = writes.get(partition) ?? []
        return all.some(({ from, to }) => to !== undefined && to - from > STALLED_MS)
      }),
  }
}

/** Every write since the act has taken less than a second and succeeded, and there were some to each partition. */
export function writesQuick(act: string, least = 10): Condition {
  return {
    name: `every acks=all write since ${act} succeeds within ${STALLED_MS / 1000} s`,
    holds: ({ writes, acts, at }) => {
      const since = acts.get(act)?.startedAt ?? Infinity
      return [...writes.values()].every((all) => {
        const later = all.filter(({ from }) => from >= since)
        const good = later.every((one) => one.error === undefined && lasted(one, at) < STALLED_MS)
        return later.length >= least && good
      })
    },
    detail: ({ writes, at }) => longest(writes, at),
  }
}

/** The longest write to each partition, for the report. */
export function longest(writes: Moment['writes'], now: number): string {
  const each = [...writes].map(([partition, all]) => {
    const worst = Math.max(0, ...all.map((one) => lasted(one, now)))
    const failed = all.filter(({ error }) => error !== undefined).length
    return `${partition} ${all.length} writes, longest ${(worst / 1000).toFixed(2)} s${failed === 0 ? '' : `, ${failed} failed`}`
  })
  return each.join('; ')
}
