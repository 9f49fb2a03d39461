import type { Configs } from '../model/configs.ts'
import type { Layout } from '../model/topology.ts'

/** In place of a value: not readable; and not read yet, of a topic that has only just appeared. */
export const minIsrUnknown = 0
export const minIsrPending = -1

/** min.insync.replicas by index into the layout's topics. */
export interface MinIsr {
  readonly layout: Layout
  readonly configs: Configs | undefined
  readonly byTopic: Int32Array
  /** No topic is unknown: counts over all partitions can be given. Pending ones are left out of them for a moment. */
  readonly complete: boolean
  /** Topics that appeared while others were known and have not been read since: name -> `mono` ms of their first look. */
  readonly young: ReadonlyMap<string, number>
  /** `mono` ms at which one of those stops being pending. */
  readonly settlesAt: number
}

/** For this long the settings of a new topic may be on their way: a look at them, and one more if that came too early. */
const settlingMs = 20_000

/** The same object while neither topics nor settings are others and nothing has waited too long. */
export function nextMinIsr(
  before: MinIsr | undefined,
  layout: Layout,
  configs: Configs | undefined,
  now: number,
): MinIsr {
  if (before?.layout === layout && before.configs === configs && now < before.settlesAt) return before
  const byTopic = new Int32Array(layout.topics.length)
  const young = new Map<string, number>()
  const old = before === undefined || before.layout === layout ? undefined : namesOf(before.layout)
  let complete = true
  let settlesAt = Infinity
  layout.topics.forEach(({ name }, t) => {
    const config = configs?.topics.get(name)
    const value = config?.minInsyncReplicas ?? minIsrUnknown
    byTopic[t] = value
    if (value !== minIsrUnknown) return
    const since = before?.young.get(name) ?? (old?.has(name) === false ? now : undefined)
    // One that was read in vain, or refused, is not on its way.
    const isPending = config === undefined && since !== undefined && now < since + settlingMs
    if (!isPending) {
      complete = false
      return
    }
    byTopic[t] = minIsrPending
    young.set(name, since)
    settlesAt = Math.min(settlesAt, since + settlingMs)
  })
  return { layout, configs, byTopic, complete, young, settlesAt }
}

function namesOf({ topics }: Layout): ReadonlySet<string> {
  return new Set(topics.map(({ name }) => name))
}
