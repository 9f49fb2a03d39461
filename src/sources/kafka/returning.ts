import { mapRows, sameLayout, type Layout } from '../../model/topology.ts'

/**
 * Whether an answer lacks partitions that an earlier one had. A broker that has just started knows of no topic until the
 * controller has told it, and is told in parts; and the controller itself may have just started.
 */
export function lacksPartitions(now: Layout, before: Layout): boolean {
  return !sameLayout(before, now) && mapRows(now, before).includes(-1)
}
