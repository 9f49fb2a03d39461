import { listLength } from '../../model/int-lists.ts'
import type { Configs } from '../../model/configs.ts'
import type { Partitions } from '../../model/topology.ts'

/** Topics that are asked for in one look; leaderless ones come first. */
const mostTopics = 500

/**
 * Topic -> its partitions that may have eligible leader replicas: they are leaderless, or their ISR is smaller than
 * min.insync.replicas, as far as that is known.
 */
export function partitionsDue(
  { layout, leader, isr }: Partitions,
  configs: Configs | undefined,
): ReadonlyMap<string, ReadonlySet<number>> {
  const leaderless = new Map<string, Set<number>>()
  const others = new Map<string, Set<number>>()
  for (const { name, first, count } of layout.topics) {
    const minIsr = configs?.topics.get(name)?.minInsyncReplicas ?? 0
    const due = new Set<number>()
    let some = false
    for (let row = first; row < first + count; row++) {
      const led = (leader[row] ?? -1) >= 0
      if (led && listLength(isr, row) >= minIsr) continue
      due.add(layout.partition[row] ?? -1)
      some ||= !led
    }
    if (due.size > 0) (some ? leaderless : others).set(name, due)
  }
  return new Map([...leaderless, ...others].slice(0, mostTopics))
}
