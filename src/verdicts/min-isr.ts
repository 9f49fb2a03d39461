import type { Configs } from '../model/configs.ts'
import type { Layout } from '../model/topology.ts'

/** In place of a value: not readable; and not read yet, of a topic that has only just been seen. */
export const minIsrUnknown = 0
export const minIsrPending = -1

/** min.insync.replicas by index into the layout's topics. */
export interface MinIsr {
  readonly byTopic: Int32Array
  /** No topic is unknown: counts over all partitions can be given. Pending ones are left out of them for a moment. */
  readonly complete: boolean
}

/** `settling`: the layout is so new that the settings of its newest topics cannot have been read yet. */
export function minIsrOf(layout: Layout, configs: Configs | undefined, settling: boolean): MinIsr {
  const byTopic = new Int32Array(layout.topics.length)
  let complete = true
  layout.topics.forEach(({ name }, t) => {
    const known = configs?.topics.get(name)
    const value = known?.minInsyncReplicas ?? minIsrUnknown
    const pending = value === minIsrUnknown && known === undefined && configs !== undefined && settling
    byTopic[t] = pending ? minIsrPending : value
    if (value === minIsrUnknown && !pending) complete = false
  })
  return { byTopic, complete }
}
